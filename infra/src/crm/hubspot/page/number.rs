//! Ids that are texts or numbers.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Reads an id that may be a number.
pub(in super::super) fn text_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(raw.get().trim_matches('"').to_owned())
}
