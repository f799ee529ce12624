//! Page tokens: where a list of pages goes on. They outlive this process, and another release may read them.

use domain::progress::PageToken;
use serde::{Deserialize, Serialize};

use super::{super::client::paging::Served, link::is_link};

/// The content of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mark {
    /// The next page of tracked changes, or of the first reading of a tracked table.
    Tracked(Place),
    /// The next page of a window of time.
    Timed(Place),
    /// The end of the last window of tracked changes.
    Since(Place),
    /// The next page of all ids.
    Ids(Place),
}

/// Where pages go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Path and query of the next page, as Dataverse gave them. They must not be changed.
    pub(super) link: String,
    /// [`ObjectShape::fingerprint`](super::shape::ObjectShape::fingerprint).
    pub(super) shape: u64,
    /// Records on a page. All pages of a list have to be requested with the same number.
    pub(super) size: u32,
    /// What the pages before it had.
    #[serde(default)]
    pub(super) served: Served,
}

impl Mark {
    pub(super) fn token(&self) -> PageToken {
        // Texts and numbers always serialize.
        PageToken(serde_json::to_string(self).unwrap_or_default())
    }

    /// Parses a token. `None` if it is not one of ours, or would lead out of the API.
    pub(super) fn read(token: &PageToken) -> Option<Self> {
        let mark: Self = serde_json::from_str(&token.0).ok()?;
        let place = match &mark {
            Self::Tracked(place) | Self::Timed(place) | Self::Since(place) | Self::Ids(place) => {
                place
            }
        };
        (is_link(&place.link) && (1..=5_000).contains(&place.size)).then_some(mark)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn place(link: &str) -> Place {
        Place {
            link: link.to_owned(),
            shape: u64::MAX,
            size: 5_000,
            served: Served::default(),
        }
    }

    #[test]
    fn a_token_is_read_back_and_one_that_would_lead_elsewhere_is_none() {
        for link in [
            "/api/data/v9.2/accounts?$select=name&$skiptoken=%3Ccookie%20x=%221%22/%3E",
            "/api/data/v9.2/accounts?$select=name&$deltatoken=919042%2108%2f22%2f2017",
        ] {
            let mark = Mark::Since(place(link));
            assert_eq!(Mark::read(&mark.token()).unwrap(), mark);
        }
        for link in [
            "",
            "https://evil.example/api/data/v9.2/accounts",
            "//evil.example/api/data/",
            "/api/data/../../x",
            "/api/discovery/v2.0/Instances",
            "/api/data/v9.2/accounts?x\r\ny",
        ] {
            assert_eq!(Mark::read(&Mark::Ids(place(link)).token()), None, "{link}");
        }
        assert_eq!(Mark::read(&PageToken("rubbish".to_owned())), None);
    }
}
