//! Refusals, and what a connector tries before it gives up.

use std::{fmt, time::Duration};

use bytes::Bytes;
use domain::fault::{CrmCode, Fault, Kind};

/// What a connector tries after a refusal before it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::crm) enum Action {
    /// Nothing would help.
    Stop,
    /// Send the same request again after a wait.
    Retry,
    /// Renew the access token once and send the same request again.
    Renew,
    /// Request less: a smaller page, or another way to read.
    Shrink,
    /// Describe the object again, and query without the field.
    Redescribe,
    /// The page, the job or the locator is gone.
    TokenLost,
    /// The list of deletions does not reach that far back, or it is too long.
    Unlisted,
    /// The bulk interface does not support this object or this field.
    NotInBulk,
}

/// What a caller may distinguish besides the action. The fault's code is for people, and no code path compares it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::crm) enum Cause {
    /// No cause that a caller has to distinguish.
    #[default]
    Other,
    /// There was no connection, so the request never arrived.
    Unreachable,
    /// The request could not be built, or its host is not allowed, so it was never sent.
    NeverSent,
    /// The server says that it is too busy. It has not begun.
    Busy,
    /// The requested resource does not exist, or may not be seen.
    NotFound,
    /// An answer had fewer records than it promised.
    Incomplete,
    /// The bytes of an answer are not text.
    NotUtf8,
    /// What is to be made is there already.
    Conflict,
    /// The token to revoke was dead already.
    TokenDead,
}

/// A refusal, and what to try after it.
#[derive(Debug)]
pub(in crate::crm) struct Refusal {
    pub(in crate::crm) fault: Fault,
    pub(in crate::crm) action: Action,
    pub(in crate::crm) cause: Cause,
    /// The field at fault, if the answer names one.
    pub(in crate::crm) field: Option<String>,
    /// Whether a bulk job ended with it.
    pub(in crate::crm) job_failed: bool,
    /// The wait that the answer asked for before the same request.
    pub(in crate::crm) wait: Option<Duration>,
    /// Whether the answer came from something other than the API. The organisation may have moved to another host.
    pub(in crate::crm) no_api: bool,
    /// The answer itself, for a caller who reads more in it than the table of errors does.
    pub(in crate::crm) body: Body,
}

/// An answer's body, if there was one. It may name people, so `Debug` prints no content. Boxed to keep [`Refusal`] small.
#[derive(Default)]
pub(in crate::crm) struct Body(Option<Box<Bytes>>);

impl Body {
    pub(in crate::crm) fn of(body: Bytes) -> Self {
        Self(Some(Box::new(body)))
    }

    pub(in crate::crm) fn bytes(&self) -> &[u8] {
        self.0.as_deref().map_or(&[], |body| body.as_ref())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes().len())
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.fault
    }
}

impl Refusal {
    /// A refusal by a fault. A transient one is retried. A retry does not help with any other.
    pub(in crate::crm) fn of(fault: Fault) -> Self {
        let action = if fault.is_transient() {
            Action::Retry
        } else {
            Action::Stop
        };
        Self::new(action, fault)
    }

    /// Whether the CRM says that we ask too much.
    pub(super) fn is_throttle(&self) -> bool {
        matches!(
            self.fault.crm_code(),
            Some(CrmCode::ConcurrentRequests | CrmCode::RequestLimit | CrmCode::Throttled)
        )
    }

    pub(in crate::crm) fn new(action: Action, fault: Fault) -> Self {
        Self {
            fault,
            action,
            cause: Cause::Other,
            field: None,
            job_failed: false,
            wait: None,
            no_api: false,
            body: Body::default(),
        }
    }

    /// Marks the refusal as the same at every attempt, so that it is no longer transient.
    pub(in crate::crm) fn for_good(self) -> Self {
        Self {
            fault: self.fault.with_kind(Kind::Permanent),
            action: Action::Stop,
            ..self
        }
    }

    /// Adds the cause.
    pub(in crate::crm) fn because(self, cause: Cause) -> Self {
        Self { cause, ..self }
    }

    /// Marks the refusal as not coming from the API. A proxy does not know whether what was requested exists.
    pub(in crate::crm) fn by_no_api(self) -> Self {
        let cause = match self.cause {
            Cause::NotFound => Cause::Other,
            cause => cause,
        };
        Self {
            no_api: true,
            cause,
            ..self
        }
    }

    /// Adds the wait that the server asked for.
    pub(in crate::crm) fn asked_to_wait(self, status: u16, wait: Duration) -> Self {
        // A used-up quota that names a short wait is a quota of seconds, not the day's.
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

/// Returns whether an answer with this status, but without an error in the vendor's own form, comes from something
/// other than the API. APIs omit the form if they are too busy, if a request was too slow or too large, and in some odd
/// cases that pass.
pub(in crate::crm) fn is_no_api(status: u16) -> bool {
    matches!(status, 301..=399 | 400 | 403 | 404 | 405 | 410 | 421 | 500..=599)
}

/// Returns an error code as a fault may have it. A text that does not look like a code might be anything, so it is not repeated.
pub(in crate::crm) fn tidy(code: &str) -> String {
    let is_code = (1..=60).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if is_code {
        code.to_ascii_lowercase()
    } else {
        "odd_code".to_owned()
    }
}
