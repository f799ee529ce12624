//! What Dataverse's and Entra's refusals mean.
//!
//! An error's status counts first. Its code, which may be empty, tells the rest (`table`). Its message may name people, and is
//! read for names of privileges and columns only.

mod table;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::time::Duration;

use domain::{
    fault::{CrmCode, Fault},
    integration::Provider,
};
use serde::Deserialize;

pub(super) use self::table::DUPLICATE;
use self::table::{AT_LOGIN, WORDS_AT_LOGIN, meaning};
use super::super::client::{
    nulls::or_default,
    refusal::{Action, Cause, Refusal, is_no_api, tidy},
};

/// The vendor's name, with which the codes of its faults begin.
pub(super) const NAME: &str = Provider::Dynamics.name();

/// The body of an error.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    error: Option<Said>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    #[serde(deserialize_with = "or_default")]
    code: String,
    #[serde(deserialize_with = "or_default")]
    message: String,
}

fn fault_of(code: CrmCode) -> Fault {
    Fault::crm(NAME, code)
}

/// Returns an error's code, in lower case. Empty if it has none.
pub(super) fn code_of(body: &[u8]) -> String {
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    spelt(&body.error.unwrap_or_default().code)
}

/// `0x0` says as little as no code.
fn spelt(code: &str) -> String {
    let code = code.trim().to_ascii_lowercase();
    match code.as_str() {
        "0x0" | "0x00000000" => String::new(),
        _ => code,
    }
}

/// Returns the meaning of an answer that is no success.
pub(super) fn judge(status: u16, body: &[u8], retry_after: Option<Duration>) -> Refusal {
    let said = serde_json::from_slice::<Body>(body).ok();
    let said = said.and_then(|body| body.error);
    let is_foreign = said.is_none() && status != 401 && status < 500 && is_no_api(status);
    let said = said.unwrap_or_default();
    let refusal = if is_foreign && matches!(status, 403 | 404) {
        // A proxy's page says nothing about the grant or the table.
        Refusal::of(fault_of(CrmCode::NotAnApi).with_detail(status.to_string()))
    } else {
        of_status(status, &said)
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
    let code = spelt(&said.code);
    let detail = match code.is_empty() {
        true => status.to_string(),
        false => format!("{status} {}", tidy(&code)),
    };
    let refusal = match meaning(&code) {
        Some(meaning) => {
            let fault = fault_of(meaning.code).with_kind(meaning.kind);
            let refusal = Refusal::of(fault).because(meaning.cause);
            Refusal {
                action: meaning.action.unwrap_or(refusal.action),
                ..refusal
            }
        }
        None => by_status_alone(status, &code),
    };
    let column = column(&said.message).filter(|_| status == 400);
    let named = privilege(&said.message)
        .filter(|_| status == 403)
        .or(column);
    Refusal {
        action: match (refusal.action, column) {
            // A column that was there when the table was described is gone.
            (Action::Stop, Some(_)) if refusal.cause == Cause::Other => Action::Redescribe,
            (action, _) => action,
        },
        field: column.map(str::to_owned),
        fault: refusal.fault.with_detail(match named {
            Some(named) => named.to_owned(),
            None => detail,
        }),
        ..refusal
    }
}

fn by_status_alone(status: u16, code: &str) -> Refusal {
    let refusal = |code| Refusal::of(fault_of(code));
    match status {
        401 => Refusal::new(Action::Renew, fault_of(CrmCode::Unauthorized)),
        403 => refusal(CrmCode::said("forbidden")),
        404 => refusal(CrmCode::NotFound).because(Cause::NotFound),
        408 => refusal(CrmCode::Timeout),
        412 => refusal(CrmCode::said("record_exists")).because(Cause::Conflict),
        414 | 431 => refusal(CrmCode::UriTooLong),
        429 => refusal(CrmCode::Throttled).because(Cause::Busy),
        300..=399 => Refusal::new(Action::Stop, fault_of(CrmCode::Redirected)),
        500..=599 => refusal(CrmCode::ServerError),
        _ if code.is_empty() => refusal(CrmCode::Refused),
        _ => refusal(CrmCode::said(tidy(code))),
    }
}

/// Returns the privilege that a message says is missing: `.. is missing prvReadAccount privilege ..`.
fn privilege(message: &str) -> Option<&str> {
    let mut words = message.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.find(|word| word.starts_with("prv") && word.len() <= 100)
}

/// Returns the column that a message says the table does not have. Only messages of these two forms name one.
fn column(message: &str) -> Option<&str> {
    let forms = [
        "Could not find a property named '",
        "An undeclared property '",
    ];
    let rest = forms.iter().find_map(|form| message.split_once(form))?.1;
    let (name, _) = rest.split_once('\'')?;
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    ((1..=100).contains(&name.len()) && name.bytes().all(fits)).then_some(name)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SaidAtLogin {
    #[serde(deserialize_with = "or_default")]
    error: String,
    #[serde(deserialize_with = "or_default")]
    error_codes: Vec<u32>,
}

/// Returns the meaning of a refusal of the token endpoint.
pub(super) fn judge_login(status: u16, body: &[u8]) -> Refusal {
    if matches!(status, 408 | 429 | 500..) {
        return Refusal::of(fault_of(CrmCode::LoginUnavailable));
    }
    let said: SaidAtLogin = serde_json::from_slice(body).unwrap_or_default();
    let by_number = said.error_codes.iter().find_map(|number| {
        let known = AT_LOGIN.iter().find(|(known, _)| known == number);
        known.map(|(number, kind)| (format!("aadsts{number}"), *kind))
    });
    let by_word = || {
        let known = WORDS_AT_LOGIN
            .iter()
            .find(|(known, _)| *known == said.error);
        known.map(|(word, kind)| ((*word).to_owned(), *kind))
    };
    match by_number.or_else(by_word) {
        Some((word, kind)) => {
            let fault = fault_of(CrmCode::said(word)).with_kind(kind);
            Refusal::new(Action::Stop, fault)
        }
        None => Refusal::of(fault_of(CrmCode::LoginRefused).with_detail(status.to_string())),
    }
}
