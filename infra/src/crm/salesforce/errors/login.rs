//! The meaning of a refusal of the token or the revoke endpoint.

use domain::fault::{CrmCode, Kind};
use serde::Deserialize;

use super::{
    super::super::client::{
        nulls::or_default,
        refusal::{Action, Cause, Refusal, is_no_api, tidy},
    },
    faults::{fault_of, refusal_of},
};

#[derive(Deserialize)]
struct SaidAtLogin {
    error: String,
    #[serde(default, deserialize_with = "or_default")]
    error_description: String,
}

/// Returns the meaning of a refusal of the token or the revoke endpoint.
pub(in super::super) fn judge_login(status: u16, body: &[u8]) -> Refusal {
    let Ok(SaidAtLogin {
        error,
        error_description,
    }) = serde_json::from_slice::<SaidAtLogin>(body)
    else {
        let refusal = match status {
            408 | 429 | 500.. => refusal_of(CrmCode::LoginUnavailable),
            _ => refusal_of(CrmCode::LoginRefused),
        };
        return if is_no_api(status) {
            refusal.by_no_api()
        } else {
            refusal
        };
    };
    let said = fault_of(CrmCode::said(tidy(&error)));
    let (action, fault) = match error.as_str() {
        // Two requests at one moment, or too many. The grant is still valid.
        "invalid_grant"
            if error_description.contains("already being processed")
                || error_description.contains("rate exceeded") =>
        {
            (Action::Retry, fault_of(CrmCode::LoginBusy))
        }
        // This code occurs here, too.
        "invalid_grant"
            if error_description.contains("client credentials")
                || error_description.contains("client identifier") =>
        {
            (Action::Stop, fault_of(CrmCode::InvalidClient))
        }
        // Every CRM has these two, and `CrmCode` says their kind: the grant is over, or the operator's app is refused.
        "invalid_grant" | "invalid_client" => (Action::Stop, said),
        "inactive_user"
        | "inactive_org"
        | "access_denied"
        | "unauthorized_client"
        | "invalid_app_access" => (Action::Stop, said.with_kind(Kind::Revoked)),
        // OAUTH_APP_BLOCKED and the like: an administrator blocked the app.
        error if error.starts_with("OAUTH_") => (Action::Stop, said.with_kind(Kind::Revoked)),
        // The operator's app is unknown, its secret is another one, or it may not do this.
        "invalid_client_id"
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
