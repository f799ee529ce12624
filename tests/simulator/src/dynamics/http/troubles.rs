//! Entra's errors.

use serde_json::json;

use super::call::Reply;
use crate::dynamics::state::{State, lock};
use crate::dynamics::time;

/// One of Entra's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) code: u32,
    pub(super) status: u16,
    pub(super) error: &'static str,
    pub(super) message: &'static str,
    suberror: Option<&'static str>,
}

const fn trouble(code: u32, status: u16, error: &'static str, message: &'static str) -> Trouble {
    Trouble {
        code,
        status,
        error,
        message,
        suberror: None,
    }
}

impl Trouble {
    pub(super) const APP: Self = trouble(
        700_016,
        400,
        "unauthorized_client",
        "Application with identifier was not found in the directory.",
    );
    pub(super) const TENANT: Self = trouble(90_002, 400, "invalid_request", "Tenant not found.");
    pub(super) const REDIRECT: Self = trouble(
        50_011,
        400,
        "invalid_request",
        "The redirect URI specified in the request does not match the redirect URIs configured for the application.",
    );
    pub(super) const RESOURCE: Self = trouble(
        500_011,
        400,
        "invalid_resource",
        "The resource principal was not found in the tenant.",
    );
    pub(super) const SECRET: Self = trouble(
        7_000_215,
        401,
        "invalid_client",
        "Invalid client secret provided.",
    );
    pub(super) const SECRET_EXPIRED: Self = trouble(
        7_000_222,
        401,
        "invalid_client",
        "The provided client secret keys for app are expired.",
    );
    pub(super) const CODE: Self = trouble(
        70_008,
        400,
        "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity.",
    );
    pub(super) const SPENT: Self = trouble(
        54_005,
        400,
        "invalid_grant",
        "OAuth2 Authorization code was already redeemed.",
    );
    pub(super) const IDLE: Self = trouble(
        700_082,
        400,
        "invalid_grant",
        "The refresh token has expired due to inactivity.",
    );
    pub(super) const MALFORMED: Self = trouble(
        9_002_313,
        400,
        "invalid_grant",
        "Invalid request. Request is malformed or invalid.",
    );
    pub(super) const VERIFIER: Self = trouble(
        501_481,
        400,
        "invalid_grant",
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    );
    pub(super) const GRANT_TYPE: Self = trouble(
        70_003,
        400,
        "unsupported_grant_type",
        "The app requested an unsupported grant type.",
    );
    pub(super) const SCOPE: Self = trouble(
        70_011,
        400,
        "invalid_scope",
        "The provided value for the input parameter 'scope' is not valid.",
    );
    pub(super) const CONSENT: Self = trouble(
        65_001,
        400,
        "invalid_grant",
        "The user or administrator has not consented to use the application.",
    );
    pub(super) const REVOKED: Self = trouble(
        50_173,
        400,
        "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
    );
    pub(super) const MFA: Self = trouble(
        50_076,
        400,
        "interaction_required",
        "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
    );
    pub(super) const ENROL: Self = trouble(
        50_079,
        400,
        "interaction_required",
        "You must enroll in multi-factor authentication.",
    );
    pub(super) const BUSY: Self = trouble(
        90_033,
        503,
        "temporarily_unavailable",
        "A transient error has occurred. Please try again.",
    );

    const KNOWN: [Self; 17] = [
        Self::APP,
        Self::TENANT,
        Self::REDIRECT,
        Self::RESOURCE,
        Self::SECRET,
        Self::SECRET_EXPIRED,
        Self::CODE,
        Self::SPENT,
        Self::IDLE,
        Self::MALFORMED,
        Self::VERIFIER,
        Self::GRANT_TYPE,
        Self::SCOPE,
        Self::REVOKED,
        Self::MFA,
        Self::ENROL,
        Self::BUSY,
    ];

    /// Returns the error with a number. An unknown number is an invalid grant.
    pub(super) fn numbered(code: u32) -> Self {
        if code == Self::CONSENT.code {
            return Self {
                suberror: Some("consent_required"),
                ..Self::CONSENT
            };
        }
        let known = Self::KNOWN.into_iter().find(|one| one.code == code);
        known.unwrap_or(trouble(
            code,
            400,
            "invalid_grant",
            "The grant is not valid.",
        ))
    }

    pub(super) fn text(self) -> String {
        format!("AADSTS{}: {}", self.code, self.message)
    }

    pub(super) fn reply(self, state: &State) -> Reply {
        let now = lock(&state.org).clock.now();
        let (trace, correlation) = (state.request_id(), state.request_id());
        let stamp = time::format(now, "%Y-%m-%d %H:%M:%SZ");
        let mut body = json!({
            "error": self.error,
            "error_description": format!("{} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}", self.text()),
            "error_codes": [self.code], "timestamp": stamp, "trace_id": trace, "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.code),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = json!(suberror);
        }
        Reply {
            status: self.status,
            ..Reply::text("application/json; charset=utf-8", body.to_string())
        }
    }
}
