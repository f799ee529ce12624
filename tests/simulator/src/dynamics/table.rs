//! All rows of one table: the rows, their order by version, and what change tracking knows of deleted ones.

use std::collections::BTreeMap;
use std::ops::{Bound, Deref};
use std::sync::Arc;

use super::guid::Guid;
use super::kind::Kind;
use super::row::Row;
use super::schema::{Field, Schema};
use super::time::Millis;
use crate::kit::records::Records;

/// One table's rows.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) schema: Schema,
    /// Whether the customiser has switched change tracking on.
    pub(crate) tracked: bool,
    records: Records<Row>,
    versions: BTreeMap<u64, Guid>,
    deleted: BTreeMap<u64, Guid>,
    /// The versions of rows that are written, but in transactions that have not ended.
    held: BTreeMap<Guid, u64>,
}

impl Deref for Table {
    type Target = Records<Row>;

    fn deref(&self) -> &Records<Row> {
        &self.records
    }
}

impl Table {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            schema: Schema::new(kind),
            tracked: true,
            records: Records::new(Vec::new()),
            versions: BTreeMap::new(),
            deleted: BTreeMap::new(),
            held: BTreeMap::new(),
        }
    }

    /// Forgets all rows. Columns stay.
    pub(crate) fn clear(&mut self) {
        let schema = self.schema.clone();
        *self = Self {
            tracked: self.tracked,
            ..Self::new(schema.kind)
        };
        for field in schema.fields {
            self.add_field(field);
        }
    }

    /// Adds a column, or replaces the one with its name.
    pub(crate) fn add_field(&mut self, field: Field) -> u16 {
        let unique = field.unique;
        let index = self.schema.add(field);
        if unique {
            self.records.add_external(index);
        }
        index
    }

    /// Stores a row in place of the one with its id.
    pub(crate) fn put(&mut self, row: Arc<Row>) {
        if let Some(before) = self.records.get_for_write(row.id) {
            self.versions.remove(&before.version);
        }
        self.versions.insert(row.version, row.id);
        if let Some(version) = self.held.get_mut(&row.id) {
            *version = row.version;
        }
        self.records.restore(row);
    }

    /// Removes a row. Only change tracking keeps its id.
    pub(crate) fn remove(&mut self, id: Guid, now: Millis, version: u64) -> Option<Arc<Row>> {
        let before = self.records.get_for_write(id).cloned()?;
        self.versions.remove(&before.version);
        self.held.remove(&id);
        self.records.purge(id, now);
        self.deleted.insert(version, id);
        Some(before)
    }

    /// Removes a row as if it had never been there.
    pub(crate) fn forget(&mut self, id: Guid) {
        if let Some(before) = self.records.get_for_write(id) {
            self.versions.remove(&before.version);
        }
        self.held.remove(&id);
        self.records.forget(id);
    }

    /// Hides a row from every request, until a time or until it is released: its transaction has not ended.
    pub(crate) fn hold(&mut self, id: Guid, until: Option<Millis>) -> bool {
        let version = self.records.get(id).map(|row| row.version);
        let held = self.records.hold(id, until);
        if let Some(version) = version.filter(|_| held) {
            self.held.insert(id, version);
        }
        held
    }

    /// Shows held rows: those that are due, or all of them.
    pub(crate) fn release(&mut self, now: Millis, all: bool) -> usize {
        if self.held.is_empty() {
            return 0;
        }
        let shown = self.records.release(now, all);
        let records = &self.records;
        self.held.retain(|id, _| records.get(*id).is_none());
        shown
    }

    /// Returns the version of the oldest row whose transaction has not ended.
    pub(crate) fn oldest_held(&self) -> Option<u64> {
        self.held.values().copied().min()
    }

    /// Returns visible rows by ascending version, from after a version.
    pub(crate) fn changed(&self, after: u64) -> impl Iterator<Item = &Arc<Row>> {
        let range = (Bound::Excluded(after), Bound::Unbounded);
        self.versions
            .range(range)
            .filter_map(|(_, id)| self.records.get(*id))
    }

    /// Returns the ids of deleted rows by ascending version, from after a version. A row that came back is not among them.
    pub(crate) fn deleted(&self, after: u64) -> impl Iterator<Item = (u64, Guid)> {
        let range = (Bound::Excluded(after), Bound::Unbounded);
        self.deleted
            .range(range)
            .filter(|(_, id)| self.records.get_for_write(**id).is_none())
            .map(|(version, id)| (*version, *id))
    }
}
