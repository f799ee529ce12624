//! The usual faults of Dataverse, by name.

pub use crate::kit::fault::{Fault, FaultRule, Match};

/// Returns one of the usual errors by name: `limit_requests`, `limit_time`, `limit_concurrent`, `error_500`,
/// `sql_timeout`, `bad_gateway_502`, `unavailable_503`, `timeout_504`, `expired_401`, `forbidden_403`,
/// `not_a_member`, `deactivated`, `plug_in`, `not_json`.
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
        "limit_requests" => error(
            429,
            REQUESTS,
            "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
            Some(1),
        ),
        "limit_time" => error(
            429,
            TIME,
            "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.",
            Some(1),
        ),
        "limit_concurrent" => error(
            429,
            CONCURRENT,
            "Number of concurrent requests exceeded the limit of 52.",
            Some(1),
        ),
        "error_500" => error(500, "0x80040216", "An unexpected error occurred.", None),
        "sql_timeout" => error(500, "0x80044151", "SQL timeout expired.", None),
        "bad_gateway_502" => page(502, "Bad gateway"),
        "unavailable_503" => page(503, "Service temporarily unavailable"),
        "timeout_504" => page(504, "Gateway timeout"),
        "expired_401" => error(401, "0x80048306", "The token has expired.", None),
        "forbidden_403" => error(403, "0x80040221", "SecLib::AccessCheckEx failed.", None),
        "not_a_member" => error(
            403,
            "0x80072560",
            "The user is not a member of the organization.",
            None,
        ),
        "deactivated" => error(403, "0x8004a106", "The user is disabled.", None),
        "plug_in" => error(400, "0x80040265", "The VAT number is missing.", None),
        "not_json" => page(200, "ok"),
        _ => None,
    }
}

/// Too many requests in the window.
pub(crate) const REQUESTS: &str = "0x80072322";
/// Too much time of execution in the window.
pub(crate) const TIME: &str = "0x80072321";
/// Too many requests at the same time.
pub(crate) const CONCURRENT: &str = "0x80072326";
