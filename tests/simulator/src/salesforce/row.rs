//! One record in packed form.

use super::id::Id;
use super::time::Millis;
use crate::kit::packed::Packed;
pub(crate) use crate::kit::packed::{Values, plain};

/// One record. It stores each value as the JSON text of a query answer, in field order and without nulls.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: Id,
    pub(crate) stamp: Millis,
    pub(crate) deleted: bool,
    packed: Packed,
}

impl Row {
    pub(crate) fn pack(id: Id, stamp: Millis, deleted: bool, values: &Values) -> Self {
        Self {
            id,
            stamp,
            deleted,
            packed: Packed::pack(values),
        }
    }

    pub(crate) fn unpack(&self) -> Values {
        self.packed.unpack()
    }

    /// Returns all values that are not null, by ascending field index.
    pub(crate) fn values(&self) -> impl Iterator<Item = (u16, &[u8])> {
        self.packed.values()
    }

    /// Returns the JSON text of one field. `None` is null.
    pub(crate) fn get(&self, index: u16) -> Option<&[u8]> {
        self.packed.get(index)
    }
}

/// Returns the JSON text of a string.
pub(crate) fn quoted(text: &str) -> Vec<u8> {
    serde_json::to_vec(text).unwrap_or_default()
}
