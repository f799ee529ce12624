//! All records of one object, in order of id and in order of (SystemModstamp, id).

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use super::id::Id;
use super::row::{Row, plain};
use super::schema::Schema;
use super::time::Millis;

/// The order of the keyset cursor.
pub(crate) type Key = (Millis, Id);

/// One object's records.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) schema: Schema,
    by_id: BTreeMap<Id, Arc<Row>>,
    by_key: BTreeMap<Key, Arc<Row>>,
    /// Committed but not yet visible, until the time given or, without one, until released.
    held: BTreeMap<Id, (Option<Millis>, Arc<Row>)>,
    /// When each deleted record was deleted; hard-deleted ones stay here, which is all that is left of them.
    pub(crate) deletions: BTreeMap<Id, Millis>,
    /// Which live record has an external id, in lower case.
    external: HashMap<(u16, String), Id>,
    live: usize,
    next: u64,
}

impl Table {
    pub(crate) fn new(schema: Schema) -> Self {
        Self {
            schema,
            by_id: BTreeMap::new(),
            by_key: BTreeMap::new(),
            held: BTreeMap::new(),
            deletions: BTreeMap::new(),
            external: HashMap::new(),
            live: 0,
            next: 1,
        }
    }

    /// Forgets all records, and starts numbering anew.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.schema.clone());
    }

    /// An id that no record of this object has had.
    pub(crate) fn fresh_id(&mut self) -> Id {
        loop {
            let id = Id::nth(self.schema.prefix, self.next);
            self.next += 1;
            if !self.by_id.contains_key(&id)
                && !self.deletions.contains_key(&id)
                && !self.held.contains_key(&id)
            {
                return id;
            }
        }
    }

    /// Stores a record in place of the one with its id, if any.
    pub(crate) fn put(&mut self, row: Row) {
        self.restore(Arc::new(row));
    }

    /// The same, for a row that was there before.
    pub(crate) fn restore(&mut self, row: Arc<Row>) {
        match self.held.get_mut(&row.id) {
            Some(held) => held.1 = row,
            None => self.show(&row),
        }
    }

    /// Takes a record away as if it had never been.
    pub(crate) fn forget(&mut self, id: Id) {
        self.take(id);
        self.held.remove(&id);
    }

    fn show(&mut self, row: &Arc<Row>) {
        self.take(row.id);
        if !row.deleted {
            self.live += 1;
            self.external.extend(
                self.external_keys(row)
                    .map(|key| (key, row.id))
                    .collect::<Vec<_>>(),
            );
        }
        self.by_key.insert((row.stamp, row.id), Arc::clone(row));
        self.by_id.insert(row.id, Arc::clone(row));
    }

    fn take(&mut self, id: Id) -> Option<Arc<Row>> {
        let row = self.by_id.remove(&id)?;
        self.by_key.remove(&(row.stamp, id));
        if !row.deleted {
            self.live -= 1;
            for key in self.external_keys(&row).collect::<Vec<_>>() {
                self.external.remove(&key);
            }
        }
        Some(row)
    }

    fn external_keys<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (u16, String)> + 'a {
        let fields = self
            .schema
            .fields
            .iter()
            .zip(0_u16..)
            .filter(|(field, _)| field.external);
        fields.filter_map(|(_, index)| Some((index, plain(row.get(index)?).to_lowercase())))
    }

    /// The live record with an external id.
    pub(crate) fn by_external(&self, field: u16, value: &str) -> Option<Id> {
        self.external.get(&(field, value.to_lowercase())).copied()
    }

    /// The record without a trace but for the deletion log.
    pub(crate) fn purge(&mut self, id: Id, now: Millis) -> bool {
        let there = self.take(id).is_some() | self.held.remove(&id).is_some();
        if there {
            self.deletions.entry(id).or_insert(now);
        }
        there
    }

    /// Hides a record from every reader until a time, or until [`Self::release`].
    pub(crate) fn hold(&mut self, id: Id, until: Option<Millis>) -> bool {
        let row = self.take(id);
        row.is_some_and(|row| self.held.insert(id, (until, row)).is_none())
    }

    /// Shows held records: those that are due, or all.
    pub(crate) fn release(&mut self, now: Millis, all: bool) -> usize {
        if self.held.is_empty() {
            return 0;
        }
        let due: Vec<Id> = self
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

    pub(crate) fn get(&self, id: Id) -> Option<&Arc<Row>> {
        self.by_id.get(&id)
    }

    /// The record even if it is held back; for writers.
    pub(crate) fn get_for_write(&self, id: Id) -> Option<&Arc<Row>> {
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
        from: Bound<Id>,
        to: Bound<Id>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Row>> {
        let (from, to) = if crossed(&from, &to) {
            (Bound::Excluded(Id::MAX), Bound::Unbounded)
        } else {
            (from, to)
        };
        self.by_id.range((from, to)).map(|(_, row)| row)
    }

    pub(crate) fn by_key(
        &self,
        from: Bound<Key>,
        to: Bound<Key>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Row>> {
        let nothing = Bound::Excluded((Millis::MAX, Id::MAX));
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
