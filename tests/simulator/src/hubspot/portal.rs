//! The account: its records, its associations and its clock.

use std::sync::Arc;

use super::config::Config;
use super::error::Refusal;
use super::kind::Kind;
use super::labels::Labels;
use super::links::Links;
use super::row::Row;
use super::table::Table;
use super::time::Millis;
use crate::kit::clock::Clock;

/// The state that requests read and change.
#[derive(Debug)]
pub(crate) struct Portal {
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    pub(crate) links: Links,
    pub(crate) labels: Labels,
    tables: [Table; 5],
}

impl Portal {
    pub(crate) fn new(config: Config) -> Self {
        let first = config.first_id;
        Self {
            clock: Clock::default(),
            links: Links::default(),
            labels: Labels::default(),
            tables: Kind::ALL.map(|kind| Table::new(kind, first)),
            config,
        }
    }

    pub(crate) fn table(&self, kind: Kind) -> &Table {
        &self.tables[kind.index()]
    }

    pub(crate) fn table_mut(&mut self, kind: Kind) -> &mut Table {
        &mut self.tables[kind.index()]
    }

    /// Forgets all records. Properties and labels stay.
    pub(crate) fn clear(&mut self) {
        self.links.clear();
        for (kind, table) in Kind::ALL.into_iter().zip(&mut self.tables) {
            let schema = table.schema.clone();
            *table = Table::new(kind, self.config.first_id);
            for property in schema.properties {
                table.add_property(property);
            }
        }
    }

    /// Shows held records that are due.
    pub(crate) fn tick(&mut self) {
        let now = self.clock.now();
        for table in &mut self.tables {
            table.tick(now);
        }
    }

    /// Shows all held records.
    pub(crate) fn release(&mut self) -> usize {
        let now = self.clock.now();
        self.tables.iter_mut().map(|table| table.release(now)).sum()
    }

    /// Returns when the search index learns of a change that is made now. `None` means at once.
    pub(crate) fn due(&self) -> Option<Millis> {
        let lag = self.config.index_lag;
        (lag > 0).then(|| self.clock.now() + lag)
    }

    /// Returns a record that exists and is not archived.
    pub(crate) fn live(&self, kind: Kind, id: u64) -> Option<&Arc<Row>> {
        self.table(kind)
            .get(id)
            .filter(|row| row.archived.is_none())
    }

    /// Returns the record, or the refusal of a request for it.
    pub(crate) fn needed(&self, kind: Kind, id: u64) -> Result<&Arc<Row>, Refusal> {
        self.live(kind, id).ok_or_else(Refusal::not_found)
    }

    /// Returns the live record that a text names: by its id, or by a property with unique values.
    pub(crate) fn find(
        &self,
        kind: Kind,
        key: &str,
        id_property: Option<&str>,
    ) -> Result<Option<u64>, Refusal> {
        let table = self.table(kind);
        let Some(name) = id_property.filter(|name| *name != "hs_object_id") else {
            return Ok(key.parse().ok());
        };
        if kind == Kind::Contact && name == "email" {
            return Ok(table.by_email(key));
        }
        let unique = table
            .schema
            .find(name)
            .filter(|index| table.schema.property(*index).is_some_and(|one| one.unique));
        match unique {
            Some(index) => Ok(table.by_external(index, key)),
            None => Err(Refusal::invalid(format!(
                "{name} is not a unique identifier property on {}",
                kind.singular().to_uppercase()
            ))),
        }
    }
}
