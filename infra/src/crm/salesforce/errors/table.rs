//! The only table of Salesforce's error codes.

use std::time::Duration;

use domain::fault::{CrmCode, Fault, Kind};

use super::{
    super::super::client::refusal::{Action, Cause, Refusal, tidy},
    faults::{fault_of, refusal_of},
};

/// How long a run pauses when the day's requests are used up. The quota is a rolling one, so a quarter of an hour frees
/// some of it. According to our sources there is no `Retry-After`.
pub(super) const LIMIT_PAUSE: Duration = Duration::from_secs(15 * 60);

/// "The URL returned from login must be set."
const URL_NOT_RESET: &str = "URL_NOT_RESET";

/// Error codes and their meaning. A code that ends in `_` stands for all codes that begin with it.
pub(super) const TABLE: &[(&str, Action, Kind)] = &[
    // Access tokens.
    ("INVALID_SESSION_ID", Action::Renew, Kind::Transient),
    ("INVALID_AUTH_HEADER", Action::Renew, Kind::Transient),
    ("INVALID_JWT_FORMAT", Action::Renew, Kind::Transient),
    ("SESSION_EXPIRED", Action::Renew, Kind::Transient),
    // A session of another host: the organisation is not here, or no longer here.
    (URL_NOT_RESET, Action::Stop, Kind::Transient),
    // Grants.
    ("INACTIVE_USER", Action::Stop, Kind::Revoked),
    ("INACTIVE_ORG", Action::Stop, Kind::Revoked),
    ("INACTIVE_OWNER_OR_USER", Action::Stop, Kind::Revoked),
    ("INVALID_LOGIN", Action::Stop, Kind::Revoked),
    ("ORG_LOCKED", Action::Stop, Kind::Revoked),
    ("PASSWORD_LOCKOUT", Action::Stop, Kind::Revoked),
    ("LOGIN_CHALLENGE_", Action::Stop, Kind::Revoked),
    ("API_DISABLED_FOR_ORG", Action::Stop, Kind::Permanent),
    ("API_CURRENTLY_DISABLED", Action::Stop, Kind::Permanent),
    // Limits and transient trouble.
    // REQUEST_LIMIT_EXCEEDED is one code for two limits, which only its message tells apart: see `of_code`.
    ("REQUEST_RUNNING_TOO_LONG", Action::Shrink, Kind::Transient),
    ("UNABLE_TO_LOCK_ROW", Action::Retry, Kind::Transient),
    ("TXN_SECURITY_", Action::Retry, Kind::Transient),
    ("UNKNOWN_EXCEPTION", Action::Retry, Kind::Transient),
    ("INTERNAL_SERVER_ERROR", Action::Retry, Kind::Transient),
    ("SYSTEM_ERROR", Action::Retry, Kind::Transient),
    ("ROW_LOCK_", Action::Retry, Kind::Transient),
    // Reads.
    ("INVALID_FIELD", Action::Redescribe, Kind::Permanent),
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
    // The day's jobs are used up. REST still works.
    ("LIMIT_EXCEEDED", Action::NotInBulk, Kind::Transient),
    ("EXCEEDEDQUOTA", Action::NotInBulk, Kind::Transient),
    ("INVALIDENTITY", Action::NotInBulk, Kind::Permanent),
    ("INVALID_ENTITY", Action::NotInBulk, Kind::Permanent),
    ("FEATURENOTENABLED", Action::NotInBulk, Kind::Permanent),
    ("INSUFFICIENT_ACCESS", Action::Stop, Kind::Permanent),
    ("INSUFFICIENT_ACCESS_", Action::Stop, Kind::Permanent),
    // Writes. All of these need a decision or a change by somebody.
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
    (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        Action::Stop,
        Kind::Permanent,
    ),
    ("STRING_TOO_LONG", Action::Stop, Kind::Permanent),
];
/// Error codes that every CRM shares. [`CrmCode`] says their kind.
pub(super) const SHARED: &[(&str, Action)] = &[
    ("QUERY_TIMEOUT", Action::Shrink),
    ("SERVER_UNAVAILABLE", Action::Retry),
    ("INVALID_TYPE", Action::Stop),
    ("NOT_FOUND", Action::Stop),
    ("REQUIRED_FIELD_MISSING", Action::Stop),
];

