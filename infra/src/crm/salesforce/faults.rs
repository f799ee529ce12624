//! What Salesforce's refusals mean. The one table of error codes; nothing else reads them.

#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::{
    fault::{CrmCode, Fault, Kind},
    integration::Provider,
};
use serde::Deserialize;

/// What a connector does about a refusal before it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Nothing helps.
    Stop,
    /// The same again after a wait.
    Retry,
    /// A new access token, once, and the same again.
    Renew,
    /// Ask for less: a smaller page, or the Bulk API.
    Shrink,
    /// Describe the object anew, and ask without the field.
    Redescribe,
    /// The page, the job or the locator is gone.
    TokenLost,
    /// The list of deletions does not reach that far, or is too long.
    Unlisted,
    /// Bulk queries do not do this object or this field.
    NotInBulk,
}

/// A refusal, and what to do about it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) fault: Fault,
    pub(super) action: Action,
    /// The field that is meant, where the answer names one.
    pub(super) field: Option<String>,
    /// Whether a bulk job ended with it.
    pub(super) job_failed: bool,
    /// What the answer asked us to wait before the same request.
    pub(super) wait: Option<Duration>,
    /// Whether no API gave this answer: the organisation may be at another host by now.
    pub(super) no_api: bool,
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.fault
    }
}

impl Refusal {
    pub(super) fn new(action: Action, fault: Fault) -> Self {
        Self {
            fault,
            action,
            field: None,
            job_failed: false,
            wait: None,
            no_api: false,
        }
    }

    /// The same, from something that is no API.
    pub(super) fn by_no_api(self) -> Self {
        Self {
            no_api: true,
            ..self
        }
    }

    /// A transient failure is tried again; nothing helps against any other.
    pub(super) fn of(code: CrmCode) -> Self {
        let fault = fault(code);
        let action = if fault.is_transient() {
            Action::Retry
        } else {
            Action::Stop
        };
        Self::new(action, fault)
    }

    /// The same at each try: no longer transient.
    pub(super) fn for_good(self) -> Self {
        Self {
            fault: self.fault.with_kind(Kind::Permanent),
            action: Action::Stop,
            ..self
        }
    }

    /// Whether it is this one.
    pub(super) fn is(&self, code: &CrmCode) -> bool {
        self.fault.crm_code() == Some(code)
    }

