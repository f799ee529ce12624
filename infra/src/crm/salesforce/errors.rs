//! The meaning of Salesforce's refusals. This is the only table of error codes, and nothing else reads them.

#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::fault::{CrmCode, Kind};
use serde::Deserialize;

use super::super::client::refusal::{Action, Cause, Refusal, is_no_api, tidy};
use crate::crm::salesforce::provider::VENDOR;

/// How long a run pauses when the day's requests are used up. The quota is a rolling one, so a quarter of an hour frees
/// some of it. According to our sources there is no `Retry-After`.
const LIMIT_PAUSE: Duration = Duration::from_secs(15 * 60);

/// "The URL returned from login must be set."
const URL_NOT_RESET: &str = "URL_NOT_RESET";

/// Error codes and their meaning. A code that ends in `_` stands for all codes that begin with it.
const TABLE: &[(&str, Action, Kind)] = &[
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
    ("QUERY_TIMEOUT", Action::Shrink, Kind::Transient),
    ("SERVER_UNAVAILABLE", Action::Retry, Kind::Transient),
    ("UNABLE_TO_LOCK_ROW", Action::Retry, Kind::Transient),
    ("TXN_SECURITY_", Action::Retry, Kind::Transient),
    ("UNKNOWN_EXCEPTION", Action::Retry, Kind::Transient),
    ("INTERNAL_SERVER_ERROR", Action::Retry, Kind::Transient),
    ("SYSTEM_ERROR", Action::Retry, Kind::Transient),
    ("ROW_LOCK_", Action::Retry, Kind::Transient),
    // Reads.
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
    // The day's jobs are used up. REST still works.
    ("LIMIT_EXCEEDED", Action::NotInBulk, Kind::Transient),
    ("EXCEEDEDQUOTA", Action::NotInBulk, Kind::Transient),
    ("INVALIDENTITY", Action::NotInBulk, Kind::Permanent),
    ("INVALID_ENTITY", Action::NotInBulk, Kind::Permanent),
    ("FEATURENOTENABLED", Action::NotInBulk, Kind::Permanent),
    ("INSUFFICIENT_ACCESS", Action::Stop, Kind::Permanent),
    ("INSUFFICIENT_ACCESS_", Action::Stop, Kind::Permanent),
    ("NOT_FOUND", Action::Stop, Kind::Permanent),
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

/// Returns the meaning of an answer that is no success.
pub(super) fn judge(status: u16, body: &[u8], retry_after: Option<Duration>) -> Refusal {
    let said = serde_json::from_slice::<Vec<Said>>(body)
        .ok()
        .and_then(|all| all.into_iter().next());
    let said = said
        .or_else(|| serde_json::from_slice::<Said>(body).ok())
        .filter(|said| !said.code.is_empty());
    let mut refusal = match said {
        // "Too many requests" without a word about the day's limit means a wait of seconds. It is retried here, and a
        // run that ends with it is retried soon. The day's limit comes as 403. Should it ever come as 429, it says
        // "TotalRequests".
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

/// Returns the meaning of an error code inside an answer that is a success as a whole.
pub(super) fn judge_code(code: &str, message: &str) -> Refusal {
    of_code(code, message).unwrap_or_else(|| of_status(400, Some(code)))
}

/// Returns the meaning of a failed job's message, which begins with the error's code. If it does not, REST may work, or
/// give the reason.
pub(super) fn judge_job(message: &str) -> Refusal {
    let code: String = message
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let unknown = || {
        let fault = VENDOR.fault(CrmCode::JobFailed).with_detail(tidy(&code));
        Refusal::new(Action::NotInBulk, fault)
    };
    Refusal {
        job_failed: true,
        ..of_code(&code, message).unwrap_or_else(unknown)
    }
}

fn of_code(code: &str, message: &str) -> Option<Refusal> {
    let upper = code.to_ascii_uppercase();
    // Bulk reports this with several codes (API_ERROR, INVALIDENTITY, InvalidBatch), always in these words.
    if message.contains("not supported in Bulk")
        || message.contains("not supported by the Bulk API")
    {
        return Some(Refusal::new(
            Action::NotInBulk,
            VENDOR.fault(CrmCode::NotInBulk),
        ));
    }
    // One code stands for two limits. Too many long requests at one moment are over in seconds.
    if upper == "REQUEST_LIMIT_EXCEEDED" && message.contains("Concurrent") {
        return Some(VENDOR.refusal(CrmCode::ConcurrentRequests));
    }
    if upper == "REQUEST_LIMIT_EXCEEDED" {
        let fault = VENDOR.fault(CrmCode::RequestLimit).after(LIMIT_PAUSE);
        return Some(Refusal::new(Action::Stop, fault).because(Cause::Busy));
    }
    let fits = |entry: &str| entry == upper || (entry.ends_with('_') && upper.starts_with(entry));
    let (_, action, kind) = TABLE.iter().find(|(entry, _, _)| fits(entry))?;
    let fault = VENDOR.fault(CrmCode::said(tidy(&upper))).with_kind(*kind);
    let field = (*action == Action::Redescribe)
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
        ..Refusal::new(*action, fault)
    })
}

fn of_status(status: u16, code: Option<&str>) -> Refusal {
    let refusal = match status {
        401 => Refusal::new(Action::Renew, VENDOR.fault(CrmCode::Unauthorized)),
        // Others saw 406 and 420 with odd bodies. They went away.
        406 | 420 => VENDOR.refusal(CrmCode::OddAnswer),
        408 => VENDOR.refusal(CrmCode::Timeout),
        429 => VENDOR.refusal(CrmCode::Throttled),
        409 => Refusal::new(Action::TokenLost, VENDOR.fault(CrmCode::JobConflict)),
        414 | 431 => VENDOR.refusal(CrmCode::UriTooLong),
        404 => VENDOR.refusal(CrmCode::NotFound).because(Cause::NotFound),
        // We follow no redirect. An organisation that moved names its new host with the next token.
        300..=399 => Refusal::new(Action::Stop, VENDOR.fault(CrmCode::Redirected)),
        500..=599 => VENDOR.refusal(CrmCode::ServerError),
        _ => VENDOR.refusal(CrmCode::Refused),
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

/// Returns the field of "No such column 'X' on entity 'Y'". `None` if the message has no valid name.
fn named_field(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("No such column '")?;
    let (name, _) = rest.split_once('\'')?;
    let fits = (1..=80).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    fits.then(|| name.to_owned())
}

#[derive(Deserialize)]
struct SaidAtLogin {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Returns the meaning of a refusal of the token or the revoke endpoint.
pub(super) fn judge_login(status: u16, body: &[u8]) -> Refusal {
    let Ok(SaidAtLogin {
        error,
        error_description,
    }) = serde_json::from_slice::<SaidAtLogin>(body)
    else {
        let refusal = match status {
            408 | 429 | 500.. => VENDOR.refusal(CrmCode::LoginUnavailable),
            _ => VENDOR.refusal(CrmCode::LoginRefused),
        };
        return if is_no_api(status) {
            refusal.by_no_api()
        } else {
            refusal
        };
    };
    let said = VENDOR.fault(CrmCode::said(tidy(&error)));
    let (action, fault) = match error.as_str() {
        // Two requests at one moment, or too many. The grant is still valid.
        "invalid_grant"
            if error_description.contains("already being processed")
                || error_description.contains("rate exceeded") =>
        {
            (Action::Retry, VENDOR.fault(CrmCode::LoginBusy))
        }
        // This code occurs here, too.
        "invalid_grant"
            if error_description.contains("client credentials")
                || error_description.contains("client identifier") =>
        {
            (Action::Stop, VENDOR.fault(CrmCode::InvalidClient))
        }
        "invalid_grant"
        | "inactive_user"
        | "inactive_org"
        | "access_denied"
        | "unauthorized_client"
        | "invalid_app_access" => (Action::Stop, said.with_kind(Kind::Revoked)),
        // OAUTH_APP_BLOCKED and the like: an administrator blocked the app.
        error if error.starts_with("OAUTH_") => (Action::Stop, said.with_kind(Kind::Revoked)),
        // The operator's app is unknown, its secret is another one, or it may not do this.
        "invalid_client"
        | "invalid_client_id"
        | "invalid_client_credentials"
        | "redirect_uri_mismatch"
        | "unsupported_grant_type" => (Action::Stop, said.with_kind(Kind::Operator)),
        "server_error" | "temporarily_unavailable" | "unknown_error" | "rate_limit_exceeded" => {
            (Action::Retry, said.with_kind(Kind::Transient))
        }
        _ if matches!(status, 408 | 429 | 500..) => {
            (Action::Retry, said.with_kind(Kind::Transient))
        }
        // The CRM considers the request malformed, or uses a word that is not in this table.
        _ => (Action::Stop, said.with_kind(Kind::Permanent)),
    };
    let refusal = Refusal::new(action, fault);
    match error.as_str() {
        "invalid_token" | "unsupported_token_type" => refusal.because(Cause::TokenDead),
        _ => refusal,
    }
}
