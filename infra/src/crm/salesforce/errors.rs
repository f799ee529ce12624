//! What Salesforce's refusals mean. The one table of error codes; nothing else reads them.

#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::fault::{Fault, Kind};
use serde::Deserialize;

use super::super::client::refusal::{Action, Cause, Refusal, is_no_api, tidy};

/// How long a run pauses when the day's requests are used up. The quota is a rolling one, so a quarter of an hour frees
/// some; by what we read there is no `Retry-After`.
const LIMIT_PAUSE: Duration = Duration::from_secs(15 * 60);

/// "The URL returned from login must be set."
const URL_NOT_RESET: &str = "URL_NOT_RESET";

/// Error codes and what they mean. A code that ends in `_` stands for all that begin with it.
const TABLE: &[(&str, Action, Kind)] = &[
    // The access token.
    ("INVALID_SESSION_ID", Action::Renew, Kind::Passing),
    ("INVALID_AUTH_HEADER", Action::Renew, Kind::Passing),
    ("INVALID_JWT_FORMAT", Action::Renew, Kind::Passing),
    ("SESSION_EXPIRED", Action::Renew, Kind::Passing),
    // A session of another host: the organisation is not here, or not any more.
    (URL_NOT_RESET, Action::Stop, Kind::Passing),
    // The grant.
    ("INACTIVE_USER", Action::Stop, Kind::Revoked),
    ("INACTIVE_ORG", Action::Stop, Kind::Revoked),
    ("INACTIVE_OWNER_OR_USER", Action::Stop, Kind::Revoked),
    ("INVALID_LOGIN", Action::Stop, Kind::Revoked),
    ("ORG_LOCKED", Action::Stop, Kind::Revoked),
    ("PASSWORD_LOCKOUT", Action::Stop, Kind::Revoked),
    ("LOGIN_CHALLENGE_", Action::Stop, Kind::Revoked),
    ("API_DISABLED_FOR_ORG", Action::Stop, Kind::Lasting),
    ("API_CURRENTLY_DISABLED", Action::Stop, Kind::Lasting),
    // Limits and weather.
    ("REQUEST_LIMIT_EXCEEDED", Action::Stop, Kind::Passing),
    ("REQUEST_RUNNING_TOO_LONG", Action::Shrink, Kind::Passing),
    ("QUERY_TIMEOUT", Action::Shrink, Kind::Passing),
    ("SERVER_UNAVAILABLE", Action::Retry, Kind::Passing),
    ("UNABLE_TO_LOCK_ROW", Action::Retry, Kind::Passing),
    ("TXN_SECURITY_", Action::Retry, Kind::Passing),
    ("UNKNOWN_EXCEPTION", Action::Retry, Kind::Passing),
    ("INTERNAL_SERVER_ERROR", Action::Retry, Kind::Passing),
    ("SYSTEM_ERROR", Action::Retry, Kind::Passing),
    ("ROW_LOCK_", Action::Retry, Kind::Passing),
    // Reading.
    ("INVALID_FIELD", Action::Redescribe, Kind::Lasting),
    ("INVALID_TYPE", Action::Stop, Kind::Lasting),
    ("MALFORMED_QUERY", Action::Stop, Kind::Lasting),
    ("QUERY_TOO_COMPLICATED", Action::Stop, Kind::Lasting),
    ("INVALID_QUERY_FILTER_OPERATOR", Action::Stop, Kind::Lasting),
    ("INVALID_QUERY_LOCATOR", Action::TokenLost, Kind::Passing),
    ("INVALID_LOCATOR", Action::TokenLost, Kind::Passing),
    ("INVALIDJOB", Action::TokenLost, Kind::Passing),
    ("INVALID_JOB_ID", Action::TokenLost, Kind::Passing),
    ("EXCEEDED_ID_LIMIT", Action::Unlisted, Kind::Passing),
    ("INVALID_REPLICATION_DATE", Action::Unlisted, Kind::Passing),
    // No more jobs today: REST still works.
    ("LIMIT_EXCEEDED", Action::NotInBulk, Kind::Passing),
    ("EXCEEDEDQUOTA", Action::NotInBulk, Kind::Passing),
    ("INVALIDENTITY", Action::NotInBulk, Kind::Lasting),
    ("INVALID_ENTITY", Action::NotInBulk, Kind::Lasting),
    ("FEATURENOTENABLED", Action::NotInBulk, Kind::Lasting),
    ("INSUFFICIENT_ACCESS", Action::Stop, Kind::Lasting),
    ("INSUFFICIENT_ACCESS_", Action::Stop, Kind::Lasting),
    ("NOT_FOUND", Action::Stop, Kind::Lasting),
    // Writing: all of them say what somebody has to decide or change.
    ("DUPLICATES_DETECTED", Action::Stop, Kind::Lasting),
    ("DUPLICATE_VALUE", Action::Stop, Kind::Lasting),
    ("CANNOT_UPDATE_CONVERTED_LEAD", Action::Stop, Kind::Lasting),
    ("ENTITY_IS_DELETED", Action::Stop, Kind::Lasting),
    (
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        Action::Stop,
        Kind::Lasting,
    ),
    ("REQUIRED_FIELD_MISSING", Action::Stop, Kind::Lasting),
    (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        Action::Stop,
        Kind::Lasting,
    ),
    ("STRING_TOO_LONG", Action::Stop, Kind::Lasting),
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
        let fault = Fault::lasting("salesforce.job_failed").with_detail(tidy(&code));
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
        return Some(Refusal::new(
            Action::NotInBulk,
            Fault::lasting("salesforce.not_in_bulk"),
        ));
    }
    // One code for two limits. Too many long requests at one moment are over in seconds.
    if upper == "REQUEST_LIMIT_EXCEEDED" && message.contains("Concurrent") {
        return Some(Refusal::passing("salesforce.concurrent_requests"));
    }
    if upper == "REQUEST_LIMIT_EXCEEDED" {
        let fault = Fault::passing("salesforce.request_limit").after(LIMIT_PAUSE);
        return Some(Refusal::new(Action::Stop, fault).because(Cause::Busy));
    }
    let fits = |entry: &str| entry == upper || (entry.ends_with('_') && upper.starts_with(entry));
    let (_, action, kind) = TABLE.iter().find(|(entry, _, _)| fits(entry))?;
    let fault = Fault::new(*kind, format!("salesforce.{}", tidy(&upper)));
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
        401 => Refusal::new(Action::Renew, Fault::passing("salesforce.unauthorized")),
        // 406 and 420 with odd bodies were seen by others, and went away.
        406 | 420 => Refusal::passing("salesforce.odd_answer"),
        408 => Refusal::passing("salesforce.timeout"),
        429 => Refusal::passing("salesforce.throttled"),
        409 => Refusal::new(Action::TokenLost, Fault::passing("salesforce.job_conflict")),
        414 | 431 => Refusal::lasting("salesforce.uri_too_long"),
        404 => Refusal::lasting("salesforce.not_found").because(Cause::NotFound),
        // We follow no redirect: an organisation that moved tells its new host with the next token.
        300..=399 => Refusal::new(Action::Stop, Fault::passing("salesforce.redirected")),
        500..=599 => Refusal::passing("salesforce.server_error"),
        _ => Refusal::lasting("salesforce.refused"),
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

