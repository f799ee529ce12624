//! Reads null as an absent member. A vendor's API may send either.

use serde::{Deserialize, Deserializer};

/// Reads null as nothing. For `#[serde(default, deserialize_with = "or_default")]`.
pub(in crate::crm) fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
