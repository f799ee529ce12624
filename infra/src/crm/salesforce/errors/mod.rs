//! The meaning of Salesforce's refusals. Nothing else reads error codes.
//!
//! | file | what |
//! | --- | --- |
//! | `table` | the only table of error codes, and codes whose message decides |
//! | `login` | refusals of the token and the revoke endpoint |

mod faults;
mod login;
mod table;
#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::fault::CrmCode;
use serde::Deserialize;

pub(super) use self::login::judge_login;
pub(super) use self::table::may_have_saved;
use self::{
    faults::{fault_of, refusal_of},
    table::of_code,
};
use super::super::client::{
    nulls::or_default,
    refusal::{Action, Cause, Refusal, is_no_api, tidy},
};

#[derive(Deserialize)]
struct Said {
    #[serde(rename = "errorCode", default, deserialize_with = "or_default")]
    code: String,
    #[serde(default, deserialize_with = "or_default")]
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
        let fault = fault_of(CrmCode::JobFailed).with_detail(tidy(&code));
        Refusal::new(Action::NotInBulk, fault)
    };
    Refusal {
        job_failed: true,
        ..of_code(&code, message).unwrap_or_else(unknown)
    }
}

fn of_status(status: u16, code: Option<&str>) -> Refusal {
    let refusal = match status {
        401 => Refusal::new(Action::Renew, fault_of(CrmCode::Unauthorized)),
        // Others saw 406 and 420 with odd bodies. They went away.
        406 | 420 => refusal_of(CrmCode::OddAnswer),
        408 => refusal_of(CrmCode::Timeout),
        429 => refusal_of(CrmCode::Throttled),
        409 => Refusal::new(Action::TokenLost, fault_of(CrmCode::JobConflict)),
        414 | 431 => refusal_of(CrmCode::UriTooLong),
        404 => refusal_of(CrmCode::NotFound).because(Cause::NotFound),
        // We follow no redirect. An organisation that moved names its new host with the next token.
        300..=399 => Refusal::new(Action::Stop, fault_of(CrmCode::Redirected)),
        500..=599 => refusal_of(CrmCode::ServerError),
        _ => refusal_of(CrmCode::Refused),
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
