//! Control operations: what a test does to the CRM behind the client's back.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::encode::whole;
use super::error::Refusal;
use super::guid::Guid;
use super::kind::Kind;
use super::lifecycle::Becomes;
use super::load::Line;
use super::row::Row;
use super::state::State;
use super::time::Millis;
pub use super::values::Columns;
use super::write::Duplicates;
use crate::kit::control;
pub use crate::kit::control::Count;
use crate::kit::control::each_line;

/// The control operations, in process.
pub type Control = control::Control<State>;

/// The result of an operation. An unknown table, id or column gives the refusal that Dataverse would answer.
pub type Outcome<T> = Result<T, Refusal>;

impl Control {
    /// Stores a row. See [`Line`].
    pub fn load_line(&self, line: &Line) -> Outcome<String> {
        Ok(self.state.org().load_line(line)?.to_string())
    }

    /// Stores a row with columns as a [`Line`] has them.
    pub fn load(&self, object: &str, columns: &Columns) -> Outcome<String> {
        self.load_line(&Line {
            object: object.to_owned(),
            id: None,
            columns: columns.clone(),
        })
    }

    /// Stores lines of JSON, each a [`Line`]. Stops at the first line that is refused, and names its number.
    pub fn load_lines(&self, lines: &str) -> Outcome<usize> {
        let mut org = self.state.org();
        let loaded = each_line(lines, |line: Line| {
            let loaded = org.load_line(&line);
            loaded.map(drop).map_err(|refusal| refusal.message)
        });
        loaded.map_err(|message| Refusal::new(400, "INVALID_LINE", message))
    }

    /// Forgets all rows. Columns stay.
    pub fn clear(&self) {
        self.state.org().clear();
    }

    /// Creates a row as a user in the browser would. Times come from the clock.
    pub fn create(&self, object: &str, columns: &Columns) -> Outcome<String> {
        let kind = kind(object)?;
        let mut org = self.state.org();
        let row = org.create(kind, None, columns, Duplicates::Suppressed)?;
        Ok(row.id.to_string())
    }

    /// Changes columns as a user would. Time and version move.
    pub fn edit(&self, object: &str, id: &str, columns: &Columns) -> Outcome<()> {
        let mut org = self.state.org();
        org.update(kind(object)?, parsed(id)?, columns, Duplicates::Suppressed)
            .map(drop)
    }

    /// Changes columns without moving the time, as some of the system's own jobs do. The version moves.
    pub fn edit_silently(&self, object: &str, id: &str, columns: &Columns) -> Outcome<()> {
        let (kind, id) = (kind(object)?, parsed(id)?);
        let mut org = self.state.org();
        let before = org.needed(kind, id)?.modified;
        let row = org.update(kind, id, columns, Duplicates::Suppressed)?;
        let values = row.unpack();
        let times = (row.created, before);
        org.put(kind, Row::pack(id, times, row.version, &values));
        Ok(())
    }

    /// Deletes a row for good. Only change tracking knows of it.
    pub fn delete(&self, object: &str, id: &str) -> Outcome<()> {
        self.state.org().delete(kind(object)?, parsed(id)?)
    }

    /// Merges one row into another.
    pub fn merge(&self, object: &str, survivor: &str, loser: &str) -> Outcome<()> {
        let (survivor, loser) = (parsed(survivor)?, parsed(loser)?);
        let mut org = self.state.org();
        org.merge(kind(object)?, survivor, loser, &Columns::new())
    }

    /// Qualifies a lead into an account, a contact and, on request, an opportunity. Returns the ids by tables.
    pub fn qualify(&self, lead: &str, opportunity: bool) -> Outcome<BTreeMap<String, String>> {
        let becomes = Becomes {
            account: true,
            contact: true,
            opportunity,
        };
        let made = self.state.org().qualify(parsed(lead)?, becomes, 3)?;
        let named = |(kind, id): (Kind, Guid)| (kind.logical().to_owned(), id.to_string());
        Ok(made.into_iter().map(named).collect())
    }

    /// Hides a row from every request until a time of the simulator's clock, or until [`Self::release`]: its transaction has
    /// not ended.
    pub fn hold(&self, object: &str, id: &str, until: Option<Millis>) -> Outcome<()> {
        let (kind, id) = (kind(object)?, parsed(id)?);
        if self.state.org().table_mut(kind).hold(id, until) {
            Ok(())
        } else {
            Err(Refusal::no_row(object, id))
        }
    }

    /// Shows all held rows.
    pub fn release(&self) -> usize {
        self.state.org().release()
    }

    /// Sets the same time on all rows of a table, as a mass update within one second does.
    pub fn restamp(&self, object: &str, modified: Millis) -> Outcome<usize> {
        let kind = kind(object)?;
        let mut org = self.state.org();
        let rows: Vec<_> = org
            .table(kind)
            .by_id(Bound::Unbounded, Bound::Unbounded)
            .cloned()
            .collect();
        for row in &rows {
            let version = org.next_version();
            let moved = Row::pack(row.id, (row.created, modified), version, &row.unpack());
            org.put(kind, moved);
        }
        Ok(rows.len())
    }

    /// Returns the numbers of rows per table, by the names of sets.
    pub fn counts(&self) -> BTreeMap<String, Count> {
        let org = self.state.org();
        let count = |kind: Kind| Count {
            live: org.table(kind).live(),
            all: org.table(kind).all(),
        };
        Kind::ALL
            .into_iter()
            .map(|kind| (kind.set().to_owned(), count(kind)))
            .collect()
    }

    /// Returns the ids of one table in the database's order.
    pub fn ids(&self, object: &str) -> Outcome<Vec<String>> {
        let org = self.state.org();
        let rows = org
            .table(kind(object)?)
            .by_id(Bound::Unbounded, Bound::Unbounded);
        Ok(rows.map(|row| row.id.to_string()).collect())
    }

    /// Returns all columns of a row that are not null, for held rows, too. A lookup is its id, under its name in answers.
    pub fn get(&self, object: &str, id: &str) -> Outcome<Columns> {
        let org = self.state.org();
        let (kind, id) = (kind(object)?, parsed(id)?);
        let table = org.table(kind);
        let row = table.get_for_write(id);
        let row = row.ok_or_else(|| Refusal::no_row(kind.logical(), id))?;
        Ok(whole(&table.schema, row))
    }
}

pub(super) fn kind(object: &str) -> Outcome<Kind> {
    Kind::parse(object).ok_or_else(|| Refusal::no_segment(object))
}

fn parsed(id: &str) -> Outcome<Guid> {
    Guid::parse(id).ok_or_else(|| Refusal::query(format!("{id} is no id")))
}
