//! Page tokens: where a list of pages goes on. They outlive this process, and another release may read them.

use domain::progress::PageToken;
use serde::{Deserialize, Serialize};

use super::{super::client::paging::Served, shape::ObjectShape};

/// The content of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Mark {
    /// The next page of a query, and the fields of that query.
    #[serde(rename = "rest")]
    Rest {
        /// Path of the page.
        next: String,
        /// [`ObjectShape::fingerprint`].
        shape: u64,
        /// What the pages before it had.
        #[serde(default)]
        served: Served,
    },
    /// The next page of a bulk job's results.
    #[serde(rename = "bulk")]
    Bulk {
        /// The job.
        job: String,
        /// Where the results go on. `None` means the beginning, once the job is done.
        locator: Option<String>,
        /// Records on a page.
        size: u32,
        /// [`ObjectShape::fingerprint`].
        shape: u64,
        /// What the pages before it had.
        #[serde(default)]
        served: Served,
    },
    /// The next page of all ids.
    #[serde(rename = "ids")]
    Ids {
        /// The page's path, which works as long as Salesforce knows it.
        next: Option<String>,
        /// The last id so far. The list goes on after it if the path is lost.
        after: String,
        /// What the pages before it had.
        #[serde(default)]
        served: Served,
    },
}

impl Mark {
    pub(super) fn token(&self) -> PageToken {
        // A struct of texts and numbers always serializes.
        PageToken(serde_json::to_string(self).unwrap_or_default())
    }

    /// Parses a token. `None` if it is not one of ours, or would lead out of the API.
    pub(super) fn read(token: &PageToken) -> Option<Self> {
        let mark: Self = serde_json::from_str(&token.0).ok()?;
        let fits = match &mark {
            Self::Rest { next, .. } => is_path(next),
            Self::Bulk { job, size, .. } => is_word(job) && *size > 0,
            Self::Ids { next, after, .. } => next.as_deref().is_none_or(is_path) && is_word(after),
        };
        fits.then_some(mark)
    }

    /// Returns whether the pages have the fields of this shape. If the fields changed, the window is read again.
    pub(super) fn is_of(&self, of: &ObjectShape) -> bool {
        match self {
            Self::Rest { shape, .. } | Self::Bulk { shape, .. } => *shape == of.fingerprint(),
            Self::Ids { .. } => true,
        }
    }
}

/// Returns whether an answer's next page is a path of the data API.
pub(super) fn is_path(path: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.');
    path.starts_with("/services/data/")
        && path.len() <= 1_000
        && path.bytes().all(plain)
        && !path.contains("..")
}

/// Returns whether an id may be a part of a path.
pub(super) fn is_word(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back() {
        let mark = Mark::Bulk {
            job: "750xx0000000001AAA".to_owned(),
            locator: Some("MTAw".to_owned()),
            size: 5_000,
            shape: u64::MAX,
            served: Served::default(),
        };
        assert_eq!(Mark::read(&mark.token()).unwrap(), mark);
        // An earlier release wrote this token.
        let before =
            PageToken(r#"{"rest":{"next":"/services/data/v64.0/query/x","shape":7}}"#.to_owned());
        assert!(
            matches!(Mark::read(&before), Some(Mark::Rest { shape: 7, served, .. }) if served == Served::default())
        );
    }

    #[test]
    fn a_token_that_would_lead_elsewhere_is_none() {
        for next in [
            "",
            "/services/oauth2/revoke",
            "https://evil.example",
            "/services/data/../oauth2/token",
            "//evil.example",
            "/services/data/v64.0/query?q=x",
        ] {
            let mark = Mark::Rest {
                next: next.to_owned(),
                shape: 0,
                served: Served::default(),
            };
            assert_eq!(Mark::read(&mark.token()), None, "{next}");
        }
        for job in ["", "../x", "a/b", "a?b"] {
            let mark = Mark::Bulk {
                job: job.to_owned(),
                locator: None,
                size: 1,
                shape: 0,
                served: Served::default(),
            };
            assert_eq!(Mark::read(&mark.token()), None, "{job}");
        }
        assert_eq!(Mark::read(&PageToken("rubbish".to_owned())), None);
    }
}
