//! The usual faults of HubSpot, by name.

pub use crate::kit::fault::{Fault, FaultRule, Match};

/// Returns one of the usual errors by name: `limit_ten_secondly`, `limit_secondly`, `limit_daily`, `locked_423`,
/// `migrating_477`, `error_500`, `bad_gateway_502`, `unavailable_503`, `timeout_504`, `down_521` to `down_524`,
/// `expired_401`, `invalid_401`, `not_json`.
pub fn named(name: &str) -> Option<Fault> {
    let error = |status, code: &str, message: &str, retry_after| {
        Some(Fault::Error {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
            retry_after,
        })
    };
    let page = |status: u16, body: &str| {
        Some(Fault::OddBody {
            status,
            body: format!("<html><body><h1>{status}</h1>{body}</body></html>"),
        })
    };
    match name {
        "limit_ten_secondly" => error(
            429,
            "TEN_SECONDLY_ROLLING",
            "You have reached your ten_secondly_rolling limit.",
            None,
        ),
        "limit_secondly" => error(
            429,
            "SECONDLY",
            "You have reached your secondly limit.",
            None,
        ),
        "limit_daily" => error(429, "DAILY", "You have reached your daily limit.", None),
        "locked_423" => error(
            423,
            "LOCKED",
            "The resource is locked. Try again later.",
            None,
        ),
        "migrating_477" => error(
            477,
            "MIGRATION_IN_PROGRESS",
            "This account is being moved to another data center.",
            Some(86_400),
        ),
        "error_500" => error(500, "INTERNAL_ERROR", "internal error", None),
        "bad_gateway_502" => page(502, "Bad gateway"),
        "unavailable_503" => page(503, "Service temporarily unavailable"),
        "timeout_504" => page(504, "Gateway timeout"),
        "down_521" => page(521, "Web server is down"),
        "down_522" => page(522, "Connection timed out"),
        "down_523" => page(523, "Origin is unreachable"),
        "down_524" => page(524, "A timeout occurred"),
        "expired_401" => error(
            401,
            "EXPIRED_AUTHENTICATION",
            "The OAuth token used to make this call expired 1 second(s) ago.",
            None,
        ),
        "invalid_401" => error(401, "INVALID_AUTHENTICATION", NO_CREDENTIALS, None),
        "not_json" => page(200, "ok"),
        _ => None,
    }
}

/// HubSpot's message about a missing or unknown token.
pub(crate) const NO_CREDENTIALS: &str = "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview";
