//! The simulator's clock, and the formats of time that every CRM reads.

use jiff::Timestamp;

/// Milliseconds since 1970, the unit of every time in the simulator.
pub type Millis = i64;

/// The simulator's present time: the real clock until a control request sets it.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    fixed: Option<Millis>,
}

impl Clock {
    pub(crate) fn now(&self) -> Millis {
        self.fixed
            .unwrap_or_else(|| Timestamp::now().as_millisecond())
    }

    /// Stops the clock at a time. `None` lets it follow the real one again.
    pub(crate) fn set(&mut self, fixed: Option<Millis>) {
        self.fixed = fixed;
    }
}

/// Formats a date, such as `2026-11-24`.
pub(crate) fn date_text(millis: Millis) -> String {
    format(millis, "%Y-%m-%d")
}

/// Formats a time for the Date header, such as `Tue, 24 Nov 2026 09:00:00 GMT`. It rounds down to the second, so it is never ahead.
pub(crate) fn http_text(millis: Millis) -> String {
    format(
        millis - millis.rem_euclid(1_000),
        "%a, %d %b %Y %H:%M:%S GMT",
    )
}

/// Parses `2026-11-24T09:00:00Z`, with or without milliseconds, with `Z`, `+00:00` or `+0000`.
pub fn parse(text: &str) -> Option<Millis> {
    let mut text = text.replace(' ', "+");
    let from_end = text.len().checked_sub(5)?;
    if text.is_char_boundary(from_end)
        && text[from_end..].starts_with(['+', '-'])
        && text.contains('T')
    {
        text.insert(text.len() - 2, ':');
    }
    text.parse::<Timestamp>()
        .ok()
        .map(|time| time.as_millisecond())
}

pub(crate) fn format(millis: Millis, how: &str) -> String {
    Timestamp::from_millisecond(millis)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .strftime(how)
        .to_string()
}
