//! Reads the fields of a record to create, and checks them against the contract.

use std::collections::BTreeMap;

use domain::ports::{FieldValue, Fields};
use serde::{Deserialize, Deserializer, de::Error as _};

/// The most fields of one record. It is a bound of ours, far above any form of a frontend.
const MOST: usize = 500;

/// Reads fields by name: texts, numbers, booleans and nulls.
///
/// # Errors
/// Returns an error that names a field with a list or an object, or one for more than [`MOST`] fields.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
    let fields = BTreeMap::<String, Plain>::deserialize(deserializer)?;
    if fields.len() > MOST {
        return Err(D::Error::custom(format!("expected at most {MOST} fields")));
    }
    let fields = fields.into_iter();
    Ok(Fields(
        fields.map(|(name, plain)| (name, plain.0)).collect(),
    ))
}

struct Plain(FieldValue);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match FieldValue::deserialize(deserializer)? {
            FieldValue::Other(_) => Err(D::Error::custom(
                "expected a text, a number, true, false or null",
            )),
            given => Ok(Self(given)),
        }
    }
}
