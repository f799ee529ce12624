//! The texts that give reasons, and their bounds.

use crate::fault::{Code, Fault, Outcome};

/// The longest text that gives a reason, in bytes.
const MAX_TEXT: usize = 4_000;
/// The shortest text that counts as a reason, in characters.
const MIN_TEXT: usize = 3;

/// Returns the fault of an incomplete assessment or template. It names the field.
pub(super) fn incomplete(place: &str, what: &str) -> Fault {
    Fault::of(Code::AssessmentIncomplete).at(place, what)
}

/// Checks several texts, each with its field.
pub(super) fn texts(parts: &[(&str, &String)]) -> Outcome<()> {
    parts
        .iter()
        .try_for_each(|(place, value)| text(place, value))
}

/// Checks the length of a text.
pub(super) fn text(place: &str, value: &str) -> Outcome<()> {
    if value.trim().chars().count() >= MIN_TEXT && value.len() <= MAX_TEXT {
        Ok(())
    } else {
        let bounds = format!("{MIN_TEXT} characters to {MAX_TEXT} bytes");
        Err(incomplete(place, &bounds))
    }
}
