//! The usual faults of Salesforce, by name.

pub use crate::kit::fault::{Fault, FaultRule, Match};

/// Returns one of the usual errors by name: `limit_429`, `limit_429_retry_after`, `limit_403`, `error_500`,
/// `unavailable_503`, `lock_row`, `query_timeout`, `invalid_locator`, `session_expired`, `odd_406`, `odd_420`.
pub fn named(name: &str) -> Option<Fault> {
    let error = |status, code: &str, message: &str, retry_after| {
        Some(Fault::Error {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
            retry_after,
        })
    };
    match name {
        "limit_429" => error(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests", None),
        "limit_429_retry_after" => {
            error(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests", Some(1))
        }
        "limit_403" => error(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
            None,
        ),
        "error_500" => error(
            500,
            "UNKNOWN_EXCEPTION",
            "An unexpected error occurred. Please include this ErrorId if you contact support",
            None,
        ),
        "unavailable_503" => error(
            503,
            "SERVER_UNAVAILABLE",
            "Server is unavailable, try again later",
            None,
        ),
        "lock_row" => error(
            400,
            "UNABLE_TO_LOCK_ROW",
            "unable to obtain exclusive access to this record or 1 records",
            None,
        ),
        "query_timeout" => error(
            400,
            "QUERY_TIMEOUT",
            "Your query request was running for too long.",
            None,
        ),
        "invalid_locator" => error(400, "INVALID_QUERY_LOCATOR", "invalid query locator", None),
        "session_expired" => error(
            401,
            "INVALID_SESSION_ID",
            "Session expired or invalid",
            None,
        ),
        "odd_406" => Some(Fault::OddBody {
            status: 406,
            body: "<html><body>Not Acceptable</body></html>".to_owned(),
        }),
        "odd_420" => Some(Fault::OddBody {
            status: 420,
            body: String::new(),
        }),
        _ => None,
    }
}
