//! The records of one object, ordered by id and by (time stamp, id). Records can be held back, deleted, and deleted permanently.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound;
use std::sync::Arc;

use super::clock::Millis;

/// What the kit needs from a record.
pub(crate) trait Record {
    /// Its id.
    type Id: Copy + Ord + Hash + std::fmt::Debug;
    /// A value that sorts after every id.
    const MAX: Self::Id;
    fn id(&self) -> Self::Id;
    /// Returns the time of the last change.
    fn stamp(&self) -> Millis;
    /// Returns whether it is in the recycle bin.
    fn is_deleted(&self) -> bool;
    /// Returns its external id in one of the fields for external ids.
    fn external(&self, field: u16) -> Option<String>;
}

/// The order of the keyset cursor.
pub(crate) type Key<R> = (Millis, <R as Record>::Id);

/// A committed record that is not yet visible: until the given time, or until it is released if there is no time.
type Held<R> = (Option<Millis>, Arc<R>);

/// One object's records.
#[derive(Debug)]
pub(crate) struct Records<R: Record> {
    by_id: BTreeMap<R::Id, Arc<R>>,
    by_key: BTreeMap<Key<R>, Arc<R>>,
    held: BTreeMap<R::Id, Held<R>>,
    /// When each deleted record was deleted. Of permanently deleted records only this entry is left.
    pub(crate) deletions: BTreeMap<R::Id, Millis>,
    /// Fields whose values are unique among live records.
    external_fields: Vec<u16>,
    /// The live record of each external id, in lower case.
    external: HashMap<(u16, String), R::Id>,
    live: usize,
}

impl<R: Record> Records<R> {
    pub(crate) fn new(external_fields: Vec<u16>) -> Self {
        Self {
            by_id: BTreeMap::new(),
            by_key: BTreeMap::new(),
            held: BTreeMap::new(),
            deletions: BTreeMap::new(),
            external_fields,
            external: HashMap::new(),
            live: 0,
        }
    }

    /// Makes a field unique: no two live records have the same value in it, those that are there included.
    pub(crate) fn add_external(&mut self, field: u16) {
        if self.external_fields.contains(&field) {
            return;
        }
        self.external_fields.push(field);
        for row in self.by_id.values().filter(|row| !row.is_deleted()) {
            if let Some(value) = row.external(field) {
                let key = (field, value.to_lowercase());
                self.external.insert(key, row.id());
            }
        }
    }

    /// Returns whether any record has or had this id.
    pub(crate) fn knows(&self, id: R::Id) -> bool {
        self.by_id.contains_key(&id)
            || self.deletions.contains_key(&id)
            || self.held.contains_key(&id)
    }

    /// Stores a record. It replaces the one with its id.
    pub(crate) fn put(&mut self, row: R) {
        self.restore(Arc::new(row));
    }

    /// Stores a row that existed before.
    pub(crate) fn restore(&mut self, row: Arc<R>) {
        match self.held.get_mut(&row.id()) {
            Some(held) => held.1 = row,
            None => self.show(&row),
        }
    }

    /// Removes a record as if it had never existed.
    pub(crate) fn forget(&mut self, id: R::Id) {
        self.take(id);
        self.held.remove(&id);
    }

    fn show(&mut self, row: &Arc<R>) {
        self.take(row.id());
        if !row.is_deleted() {
            self.live += 1;
            for key in self.external_keys(row) {
                self.external.insert(key, row.id());
            }
        }
        self.by_key.insert((row.stamp(), row.id()), Arc::clone(row));
        self.by_id.insert(row.id(), Arc::clone(row));
    }

    fn take(&mut self, id: R::Id) -> Option<Arc<R>> {
        let row = self.by_id.remove(&id)?;
        self.by_key.remove(&(row.stamp(), id));
        if !row.is_deleted() {
            self.live -= 1;
            for key in self.external_keys(&row) {
                self.external.remove(&key);
            }
        }
        Some(row)
    }

    fn external_keys(&self, row: &R) -> Vec<(u16, String)> {
        let fields = self.external_fields.iter();
        fields
            .filter_map(|field| Some((*field, row.external(*field)?.to_lowercase())))
            .collect()
    }

    /// Returns the live record with an external id.
    pub(crate) fn by_external(&self, field: u16, value: &str) -> Option<R::Id> {
        self.external.get(&(field, value.to_lowercase())).copied()
    }

    /// Removes a record. Only the deletion log keeps an entry of it.
    pub(crate) fn purge(&mut self, id: R::Id, now: Millis) -> bool {
        let there = self.take(id).is_some() | self.held.remove(&id).is_some();
        if there {
            self.deletions.entry(id).or_insert(now);
        }
        there
    }

    /// Hides a record from every reader until a time, or until [`Self::release`].
    pub(crate) fn hold(&mut self, id: R::Id, until: Option<Millis>) -> bool {
        let row = self.take(id);
        row.is_some_and(|row| self.held.insert(id, (until, row)).is_none())
    }

    /// Shows held records: those that are due, or all of them.
    pub(crate) fn release(&mut self, now: Millis, all: bool) -> usize {
        if self.held.is_empty() {
            return 0;
        }
        let due: Vec<R::Id> = self
            .held
            .iter()
            .filter(|(_, (until, _))| all || until.is_some_and(|until| until <= now))
            .map(|(id, _)| *id)
            .collect();
        for id in &due {
            if let Some((_, row)) = self.held.remove(id) {
                self.show(&row);
            }
        }
        due.len()
    }

    pub(crate) fn get(&self, id: R::Id) -> Option<&Arc<R>> {
        self.by_id.get(&id)
    }

    /// Returns the record for a writer, even if it is held back.
    pub(crate) fn get_for_write(&self, id: R::Id) -> Option<&Arc<R>> {
        self.by_id
            .get(&id)
            .or_else(|| self.held.get(&id).map(|(_, row)| row))
    }

    /// Returns the number of visible records that are not deleted.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// Returns the number of visible records, including those in the recycle bin.
    pub(crate) fn all(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn by_id(
        &self,
        from: Bound<R::Id>,
        to: Bound<R::Id>,
    ) -> impl DoubleEndedIterator<Item = &Arc<R>> {
        let (from, to) = if crossed(&from, &to) {
            (Bound::Excluded(R::MAX), Bound::Unbounded)
        } else {
            (from, to)
        };
        self.by_id.range((from, to)).map(|(_, row)| row)
    }

    pub(crate) fn by_key(
        &self,
        from: Bound<Key<R>>,
        to: Bound<Key<R>>,
    ) -> impl DoubleEndedIterator<Item = &Arc<R>> {
        let nothing = Bound::Excluded((Millis::MAX, R::MAX));
        let (from, to) = if crossed(&from, &to) {
            (nothing, Bound::Unbounded)
        } else {
            (from, to)
        };
        self.by_key.range((from, to)).map(|(_, row)| row)
    }
}

/// Returns whether a range is inverted. `BTreeMap::range` would panic at such a range.
fn crossed<T: Ord>(from: &Bound<T>, to: &Bound<T>) -> bool {
    match (from, to) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Included(from), Bound::Included(to)) => from > to,
        (
            Bound::Included(from) | Bound::Excluded(from),
            Bound::Included(to) | Bound::Excluded(to),
        ) => from >= to,
    }
}
