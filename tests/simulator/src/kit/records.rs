//! The records of one object, in order of id and in order of (time stamp, id): held back, deleted, and gone for good.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound;
use std::sync::Arc;

use super::clock::Millis;

/// What has to be known of a record.
pub(crate) trait Record {
    /// Its id.
    type Id: Copy + Ord + Hash + std::fmt::Debug;
    /// After every id.
    const MAX: Self::Id;
    fn id(&self) -> Self::Id;
    /// Time of the last change.
    fn stamp(&self) -> Millis;
    /// Whether it is in the recycle bin.
    fn is_deleted(&self) -> bool;
    /// What it is known by in somebody else's system, in one of the fields for that.
    fn external(&self, field: u16) -> Option<String>;
}

/// The order of the keyset cursor.
pub(crate) type Key<R> = (Millis, <R as Record>::Id);

/// A record that is committed and not yet visible, until the time given or, without one, until released.
type Held<R> = (Option<Millis>, Arc<R>);

/// One object's records.
#[derive(Debug)]
pub(crate) struct Records<R: Record> {
    by_id: BTreeMap<R::Id, Arc<R>>,
    by_key: BTreeMap<Key<R>, Arc<R>>,
    held: BTreeMap<R::Id, Held<R>>,
    /// When each deleted record was deleted; hard-deleted ones stay here, which is all that is left of them.
    pub(crate) deletions: BTreeMap<R::Id, Millis>,
    /// Fields whose values no two live records have in common.
    external_fields: Vec<u16>,
    /// Which live record has an external id, in lower case.
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

    /// Whether any record has or had this id.
    pub(crate) fn knows(&self, id: R::Id) -> bool {
        self.by_id.contains_key(&id)
            || self.deletions.contains_key(&id)
            || self.held.contains_key(&id)
    }

    /// Stores a record in place of the one with its id, if any.
    pub(crate) fn put(&mut self, row: R) {
        self.restore(Arc::new(row));
    }

    /// The same, for a row that was there before.
    pub(crate) fn restore(&mut self, row: Arc<R>) {
        match self.held.get_mut(&row.id()) {
            Some(held) => held.1 = row,
            None => self.show(&row),
        }
    }

    /// Takes a record away as if it had never been.
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

    /// The live record with an external id.
    pub(crate) fn by_external(&self, field: u16, value: &str) -> Option<R::Id> {
        self.external.get(&(field, value.to_lowercase())).copied()
    }

    /// The record without a trace but for the deletion log.
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

    /// Shows held records: those that are due, or all.
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

    /// The record even if it is held back; for writers.
    pub(crate) fn get_for_write(&self, id: R::Id) -> Option<&Arc<R>> {
        self.by_id
            .get(&id)
            .or_else(|| self.held.get(&id).map(|(_, row)| row))
    }

    /// Visible records that are not deleted.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// Visible records, those in the recycle bin included.
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

/// Whether a range is empty in a way that `BTreeMap::range` would panic about.
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
