//! The fields of a record that is wanted, held to the contract as they are read.

use std::collections::BTreeMap;

use domain::ports::{FieldValue, Fields};
use serde::{Deserialize, Deserializer, de::Error as _};

/// Fields of one record at most: a bound of ours, which no form of a frontend comes near.
const MOST: usize = 500;

/// Reads fields: texts, numbers, truths and nothings under their names.
///
/// # Errors
/// Naming the field that is a list or an object, and more than [`MOST`] of them.
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
