//! The environment: its tables, its clock, its versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::Config;
use super::error::Refusal;
use super::guid::Guid;
use super::kind::Kind;
use super::known::{COLLEAGUE, DOLLAR, EURO, UNIT, USER, fixed};
use super::links::Links;
use super::role::Role;
use super::row::{End, Row};
use super::table::Table;
use super::time::{DAY, Millis};
use crate::kit::clock::Clock;

/// A row as it was before a change. `None` if it was not there.
type Before = (Kind, Guid, Option<Arc<Row>>);

/// The state that requests read and change.
#[derive(Debug)]
pub(crate) struct Org {
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    pub(crate) role: Role,
    pub(crate) tracking_days: i64,
    /// The version at which the metadata changed last.
    pub(crate) metadata_version: u64,
    /// Names of rows in tables that have none of their own here, such as users.
    pub(crate) others: BTreeMap<Guid, String>,
    links: Links,
    tables: [Table; 6],
    /// When rows were counted for everybody last, and the numbers. They are up to a day old.
    totals: Option<(Millis, [usize; 6])>,
    version: u64,
    made: u64,
    /// What a transaction has changed so far.
    journal: Option<Vec<Before>>,
}

impl Org {
    pub(crate) fn new(config: Config) -> Self {
        let names = [
            (USER, "Sync App"),
            (COLLEAGUE, "Kim Kollege"),
            (UNIT, "Vertrieb"),
            (EURO, "Euro"),
            (DOLLAR, "US Dollar"),
        ];
        Self {
            clock: Clock::default(),
            role: Role::default(),
            tracking_days: config.tracking_days,
            metadata_version: 0,
            others: names
                .into_iter()
                .map(|(id, name)| (fixed(id), name.to_owned()))
                .collect(),
            links: Links::default(),
            tables: Kind::ALL.map(Table::new),
            totals: None,
            version: 530_000,
            made: 0,
            journal: None,
            config,
        }
    }

    pub(crate) fn table(&self, kind: Kind) -> &Table {
        &self.tables[kind.index()]
    }

    pub(crate) fn table_mut(&mut self, kind: Kind) -> &mut Table {
        &mut self.tables[kind.index()]
    }

    /// Forgets all rows. Columns stay.
    pub(crate) fn clear(&mut self) {
        self.links.clear();
        for table in &mut self.tables {
            table.clear();
        }
    }

    /// Returns whether the environment has a table.
    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.config.sales || !kind.is_of_sales()
    }

    /// Shows held rows that are due.
    pub(crate) fn tick(&mut self) {
        let now = self.clock.now();
        for table in &mut self.tables {
            table.release(now, false);
        }
    }

    /// Shows all held rows.
    pub(crate) fn release(&mut self) -> usize {
        let now = self.clock.now();
        self.tables
            .iter_mut()
            .map(|table| table.release(now, true))
            .sum()
    }

    /// Returns the next row version.
    pub(crate) fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    /// Returns the version up to which every transaction has ended.
    pub(crate) fn settled(&self) -> u64 {
        let held = self.tables.iter().filter_map(Table::oldest_held).min();
        held.map_or(self.version, |oldest| oldest - 1)
    }

    /// Returns an id that nothing has yet.
    pub(crate) fn fresh_id(&mut self, kind: Kind) -> Guid {
        loop {
            self.made += 1;
            let id = Guid::numbered(self.made);
            if !self.table(kind).knows(id) {
                return id;
            }
        }
    }

    /// Returns a row, or the refusal of a request for it.
    pub(crate) fn needed(&self, kind: Kind, id: Guid) -> Result<&Arc<Row>, Refusal> {
        self.table(kind)
            .get(id)
            .filter(|row| self.sees(kind, row))
            .ok_or_else(|| Refusal::no_row(kind.logical(), id))
    }

    /// Stores a row.
    pub(crate) fn put(&mut self, kind: Kind, row: Row) -> Arc<Row> {
        let row = Arc::new(row);
        self.note(kind, row.id);
        self.store(kind, Arc::clone(&row));
        row
    }

    /// Deletes a row for good.
    pub(crate) fn remove(&mut self, kind: Kind, id: Guid) -> Option<Arc<Row>> {
        self.note(kind, id);
        self.unlink(kind, id);
        let (now, version) = (self.clock.now(), self.next_version());
        self.table_mut(kind).remove(id, now, version)
    }

    fn store(&mut self, kind: Kind, row: Arc<Row>) {
        self.unlink(kind, row.id);
        let table = &mut self.tables[kind.index()];
        self.links.add(&table.schema, &row);
        table.put(row);
    }

    fn unlink(&mut self, kind: Kind, id: Guid) {
        let table = &self.tables[kind.index()];
        if let Some(before) = table.get_for_write(id) {
            self.links.remove(&table.schema, before);
        }
    }

    /// Returns the rows whose lookups lead to one.
    pub(crate) fn leading_to(&self, id: Guid) -> Vec<(Kind, Guid)> {
        self.links.to(id)
    }

    fn note(&mut self, kind: Kind, id: Guid) {
        let before = self.table(kind).get_for_write(id).cloned();
        if let Some(journal) = &mut self.journal {
            journal.push((kind, id, before));
        }
    }

    /// Runs a transaction: all of its changes stay, or none does.
    pub(crate) fn whole<T>(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if self.journal.is_some() {
            // A transaction inside another one is a part of it.
            return run(self);
        }
        self.journal = Some(Vec::new());
        let outcome = run(self);
        let journal = self.journal.take().unwrap_or_default();
        if outcome.is_err() {
            for (kind, id, before) in journal.into_iter().rev() {
                match before {
                    Some(row) => self.store(kind, row),
                    None => {
                        self.unlink(kind, id);
                        self.table_mut(kind).forget(id);
                    }
                }
            }
        }
        outcome
    }

    /// Returns whether the end of a lookup exists.
    pub(crate) fn is_there(&self, end: &End) -> bool {
        match Kind::of_logical(&end.table) {
            Some(kind) => self.has(kind) && self.table(kind).get(end.id).is_some(),
            None => self.others.contains_key(&end.id),
        }
    }

    /// Returns the name of the end of a lookup.
    pub(crate) fn name_of(&self, end: &End) -> Option<String> {
        let Some(kind) = Kind::of_logical(&end.table) else {
            return self.others.get(&end.id).cloned();
        };
        let table = self.table(kind);
        let name = table.get(end.id)?.text(&table.schema, kind.name_column())?;
        Some(name.into_owned())
    }

    /// Returns the number of a table's rows as it was when everything was counted last.
    pub(crate) fn total(&mut self, kind: Kind) -> usize {
        let now = self.now();
        let known = self.totals.filter(|(counted, _)| now - counted < DAY);
        let (_, numbers) =
            known.unwrap_or_else(|| (now, Kind::ALL.map(|kind| self.table(kind).all())));
        self.totals = known.or(Some((now, numbers)));
        numbers[kind.index()]
    }

    /// Returns the simulator's present time.
    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }
}
