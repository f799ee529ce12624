//! Parses HubSpot's ids of records.

use domain::record::RecordId;

/// Parses an id of decimal digits. Anything else might redirect a request.
pub(super) fn id(text: &str) -> Option<RecordId> {
    let fits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| RecordId::parse(text).ok()).flatten()
}