    fn asked_to_wait(self, status: u16, wait: Duration) -> Self {
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

/// A fault of this connector.
pub(super) fn fault(code: CrmCode) -> Fault {
    Fault::crm(Provider::Salesforce.name(), code)
}

/// How long a run pauses when the day's requests are used up. The quota is a rolling one, so a quarter of an hour frees
/// some; by what we read there is no `Retry-After`.
const LIMIT_PAUSE: Duration = Duration::from_secs(15 * 60);

/// "The URL returned from login must be set."
const URL_NOT_RESET: &str = "URL_NOT_RESET";

/// Error codes and what they mean. A code that ends in `_` stands for all that begin with it.
const TABLE: &[(&str, Action, Kind)] = &[
    // The access token.
    ("INVALID_SESSION_ID", Action::Renew, Kind::Transient),
    ("INVALID_AUTH_HEADER", Action::Renew, Kind::Transient),
    ("INVALID_JWT_FORMAT", Action::Renew, Kind::Transient),
    ("SESSION_EXPIRED", Action::Renew, Kind::Transient),
    // A session of another host: the organisation is not here, or not any more.
    (URL_NOT_RESET, Action::Stop, Kind::Transient),
    // The grant.
    ("INACTIVE_USER", Action::Stop, Kind::Revoked),
    ("INACTIVE_ORG", Action::Stop, Kind::Revoked),
    ("INACTIVE_OWNER_OR_USER", Action::Stop, Kind::Revoked),
    ("INVALID_LOGIN", Action::Stop, Kind::Revoked),
    ("ORG_LOCKED", Action::Stop, Kind::Revoked),
    ("PASSWORD_LOCKOUT", Action::Stop, Kind::Revoked),
    ("LOGIN_CHALLENGE_", Action::Stop, Kind::Revoked),
    ("API_DISABLED_FOR_ORG", Action::Stop, Kind::Permanent),
    ("API_CURRENTLY_DISABLED", Action::Stop, Kind::Permanent),
    // Limits and weather.
    ("REQUEST_LIMIT_EXCEEDED", Action::Stop, Kind::Transient),
    ("REQUEST_RUNNING_TOO_LONG", Action::Shrink, Kind::Transient),
    ("QUERY_TIMEOUT", Action::Shrink, Kind::Transient),
    ("SERVER_UNAVAILABLE", Action::Retry, Kind::Transient),
    ("UNABLE_TO_LOCK_ROW", Action::Retry, Kind::Transient),
    ("TXN_SECURITY_", Action::Retry, Kind::Transient),
    ("UNKNOWN_EXCEPTION", Action::Retry, Kind::Transient),
    ("INTERNAL_SERVER_ERROR", Action::Retry, Kind::Transient),
    ("SYSTEM_ERROR", Action::Retry, Kind::Transient),
    ("ROW_LOCK_", Action::Retry, Kind::Transient),
    // Reading.
    ("INVALID_FIELD", Action::Redescribe, Kind::Permanent),
    ("INVALID_TYPE", Action::Stop, Kind::Permanent),
    ("MALFORMED_QUERY", Action::Stop, Kind::Permanent),
    ("QUERY_TOO_COMPLICATED", Action::Stop, Kind::Permanent),
    (
        "INVALID_QUERY_FILTER_OPERATOR",
        Action::Stop,
        Kind::Permanent,
    ),
    ("INVALID_QUERY_LOCATOR", Action::TokenLost, Kind::Transient),
    ("INVALID_LOCATOR", Action::TokenLost, Kind::Transient),
    ("INVALIDJOB", Action::TokenLost, Kind::Transient),
    ("INVALID_JOB_ID", Action::TokenLost, Kind::Transient),
    ("EXCEEDED_ID_LIMIT", Action::Unlisted, Kind::Transient),
    (
        "INVALID_REPLICATION_DATE",
        Action::Unlisted,
        Kind::Transient,
    ),
    // No more jobs today: REST still works.
    ("LIMIT_EXCEEDED", Action::NotInBulk, Kind::Transient),
    ("EXCEEDEDQUOTA", Action::NotInBulk, Kind::Transient),
    ("INVALIDENTITY", Action::NotInBulk, Kind::Permanent),
    ("INVALID_ENTITY", Action::NotInBulk, Kind::Permanent),
    ("FEATURENOTENABLED", Action::NotInBulk, Kind::Permanent),
    ("INSUFFICIENT_ACCESS", Action::Stop, Kind::Permanent),
    ("INSUFFICIENT_ACCESS_", Action::Stop, Kind::Permanent),
    ("NOT_FOUND", Action::Stop, Kind::Permanent),
    // Writing: all of them say what somebody has to decide or change.
    ("DUPLICATES_DETECTED", Action::Stop, Kind::Permanent),
    ("DUPLICATE_VALUE", Action::Stop, Kind::Permanent),
    (
        "CANNOT_UPDATE_CONVERTED_LEAD",
        Action::Stop,
        Kind::Permanent,
    ),
    ("ENTITY_IS_DELETED", Action::Stop, Kind::Permanent),
    (
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        Action::Stop,
        Kind::Permanent,
    ),
    ("REQUIRED_FIELD_MISSING", Action::Stop, Kind::Permanent),
    (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        Action::Stop,
        Kind::Permanent,
    ),
    ("STRING_TOO_LONG", Action::Stop, Kind::Permanent),
];

#[derive(Deserialize)]
struct Said {
    #[serde(rename = "errorCode", default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// What an answer that is no success means.
pub(super) fn judge(status: u16, body: &[u8], retry_after: Option<Duration>) -> Refusal {
    let said = serde_json::from_slice::<Vec<Said>>(body)
        .ok()
        .and_then(|all| all.into_iter().next());
    let said = said
        .or_else(|| serde_json::from_slice::<Said>(body).ok())
        .filter(|said| !said.code.is_empty());
    let mut refusal = match said {
        // "Too many requests", and no word of the day's: seconds, so it is tried again here, and a run that ends with it
        // soon after. The day's limit comes as 403, and says "TotalRequests" should it ever come as 429.
        Some(said)
            if status == 429
                && said.code == "REQUEST_LIMIT_EXCEEDED"
                && !said.message.contains("TotalRequests") =>
        {
            of_status(status, Some(&said.code))
        }
        Some(said) => of_code(&said.code, &said.message)
            .unwrap_or_else(|| of_status(status, Some(&said.code))),
        None if is_no_api(status) => of_status(status, None).by_no_api(),
        None => of_status(status, None),
    };
    if let Some(wait) = retry_after {
        refusal = refusal.asked_to_wait(status, wait);
    }
    refusal
}

/// What an error code in an answer that is a success as a whole means.
pub(super) fn judge_code(code: &str, message: &str) -> Refusal {
    of_code(code, message).unwrap_or_else(|| of_status(400, Some(code)))
}

/// What a failed job's message means: it begins with the error's code. Where it does not, REST may do better, or say why not.
pub(super) fn judge_job(message: &str) -> Refusal {
    let code: String = message
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let unknown = || {
        let fault = fault(CrmCode::JobFailed).with_detail(tidy(&code));
        Refusal::new(Action::NotInBulk, fault)
    };
    Refusal {
        job_failed: true,
        ..of_code(&code, message).unwrap_or_else(unknown)
    }
}

fn of_code(code: &str, message: &str) -> Option<Refusal> {
    let upper = code.to_ascii_uppercase();
    // Bulk says this under several codes (API_ERROR, INVALIDENTITY, InvalidBatch), always in these words.
    if message.contains("not supported in Bulk")
        || message.contains("not supported by the Bulk API")
    {
        return Some(Refusal::new(Action::NotInBulk, fault(CrmCode::NotInBulk)));
    }
    // One code for two limits. Too many long requests at one moment are over in seconds.
    if upper == "REQUEST_LIMIT_EXCEEDED" && message.contains("Concurrent") {
        return Some(Refusal::of(CrmCode::ConcurrentRequests));
    }
    if upper == "REQUEST_LIMIT_EXCEEDED" {
        let fault = fault(CrmCode::RequestLimit).after(LIMIT_PAUSE);
        return Some(Refusal::new(Action::Stop, fault));
    }
    let fits = |entry: &str| entry == upper || (entry.ends_with('_') && upper.starts_with(entry));
    let (_, action, kind) = TABLE.iter().find(|(entry, _, _)| fits(entry))?;
    let fault = fault(CrmCode::said(tidy(&upper))).with_kind(*kind);
    let field = (*action == Action::Redescribe)
        .then(|| named_field(message))
        .flatten();
    let fault = match &field {
        Some(field) => fault.with_detail(field.clone()),
        None => fault,
    };
    Some(Refusal {
        field,
        no_api: upper == URL_NOT_RESET,
        ..Refusal::new(*action, fault)
    })
}

/// Whether an answer of this status, which has no error in Salesforce's form, comes from no API. Salesforce itself leaves
/// the form out where it is too busy, where a request was too slow or too large, and in some odd cases that pass.
pub(super) fn is_no_api(status: u16) -> bool {
    matches!(status, 301..=399 | 400 | 403 | 404 | 405 | 410 | 421 | 500..=599)
}

fn of_status(status: u16, code: Option<&str>) -> Refusal {
    let refusal = match status {
        401 => Refusal::new(Action::Renew, fault(CrmCode::Unauthorized)),
        // 406 and 420 with odd bodies were seen by others, and went away.
        406 | 420 => Refusal::of(CrmCode::OddAnswer),
        408 => Refusal::of(CrmCode::Timeout),
        429 => Refusal::of(CrmCode::Throttled),
        409 => Refusal::new(Action::TokenLost, fault(CrmCode::JobConflict)),
        414 | 431 => Refusal::of(CrmCode::UriTooLong),
        404 => Refusal::of(CrmCode::NotFound),
        // We follow no redirect: an organisation that moved tells its new host with the next token.
        300..=399 => Refusal::new(Action::Stop, fault(CrmCode::Redirected)),
        500..=599 => Refusal::of(CrmCode::ServerError),
        _ => Refusal::of(CrmCode::Refused),
    };
    match code {
        Some(code) => Refusal {
            fault: refusal
                .fault
                .with_detail(format!("{status} {}", tidy(code))),
            ..refusal
        },
        None => Refusal {
            fault: refusal.fault.with_detail(status.to_string()),
            ..refusal
        },
    }
}

/// An error code as it may stand in a fault: what does not look like a code might be anything, and is not repeated.
pub(super) fn tidy(code: &str) -> String {
    let is_code = (1..=60).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if is_code {
        code.to_ascii_lowercase()
    } else {
        "odd_code".to_owned()
    }
}

/// The field of "No such column 'X' on entity 'Y'": a name, or nothing.
fn named_field(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("No such column '")?;
    let (name, _) = rest.split_once('\'')?;
    let fits = (1..=80).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    fits.then(|| name.to_owned())
}
