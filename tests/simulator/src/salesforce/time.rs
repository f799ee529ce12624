//! Salesforce's format of times.

pub(crate) use crate::kit::clock::{Clock, date_text, http_text};
pub use crate::kit::clock::{Millis, parse};

use crate::kit::clock::format;

/// Formats a time as the REST API writes it: `2026-11-24T09:00:00.000+0000`. Such texts sort by time.
pub fn rest_text(millis: Millis) -> String {
    format(millis, "%Y-%m-%dT%H:%M:%S%.3f+0000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_written_is_read_back() {
        for text in [
            "2026-11-24T09:00:00.123+0000",
            "2026-11-24T09:00:00.123Z",
            "2026-11-24T10:00:00.123+01:00",
        ] {
            assert_eq!(
                parse(text).map(rest_text).as_deref(),
                Some("2026-11-24T09:00:00.123+0000"),
                "{text}"
            );
        }
        assert_eq!(
            parse("2026-11-24T09:00:00.999Z").map(http_text).as_deref(),
            Some("Tue, 24 Nov 2026 09:00:00 GMT")
        );
        assert_eq!(parse("yesterday"), None);
        assert_eq!(parse("2026-11-24"), None);
    }
}