/// Error codes that are trouble of Salesforce's own. Beside one record of a creation they do not say whether it was saved.
const DOUBTFUL: [&str; 5] = [
    "UNKNOWN_EXCEPTION",
    "INTERNAL_SERVER_ERROR",
    "SYSTEM_ERROR",
    "QUERY_TIMEOUT",
    "REQUEST_RUNNING_TOO_LONG",
];

/// Returns whether a record may have been saved although an error with this code stands beside it.
pub(in super::super) fn may_have_saved(code: &str) -> bool {
    DOUBTFUL.contains(&code.to_ascii_uppercase().as_str())
}

/// Returns what to try after an error code, and its fault. `None` if the tables do not have it.
fn listed(upper: &str) -> Option<(Action, Fault)> {
    let fault = fault_of(CrmCode::said(tidy(upper)));
    if let Some((_, action)) = SHARED.iter().find(|(code, _)| *code == upper) {
        return Some((*action, fault));
    }
    let fits = |entry: &str| entry == upper || (entry.ends_with('_') && upper.starts_with(entry));
    let (_, action, kind) = TABLE.iter().find(|(entry, _, _)| fits(entry))?;
    Some((*action, fault.with_kind(*kind)))
}

/// Returns the meaning of an error code and its message.
pub(super) fn of_code(code: &str, message: &str) -> Option<Refusal> {
    let upper = code.to_ascii_uppercase();
    // Bulk reports this with several codes (API_ERROR, INVALIDENTITY, InvalidBatch), always in these words.
    if message.contains("not supported in Bulk")
        || message.contains("not supported by the Bulk API")
    {
        return Some(Refusal::new(
            Action::NotInBulk,
            fault_of(CrmCode::NotInBulk),
        ));
    }
    // One code stands for two limits. Too many long requests at one moment are over in seconds.
    if upper == "REQUEST_LIMIT_EXCEEDED" && message.contains("Concurrent") {
        return Some(refusal_of(CrmCode::ConcurrentRequests));
    }
    if upper == "REQUEST_LIMIT_EXCEEDED" {
        let fault = fault_of(CrmCode::RequestLimit).after(LIMIT_PAUSE);
        return Some(Refusal::new(Action::Stop, fault).because(Cause::Busy));
    }
    let (action, fault) = listed(&upper)?;
    let field = (action == Action::Redescribe)
        .then(|| named_field(message))
        .flatten();
    let fault = match &field {
        Some(field) => fault.with_detail(field.clone()),
        None => fault,
    };
    let cause = match upper.as_str() {
        "SERVER_UNAVAILABLE" => Cause::Busy,
        "NOT_FOUND" => Cause::NotFound,
        _ => Cause::Other,
    };
    Some(Refusal {
        field,
        cause,
        no_api: upper == URL_NOT_RESET,
        ..Refusal::new(action, fault)
    })
}

/// Returns the field of "No such column 'X' on entity 'Y'". `None` if the message has no valid name.
fn named_field(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("No such column '")?;
    let (name, _) = rest.split_once('\'')?;
    let fits = (1..=80).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    fits.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_code_that_every_crm_shares_is_said_in_one_place() {
        let is_shared = |code: &str| !matches!(CrmCode::said(tidy(code)), CrmCode::Said(_));
        for (code, _) in SHARED {
            assert!(is_shared(code), "{code} has no kind there");
        }
        for (code, _, _) in TABLE {
            assert!(!is_shared(code), "{code} has a kind there, too");
        }
    }
}
