//! Which rows lead to which by their lookups, so that a deletion does not look at every row.

use std::collections::BTreeSet;

use super::guid::Guid;
use super::kind::Kind;
use super::row::Row;
use super::schema::Schema;

/// The lookups between tables that have rows of their own.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// The row at the end, and the row whose lookup leads there.
    all: BTreeSet<(Guid, Kind, Guid)>,
}

impl Links {
    pub(crate) fn add(&mut self, schema: &Schema, row: &Row) {
        for end in ends(schema, row) {
            self.all.insert((end, schema.kind, row.id));
        }
    }

    pub(crate) fn remove(&mut self, schema: &Schema, row: &Row) {
        for end in ends(schema, row) {
            self.all.remove(&(end, schema.kind, row.id));
        }
    }

    pub(crate) fn clear(&mut self) {
        self.all.clear();
    }

    /// Returns the rows that lead to one.
    pub(crate) fn to(&self, end: Guid) -> Vec<(Kind, Guid)> {
        let from = (end, Kind::Account, Guid::FIRST);
        let all = self.all.range(from..);
        all.take_while(|(found, ..)| *found == end)
            .map(|(_, kind, id)| (*kind, *id))
            .collect()
    }
}

fn ends(schema: &Schema, row: &Row) -> impl Iterator<Item = Guid> {
    let lookups = schema.indexed().filter(|(_, field)| field.kind.is_lookup());
    lookups
        .filter_map(|(index, _)| row.end(index))
        .filter(|end| Kind::of_logical(&end.table).is_some())
        .map(|end| end.id)
}
