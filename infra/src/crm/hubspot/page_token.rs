//! Page tokens: where a page set goes on. They outlive this process, and may come back to another release.

use domain::progress::PageToken;
use serde::{Deserialize, Serialize};

use super::{super::client::paging::Served, shape::ObjectShape};

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mark {
    /// The next page of a first reading.
    List {
        /// Where the list goes on: the id of the next record.
        after: u64,
        /// [`ObjectShape::fingerprint`].
        shape: u64,
        /// What the pages before it brought.
        #[serde(default)]
        served: Served,
    },
    /// The next page of a search.
    Search {
        /// Everything before this time has been read, in milliseconds.
        from: i64,
        /// More records have this very time than fit on a page: those up to this id have been read.
        drained: Option<u64>,
        /// [`ObjectShape::fingerprint`].
        shape: u64,
    },
    /// The next page of all ids.
    Ids {
        /// The id of the next record.
        after: u64,
        /// What the pages before it brought.
        #[serde(default)]
        served: Served,
    },
}

impl Mark {
    pub(super) fn token(&self) -> PageToken {
        // Numbers always have a JSON form.
        PageToken(serde_json::to_string(self).unwrap_or_default())
    }

    /// None, when the token is not of ours.
    pub(super) fn read(token: &PageToken) -> Option<Self> {
        serde_json::from_str(&token.0).ok()
    }

    /// Whether the pages were asked for with these properties; after a change the window is read anew.
    pub(super) fn is_of(&self, of: &ObjectShape) -> bool {
        match self {
            Self::List { shape, .. } | Self::Search { shape, .. } => *shape == of.fingerprint(),
            Self::Ids { .. } => false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_rubbish_is_none() {
        for mark in [
            Mark::List {
                after: 512,
                shape: u64::MAX,
                served: Served::default(),
            },
            Mark::Search {
                from: 1_790_000_000_123,
                drained: Some(7),
                shape: 0,
            },
            Mark::Ids {
                after: 1,
                served: Served::default(),
            },
        ] {
            assert_eq!(Mark::read(&mark.token()).unwrap(), mark);
        }
        for text in ["", "rubbish", r#"{"list":{"after":"../x","shape":0}}"#] {
            assert_eq!(Mark::read(&PageToken(text.to_owned())), None, "{text}");
        }
    }
}
