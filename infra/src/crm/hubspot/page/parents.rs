//! The parents of records that only associations tell, which are no part of the rows.

use std::collections::HashMap;

use domain::record::{Parent, RecordId};

/// Parents, by the ids of the records that belong to them.
#[derive(Default)]
pub(in super::super) struct Parents(HashMap<RecordId, Parent>);

impl Parents {
    pub(in super::super) fn of(&self, record: &RecordId) -> Option<&Parent> {
        self.0.get(record)
    }

    pub(in super::super) fn note(&mut self, record: RecordId, parent: Parent) {
        self.0.insert(record, parent);
    }

    pub(in super::super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }
}

impl FromIterator<(RecordId, Parent)> for Parents {
    fn from_iter<T: IntoIterator<Item = (RecordId, Parent)>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}
