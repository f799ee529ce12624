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
    /// Start of the path, with or without what stands before each path of the vendor's API.
    pub path: Option<String>,
    /// The object that the request is about.
    pub object: Option<String>,
    /// The first matching request that is struck, counted from 1.
    pub nth: Option<u32>,
}

/// What goes wrong.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// An error body in the vendor's form. Nothing is done. Each vendor's own folder names the usual ones.
    Error {
        /// HTTP status.
        status: u16,
        /// The vendor's error code.
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

fn once() -> u32 {
    1
}

/// The queue.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) rules: Vec<FaultRule>,
}

impl Faults {
    /// The fault that strikes this request, if any. A request may have several paths: as it came, and as people write it.
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
