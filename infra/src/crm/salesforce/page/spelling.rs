//! The spelling of values on a page: in JSON, and in CSV.

use std::borrow::Cow;

use super::super::super::client::canonical;

/// The spelling of values on a page. For an empty or null value both methods return `None`.
pub(super) trait Spelling {
    /// Returns whether the field is empty.
    fn is_empty(raw: &str) -> bool;
    /// Returns the text. `None` if the value is no text.
    fn text(raw: &str) -> Option<Cow<'_, str>>;
    /// Appends the text in its canonical spelling. Returns false if the value is no text.
    fn push_text(out: &mut String, raw: &str) -> bool;
}

/// Values as JSON has them, with quotes.
pub(super) struct Json;

/// Values without any quoting.
pub(super) struct Plain;

fn has_escape(text: &str) -> bool {
    memchr::memchr(b'\\', text.as_bytes()).is_some()
}

impl Spelling for Json {
    fn is_empty(raw: &str) -> bool {
        raw == "null" || raw == "\"\""
    }

    fn text(raw: &str) -> Option<Cow<'_, str>> {
        let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
        if has_escape(inner) {
            serde_json::from_str(raw).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inner))
        }
    }

    fn push_text(out: &mut String, raw: &str) -> bool {
        if raw.starts_with('"') && !has_escape(raw) {
            // Without an escape no character needs one, since JSON allows no bare control characters.
            out.push_str(raw);
            return true;
        }
        Self::text(raw)
            .map(|text| canonical::push_text(out, &text))
            .is_some()
    }
}

impl Spelling for Plain {
    fn is_empty(raw: &str) -> bool {
        raw.is_empty()
    }

    fn text(raw: &str) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(raw))
    }

    fn push_text(out: &mut String, raw: &str) -> bool {
        canonical::push_text(out, raw);
        true
    }
}
