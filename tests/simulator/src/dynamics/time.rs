//! Dataverse's formats of times.

pub use crate::kit::clock::{Millis, parse};
pub(crate) use crate::kit::clock::{date_text, format, http_text};

/// A day.
pub const DAY: Millis = 86_400_000;

/// Formats a time, such as `2026-11-24T09:00:00Z`: whole seconds.
pub fn text(millis: Millis) -> String {
    format(millis, "%Y-%m-%dT%H:%M:%SZ")
}

/// Returns the second in which a time is. Rows know no finer time.
pub(crate) fn second(millis: Millis) -> Millis {
    millis - millis.rem_euclid(1_000)
}

/// Parses a time of a filter or a value: ISO 8601, or a date.
pub(crate) fn read(text: &str) -> Option<Millis> {
    parse(text).or_else(|| {
        let is_date = text.len() == 10;
        is_date
            .then(|| parse(&format!("{text}T00:00:00Z")))
            .flatten()
    })
}
