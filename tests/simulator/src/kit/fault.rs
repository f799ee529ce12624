//! Faults on demand: which requests go wrong, how, and how often.

use serde::{Deserialize, Serialize};

/// One entry of the queue of faults. The first entry that matches and is due applies.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FaultRule {
    /// The requests that it matches.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// How many times it applies. 0 means always.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens.
    pub fault: Fault,
    /// How many matching requests have come so far.
    #[serde(default, skip_deserializing)]
    pub seen: u32,
    /// How many times it has applied so far.
    #[serde(default, skip_deserializing)]
    pub struck: u32,
}

/// The requests that a rule matches. A missing condition matches all of them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Match {
    /// A method such as `GET`.
    pub method: Option<String>,
    /// The start of the path, with or without the prefix that all paths of the vendor's API share.
    pub path: Option<String>,
    /// The object that the request is about.
    pub object: Option<String>,
    /// The first matching request to which the rule applies, counted from 1.
    pub nth: Option<u32>,
}

/// What goes wrong.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// An error body in the vendor's form, with no effect. Each vendor's own folder names the usual ones.
    Error {
        /// HTTP status.
        status: u16,
        /// The vendor's error code.
        code: String,
        /// Text for people.
        #[serde(default)]
        message: String,
        /// Seconds for a Retry-After header. `None` sends no such header.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// A status with a body that is no JSON, as 406 and 420 occur in practice, with no effect.
    OddBody {
        /// HTTP status.
        status: u16,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// The request takes effect, but later.
    Slow {
        /// Milliseconds before anything happens.
        delay_ms: u64,
    },
    /// The request takes effect and is answered, but the connection is closed after some bytes of the body.
    Cut {
        /// Bytes of the body that still arrive.
        after: usize,
        /// Whether the body is chunked and never ends. Otherwise a Content-Length promises the rest.
        #[serde(default)]
        chunked: bool,
    },
    /// The request takes effect, and the first bytes of the body are sent as if they were all.
    Truncate {
        /// Bytes of the body that are kept.
        keep: usize,
    },
    /// The request takes effect, and the middle of the answer's body is overwritten with 0xFF, so it is not UTF-8.
    NonUtf8,
    /// The request takes effect, and the connection is closed without an answer.
    AnswerLost,
    /// The request takes effect, and the connection stays open without an answer.
    Silence,
    /// The connection is closed and the request has no effect.
    Reset,
    /// The page repeats its first record at its end.
    RepeatRecord,
    /// The rows of the page come slightly out of order. If a search has a next page, the last row and the first one of that
    /// page change places, and nothing on the page itself shows it.
    OutOfOrder,
    /// The answer about several records leaves one of them out, and says nothing of it.
    LeaveOut,
    /// The answer about several records has an error in the place of one of them, on which the request took effect.
    TroubleWithOne {
        /// The error's category.
        category: String,
    },
    /// The page states one record more than there is.
    OverstateTotal,
    /// The bulk job is accepted and then fails.
    JobFails,
}

fn once() -> u32 {
    1
}

/// The queue of faults.
#[derive(Debug, Default)]
pub struct Faults {
    pub(crate) rules: Vec<FaultRule>,
}

impl Faults {
    /// Returns the fault that applies to this request. `None` if there is none. A request may have several paths: as it
    /// came, and as tests write it.
    pub(crate) fn strike(
        &mut self,
        method: &str,
        paths: &[&str],
        object: Option<&str>,
    ) -> Option<Fault> {
        let mut hit = None;
        for rule in &mut self.rules {
            if !rule.matches.covers(method, paths, object) {
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
    fn covers(&self, method: &str, paths: &[&str], object: Option<&str>) -> bool {
        self.method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self
                .path
                .as_deref()
                .is_none_or(|start| paths.iter().any(|path| path.starts_with(start)))
            && self.object.as_deref().is_none_or(|wanted| {
                object.is_some_and(|object| object.eq_ignore_ascii_case(wanted))
            })
    }
}
