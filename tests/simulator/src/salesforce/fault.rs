//! Faults on demand: which request goes wrong, how, and how often.

use serde::{Deserialize, Serialize};

/// One entry of the queue of faults. The first that matches and is due strikes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FaultRule {
    /// Which requests.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// How many times it strikes; 0 is always.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens.
    pub fault: Fault,
    /// Matching requests seen so far.
    #[serde(default, skip_deserializing)]
    pub seen: u32,
    /// Strikes so far.
    #[serde(default, skip_deserializing)]
    pub struck: u32,
}

/// Which requests a rule is about; what is left out matches all.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Match {
    /// Such as `GET`.
    pub method: Option<String>,
    /// Start of the path, with or without `/services/data/vNN.0` in front: `/query`, `/services/oauth2/token`.
    pub path: Option<String>,
    /// The object in the path, or in the query's FROM.
    pub object: Option<String>,
    /// The first matching request that is struck, counted from 1.
    pub nth: Option<u32>,
}

/// What goes wrong.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// An error body in Salesforce's form. Nothing is done. See [`Fault::named`] for the usual ones.
    Error {
        /// HTTP status.
        status: u16,
        /// Salesforce's error code.
        code: String,
        /// Text for people.
        #[serde(default)]
        message: String,
        /// Seconds for a Retry-After header.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// A status with a body that is no JSON at all, as 406 and 420 come in the field. Nothing is done.
    OddBody {
        /// HTTP status.
        status: u16,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// Done, but later.
    Slow {
        /// Milliseconds before anything happens.
        delay_ms: u64,
    },
    /// Done and answered, but the connection is closed after some bytes of the body.
    Cut {
        /// Bytes of the body that still arrive.
        after: usize,
        /// False: a Content-Length promises the rest. True: chunks that never end.
        #[serde(default)]
        chunked: bool,
    },
    /// Done, and answered with the first bytes of the body as if they were all.
    Truncate {
        /// Bytes of the body that are kept.
        keep: usize,
    },
    /// Done, and answered with a body that is not UTF-8: the middle of it is overwritten with 0xFF.
    NonUtf8,
    /// Done, and the connection closed without an answer.
    AnswerLost,
    /// The connection is closed without anything done.
    Reset,
    /// The page repeats its first record at its end.
    RepeatRecord,
    /// The bulk job is accepted and then fails.
    JobFails,
}

impl Fault {
    /// The usual errors by name: `limit_429`, `limit_429_retry_after`, `limit_403`, `error_500`, `unavailable_503`, `lock_row`,
    /// `query_timeout`, `invalid_locator`, `session_expired`, `odd_406`, `odd_420`.
    pub fn named(name: &str) -> Option<Self> {
        let error = |status, code: &str, message: &str, retry_after| {
            Some(Self::Error {
                status,
                code: code.to_owned(),
                message: message.to_owned(),
                retry_after,
            })
        };
        match name {
            "limit_429" => error(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests", None),
            "limit_429_retry_after" => {
                error(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests", Some(1))
            }
            "limit_403" => error(
                403,
                "REQUEST_LIMIT_EXCEEDED",
                "TotalRequests Limit exceeded.",
                None,
            ),
            "error_500" => error(
                500,
                "UNKNOWN_EXCEPTION",
                "An unexpected error occurred. Please include this ErrorId if you contact support",
                None,
            ),
            "unavailable_503" => error(
                503,
                "SERVER_UNAVAILABLE",
                "Server is unavailable, try again later",
                None,
            ),
            "lock_row" => error(
                400,
                "UNABLE_TO_LOCK_ROW",
                "unable to obtain exclusive access to this record or 1 records",
                None,
            ),
            "query_timeout" => error(
                400,
                "QUERY_TIMEOUT",
                "Your query request was running for too long.",
                None,
            ),
            "invalid_locator" => error(400, "INVALID_QUERY_LOCATOR", "invalid query locator", None),
            "session_expired" => error(
                401,
                "INVALID_SESSION_ID",
                "Session expired or invalid",
                None,
            ),
            "odd_406" => Some(Self::OddBody {
                status: 406,
                body: "<html><body>Not Acceptable</body></html>".to_owned(),
            }),
            "odd_420" => Some(Self::OddBody {
                status: 420,
                body: String::new(),
            }),
            _ => None,
        }
    }
}

fn once() -> u32 {
    1
}

/// The queue.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) rules: Vec<FaultRule>,
}

impl Faults {
    /// The fault that strikes this request, if any.
    pub(crate) fn strike(
        &mut self,
        method: &str,
        path: &str,
        object: Option<&str>,
    ) -> Option<Fault> {
        let mut hit = None;
        for rule in &mut self.rules {
            if !rule.matches.covers(method, path, object) {
                continue;
            }
            rule.seen += 1;
            let due = rule.seen >= rule.matches.nth.unwrap_or(1)
                && (rule.times == 0 || rule.struck < rule.times);
            if due && hit.is_none() {
                rule.struck += 1;
                hit = Some(rule.fault.clone());
            }
        }
        hit
    }
}

impl Match {
    fn covers(&self, method: &str, path: &str, object: Option<&str>) -> bool {
        let short = path
            .strip_prefix("/services/data/")
            .and_then(|rest| rest.find('/').map(|at| &rest[at..]));
        self.method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|start| {
                path.starts_with(start) || short.is_some_and(|short| short.starts_with(start))
            })
            && self.object.as_deref().is_none_or(|wanted| {
                object.is_some_and(|object| object.eq_ignore_ascii_case(wanted))
            })
    }
}
