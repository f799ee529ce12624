//! The Prefer header.

use crate::dynamics::encode::Annotations;

/// The most rows of a page.
pub(super) const PAGE: usize = 5_000;

/// What a request prefers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefer {
    pub(super) page: Option<usize>,
    pub(super) tracks_changes: bool,
    pub(super) annotations: Annotations,
    pub(super) representation: bool,
    pub(super) continues_on_error: bool,
    /// What of it was honoured, for the header Preference-Applied.
    pub(super) applied: Vec<String>,
}

impl Prefer {
    pub(super) fn parse(text: &str) -> Self {
        let mut found = Self::default();
        for part in split(text) {
            let (name, value) = part.split_once('=').unwrap_or((&part, ""));
            let value = value.trim().trim_matches('"');
            match name.trim() {
                "odata.maxpagesize" => found.page = value.parse().ok().filter(|size| *size > 0),
                "odata.track-changes" => found.tracks_changes = true,
                "odata.include-annotations" => found.annotations = Annotations::parse(value),
                "return" => found.representation = value == "representation",
                "odata.continue-on-error" => found.continues_on_error = true,
                _ => continue,
            }
            found.applied.push(part.trim().to_owned());
        }
        found
    }

    pub(super) fn page(&self) -> usize {
        self.page.unwrap_or(PAGE).min(PAGE)
    }
}

/// Splits at commas outside quotes.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut inside) = (vec![String::new()], false);
    for c in text.chars() {
        inside ^= c == '"';
        if c == ',' && !inside {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_quotes_do_not_part_preferences() {
        let text = "odata.include-annotations=\"a.b,c.*\", odata.maxpagesize=7,odata.track-changes";
        let prefer = Prefer::parse(text);
        assert!(prefer.annotations.has("a.b") && prefer.annotations.has("c.d"));
        assert!(!prefer.annotations.has("a.bc"));
        assert_eq!((prefer.page(), prefer.tracks_changes), (7, true));
        assert_eq!(Prefer::parse("odata.maxpagesize=9000").page(), PAGE);
    }
}
