//! Lookups of the records that belong to another one.

use super::View;
use crate::{
    record::{Object, RecordId},
    seal::{HashKind, KeyedHash},
};

impl View<'_> {
    /// Returns the hash under which the index by parent has the records that belong to this one.
    pub(crate) fn below(&self, object: Object, id: &RecordId) -> KeyedHash {
        let parent = self.origin.provider.parent(object, id.clone());
        self.keys.index.hash(HashKind::Parent, &parent.key())
    }
}
