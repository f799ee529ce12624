//! The companies that records belong to by an association, which is no part of their rows.

use std::collections::HashMap;

use domain::record::RecordId;

/// Companies, by the ids of the records that belong to them.
#[derive(Default)]
pub(in super::super) struct Parents(HashMap<RecordId, RecordId>);

impl Parents {
    pub(in super::super) fn of(&self, record: &RecordId) -> Option<&RecordId> {
        self.0.get(record)
    }

    pub(in super::super) fn note(&mut self, record: RecordId, company: RecordId) {
        self.0.insert(record, company);
    }

    pub(in super::super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }
}

impl FromIterator<(RecordId, RecordId)> for Parents {
    fn from_iter<T: IntoIterator<Item = (RecordId, RecordId)>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}
