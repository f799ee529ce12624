//! HubSpot's formats of times.

pub use crate::kit::clock::{Millis, parse};
pub(crate) use crate::kit::clock::{date_text, http_text};

/// How long the recycle bin keeps a record: 90 days.
pub const BIN: Millis = 90 * 86_400_000;

/// Formats a time, such as `2026-11-24T09:00:00.000Z`. Answers always have milliseconds.
pub fn text(millis: Millis) -> String {
    crate::kit::clock::format(millis, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

/// Parses a time of a filter or a property value: milliseconds since 1970, ISO 8601, or a date.
pub(crate) fn read(value: &str) -> Option<Millis> {
    value
        .parse::<Millis>()
        .ok()
        .or_else(|| parse(value))
        .or_else(|| parse(&format!("{value}T00:00:00Z")))
}