/// The field of "No such column 'X' on entity 'Y'": a name, or nothing.
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

/// What a refusal of the token or the revoke endpoint means.
pub(super) fn judge_login(status: u16, body: &[u8]) -> Refusal {
    let Ok(SaidAtLogin {
        error,
        error_description,
    }) = serde_json::from_slice::<SaidAtLogin>(body)
    else {
        let refusal = match status {
            408 | 429 | 500.. => Refusal::passing("salesforce.login_unavailable"),
            _ => Refusal::lasting("salesforce.login_refused"),
        };
        return if is_no_api(status) {
            refusal.by_no_api()
        } else {
            refusal
        };
    };
    let code = format!("salesforce.{}", tidy(&error));
    let (action, fault) = match error.as_str() {
        // Two requests at one moment, or too many: the grant is as good as before.
        "invalid_grant"
            if error_description.contains("already being processed")
                || error_description.contains("rate exceeded") =>
        {
            (Action::Retry, Fault::passing("salesforce.login_busy"))
        }
        // Seen under this code, too.
        "invalid_grant"
            if error_description.contains("client credentials")
                || error_description.contains("client identifier") =>
        {
            (Action::Stop, Fault::operator("salesforce.invalid_client"))
        }
        "invalid_grant"
        | "inactive_user"
        | "inactive_org"
        | "access_denied"
        | "unauthorized_client"
        | "invalid_app_access" => (Action::Stop, Fault::revoked(code)),
        // OAUTH_APP_BLOCKED and the like: an administrator shut the app out.
        error if error.starts_with("OAUTH_") => (Action::Stop, Fault::revoked(code)),
        // The operator's app is not known, its secret is another one, or it may not do this.
        "invalid_client"
        | "invalid_client_id"
        | "invalid_client_credentials"
        | "redirect_uri_mismatch"
        | "unsupported_grant_type" => (Action::Stop, Fault::operator(code)),
        "server_error" | "temporarily_unavailable" | "unknown_error" | "rate_limit_exceeded" => {
            (Action::Retry, Fault::passing(code))
        }
        _ if matches!(status, 408 | 429 | 500..) => (Action::Retry, Fault::passing(code)),
        // A request that the CRM takes for malformed, or a word that nobody has read yet.
        _ => (Action::Stop, Fault::lasting(code)),
    };
    let refusal = Refusal::new(action, fault);
    match error.as_str() {
        "invalid_token" | "unsupported_token_type" => refusal.because(Cause::TokenDead),
        _ => refusal,
    }
}
