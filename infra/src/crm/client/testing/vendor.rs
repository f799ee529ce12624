//! Vendors of the tests. Each test names only what is special about its vendor.

use domain::fault::CrmCode;

use super::super::{
    refusal::{Action, Refusal},
    vendor::{Hosts, Tokens, Vendor},
};

/// A vendor with one host for logins and the API.
pub(in crate::crm::client) static TEST: Vendor = VENDOR;

/// The same as a value, for vendors that differ in something.
pub(in crate::crm::client) const VENDOR: Vendor = Vendor {
    name: "vendor",
    hosts: Hosts {
        exact: &["api.vendor.example"],
        under: &["customers.example"],
    },
    tokens: TOKENS,
    judge: |status, _, _| judge(status),
    budgets: |_| Vec::new(),
};

/// Tokens that the login host gives and does not take back, with the client in the form.
pub(in crate::crm::client) const TOKENS: Tokens = Tokens {
    redeem_path: "/token",
    path: |_| std::borrow::Cow::Borrowed("/token"),
    scope: |_| None,
    revoking: None,
    basic: false,
    tells_host: false,
    at_login: false,
    judge: judge_login,
};

/// Returns the meaning of a refusal by a token endpoint, in the words of RFC 6749, 5.2.
fn judge_login(status: u16, body: &[u8]) -> Refusal {
    let said: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    TEST.refusal(match said["error"].as_str() {
        Some("invalid_client") => CrmCode::InvalidClient,
        Some("invalid_grant") => CrmCode::InvalidGrant,
        _ if status >= 500 => CrmCode::LoginUnavailable,
        _ => CrmCode::LoginRefused,
    })
}

/// Returns the meaning of a refusal by an API.
fn judge(status: u16) -> Refusal {
    match status {
        401 => Refusal::new(Action::Renew, TEST.fault(CrmCode::Unauthorized)),
        429 => TEST.refusal(CrmCode::Throttled),
        500.. => TEST.refusal(CrmCode::ServerError),
        _ => TEST.refusal(CrmCode::Refused),
    }
}
