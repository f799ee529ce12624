//! The one table of HubSpot's refusals and their meaning.

use std::time::Duration;

use domain::{
    fault::{CrmCode, Fault, Kind},
    integration::Provider,
};
use serde::Deserialize;

use super::super::client::{
    nulls::or_default,
    refusal::{Action, Cause, Refusal, is_no_api, tidy},
};

/// The vendor's name, with which the codes of its faults begin.
pub(super) const NAME: &str = Provider::HubSpot.name();

/// How long to pause when the day's quota is used up. HubSpot does not tell when its day ends.
const DAY_PAUSE: Duration = Duration::from_secs(3_600);
/// How long to pause while an account moves to another data centre, if the answer does not say it.
const MOVE_PAUSE: Duration = Duration::from_secs(3_600);
/// How long a record stays locked.
const LOCK_PAUSE: Duration = Duration::from_secs(2);

/// The body of an error. Every member is optional, and null counts as absent.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Said {
    status: Option<String>,
    category: Option<String>,
    policy_name: Option<Policy>,
    #[serde(deserialize_with = "or_default")]
    errors: Vec<SaidOfOne>,
}

/// The limit that was reached.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Policy {
    Secondly,
    TenSecondlyRolling,
    Daily,
    #[serde(other)]
    Other,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SaidOfOne {
    #[serde(deserialize_with = "or_default")]
    context: Context,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Context {
    #[serde(deserialize_with = "or_default")]
    required_granular_scopes: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    property_name: Vec<String>,
}

fn fault_of(code: CrmCode) -> Fault {
    Fault::crm(NAME, code)
}

fn refusal(code: CrmCode) -> Refusal {
    Refusal::of(fault_of(code))
}

/// Returns the meaning of an answer that is no success.
pub(super) fn judge(status: u16, body: &[u8], retry_after: Option<Duration>) -> Refusal {
    let said = serde_json::from_slice::<Said>(body).ok();
    let is_theirs = said
        .as_ref()
        .is_some_and(|said| said.status.is_some() || said.category.is_some());
    let said = said.unwrap_or_default();
    let is_foreign = !is_theirs && status < 500 && is_no_api(status);
    let refusal = match status {
        // A proxy's page says nothing about the grant or the object.
        403 | 404 if is_foreign => {
            let fault = fault_of(CrmCode::NotAnApi).with_detail(status.to_string());
            Refusal::of(fault)
        }
        _ => of_status(status, &said),
    };
    let refusal = match retry_after {
        Some(wait) => refusal.asked_to_wait(status, wait),
        None => refusal,
    };
    if is_foreign {
        return refusal.by_no_api();
    }
    refusal
}

fn of_status(status: u16, said: &Said) -> Refusal {
    let word = said.category.as_deref().map(tidy);
    let detail = match &word {
        Some(word) => format!("{status} {word}"),
        None => status.to_string(),
    };
    let refusal = match status {
        401 => Refusal::new(Action::Renew, fault_of(CrmCode::Unauthorized)),
        403 => refusal(CrmCode::said("missing_scopes")).because(Cause::NotFound),
        404 => refusal(CrmCode::NotFound).because(Cause::NotFound),
        408 => refusal(CrmCode::Timeout),
        409 => refusal(CrmCode::said("conflict")).because(Cause::Conflict),
        414 | 431 => refusal(CrmCode::UriTooLong),
        423 => waiting(CrmCode::said("locked"), LOCK_PAUSE),
        429 => return limited(said.policy_name).because(Cause::Busy),
        477 => {
            let fault = fault_of(CrmCode::said("account_moving"));
            let fault = fault.with_kind(Kind::Transient).after(MOVE_PAUSE);
            return Refusal::new(Action::Stop, fault).because(Cause::Busy);
        }
        300..=399 => Refusal::new(Action::Stop, fault_of(CrmCode::Redirected)),
        500..=599 => refusal(CrmCode::ServerError),
        _ => refusal(CrmCode::said(word.unwrap_or_else(|| "refused".to_owned()))),
    };
    let context = said.errors.first().map(|one| &one.context);
    let named = context.map(|context| match status {
        403 => &context.required_granular_scopes,
        _ => &context.property_name,
    });
    let named = named
        .and_then(|names| names.first())
        .filter(|name| is_name(name));
    match named {
        Some(name) => Refusal {
            field: (status != 403).then(|| name.clone()),
            fault: refusal.fault.with_detail(name.clone()),
            ..refusal
        },
        None => Refusal {
            fault: refusal.fault.with_detail(detail),
            ..refusal
        },
    }
}

/// Returns the refusal for a limit: of one second, of ten, or of the day.
fn limited(policy: Option<Policy>) -> Refusal {
    match policy {
        Some(Policy::Daily) => {
            let fault = fault_of(CrmCode::RequestLimit).after(DAY_PAUSE);
            Refusal::new(Action::Stop, fault)
        }
        Some(Policy::TenSecondlyRolling) => waiting(CrmCode::Throttled, Duration::from_secs(10)),
        Some(Policy::Secondly) => waiting(CrmCode::Throttled, Duration::from_secs(1)),
        Some(Policy::Other) | None => refusal(CrmCode::Throttled),
    }
}

fn waiting(code: CrmCode, wait: Duration) -> Refusal {
    let fault = fault_of(code).with_kind(Kind::Transient);
    Refusal {
        wait: Some(wait),
        ..Refusal::new(Action::Retry, fault)
    }
}

/// Returns whether a text may appear in a fault as the name of a property or a scope.
fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    (1..=100).contains(&text.len()) && text.bytes().all(fits)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SaidAtLogin {
    /// The error of RFC 6749.
    error: Option<String>,
    /// HubSpot's own error, which is more exact.
    status: Option<String>,
}

/// The meaning of errors at the token endpoint: HubSpot's own, then those of RFC 6749.
const AT_LOGIN: [(&str, Kind); 10] = [
    ("BAD_REFRESH_TOKEN", Kind::Revoked),
    ("BAD_HUB", Kind::Revoked),
    ("BAD_AUTH_CODE", Kind::Revoked),
    ("BAD_CODE_VERIFIER", Kind::Revoked),
    ("BAD_CLIENT_ID", Kind::Operator),
    ("BAD_CLIENT_SECRET", Kind::Operator),
    ("BAD_REDIRECT_URI", Kind::Operator),
    ("BAD_GRANT_TYPE", Kind::Operator),
    ("unauthorized_client", Kind::Operator),
    ("access_denied", Kind::Revoked),
];

/// Errors of RFC 6749 that every CRM shares. [`CrmCode`] says their kind.
const SHARED_AT_LOGIN: [&str; 2] = ["invalid_client", "invalid_grant"];

/// Returns the meaning of a refusal of the token or the revoke endpoint.
pub(super) fn judge_login(status: u16, body: &[u8]) -> Refusal {
    if matches!(status, 408 | 429 | 500..) {
        return refusal(CrmCode::LoginUnavailable);
    }
    let said: SaidAtLogin = serde_json::from_slice(body).unwrap_or_default();
    let own = said.status.as_deref().and_then(at_login);
    let fault = own.or_else(|| said.error.as_deref().and_then(at_login));
    match fault {
        Some(fault) => Refusal::new(Action::Stop, fault),
        None => refusal(CrmCode::LoginRefused),
    }
}

/// Returns the fault of an error at the token endpoint. `None` if the tables do not have it.
fn at_login(word: &str) -> Option<Fault> {
    let fault = fault_of(CrmCode::said(word.to_ascii_lowercase()));
    if SHARED_AT_LOGIN.contains(&word) {
        return Some(fault);
    }
    let (_, kind) = AT_LOGIN.iter().find(|(known, _)| *known == word)?;
    Some(fault.with_kind(*kind))
}

#[cfg(test)]
mod tests;
