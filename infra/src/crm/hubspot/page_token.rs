//! Page tokens: where a list of pages goes on. They outlive this process, and another release may read them.

use domain::progress::PageToken;
use serde::{Deserialize, Serialize};

use super::{super::client::paging::Served, shape::ObjectShape};

/// The content of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mark {
    /// The next page of a first reading.
    List {
        /// The id of the next record, at which the list goes on.
        after: u64,
        /// [`ObjectShape::fingerprint`].
        shape: u64,
        /// What the pages before it had.
        #[serde(default)]
        served: Served,
    },
    /// The next page of a search.
    Search {
        /// Everything before this time has been read, in milliseconds.
        from: i64,
        /// More records share this time than fit on a page. Those up to this id have been read.
        drained: Option<u64>,
        /// [`ObjectShape::fingerprint`].
        shape: u64,
    },
    /// The next page of all ids.
    Ids {
        /// The id of the next record.
        after: u64,
        /// What the pages before it had.
        #[serde(default)]
        served: Served,
    },
}

impl Mark {
    pub(super) fn token(&self) -> PageToken {
        // Numbers always serialize.
        PageToken(serde_json::to_string(self).unwrap_or_default())
    }

    /// Parses a token. `None` if it is not one of ours.
    pub(super) fn read(token: &PageToken) -> Option<Self> {
        serde_json::from_str(&token.0).ok()
    }

    /// Returns whether the pages have the properties of this shape. If the properties changed, the window is read again.
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
