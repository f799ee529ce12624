//! What a refusal is, and what a connector does about it before it gives up.

use std::time::Duration;

use domain::fault::{Fault, Kind};

/// What a connector does about a refusal before it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::crm) enum Action {
    /// Nothing helps.
    Stop,
    /// The same request again after a wait.
    Retry,
    /// A new access token, once, and the same request again.
    Renew,
    /// Ask for less: a smaller page, or another way to read.
    Shrink,
    /// Describe the object anew, and ask without the field.
    Redescribe,
    /// The page, the job or the locator is gone.
    TokenLost,
    /// The list of deletions does not reach that far, or is too long.
    Unlisted,
    /// The bulk interface does not serve this object or this field.
    NotInBulk,
}

/// What a caller may branch on beside the action. The fault's code is for people: no code path compares it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::crm) enum Cause {
    /// Nothing that a caller has to tell apart.
    #[default]
    Other,
    /// No connection: the request never arrived.
    Unreachable,
    /// The request could not be made, or its host is not allowed: it was never sent.
    NeverSent,
    /// The other side says that it is too busy, and has not begun.
    Busy,
    /// What was asked for is not there, or may not be seen.
    NotFound,
    /// An answer brought fewer records than it promised.
    Incomplete,
    /// The bytes of an answer are not text.
    NotUtf8,
    /// The token that was to be given back was dead already.
    TokenDead,
}

/// A refusal, and what to do about it.
#[derive(Debug)]
pub(in crate::crm) struct Refusal {
    pub(in crate::crm) fault: Fault,
    pub(in crate::crm) action: Action,
    pub(in crate::crm) cause: Cause,
    /// The field that is meant, where the answer names one.
    pub(in crate::crm) field: Option<String>,
    /// Whether a bulk job ended with it.
    pub(in crate::crm) job_failed: bool,
    /// What the answer asked us to wait before the same request.
    pub(in crate::crm) wait: Option<Duration>,
    /// Whether no API gave this answer: the organisation may be at another host by now.
    pub(in crate::crm) no_api: bool,
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.fault
    }
}

impl Refusal {
    pub(in crate::crm) fn new(action: Action, fault: Fault) -> Self {
        Self {
            fault,
            action,
            cause: Cause::Other,
            field: None,
            job_failed: false,
            wait: None,
            no_api: false,
        }
    }

    /// The same at each try: no longer transient.
    pub(in crate::crm) fn for_good(self) -> Self {
        Self {
            fault: self.fault.with_kind(Kind::Permanent),
            action: Action::Stop,
            ..self
        }
    }

    /// The same, with what a caller may branch on.
    pub(in crate::crm) fn because(self, cause: Cause) -> Self {
        Self { cause, ..self }
    }

    /// The same, from something that is no API.
    pub(in crate::crm) fn by_no_api(self) -> Self {
        Self {
            no_api: true,
            ..self
        }
    }

    /// The same, after the other side asked for a wait.
    pub(in crate::crm) fn asked_to_wait(self, status: u16, wait: Duration) -> Self {
        // A used-up quota that names a short wait is one of a few seconds, not the day's.
        let action = match (self.action, status) {
            (Action::Stop, 429) if self.fault.is_transient() => Action::Retry,
            (action, _) => action,
        };
        let longest = self
            .fault
            .retry_after()
            .map_or(wait, |known| known.max(wait));
        Self {
            action,
            fault: self.fault.after(longest),
            wait: Some(wait),
            ..self
        }
    }
}

/// Whether an answer of this status without an error in the vendor's own form comes from no API. APIs leave the form out where
/// they are too busy, where a request was too slow or too large, and in some odd cases that pass.
pub(in crate::crm) fn is_no_api(status: u16) -> bool {
    matches!(status, 301..=399 | 400 | 403 | 404 | 405 | 410 | 421 | 500..=599)
}

/// An error code as it may stand in a fault: what does not look like a code might be anything, and is not repeated.
pub(in crate::crm) fn tidy(code: &str) -> String {
    let is_code = (1..=60).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if is_code {
        code.to_ascii_lowercase()
    } else {
        "odd_code".to_owned()
    }
}
