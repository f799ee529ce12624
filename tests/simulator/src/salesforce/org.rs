//! The organisation: how its records are found and stored.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::derived::derive;
use super::error::Refusal;
use super::id::Id;
use super::row::{Row, Values, plain, quoted};
use super::rules::DuplicateRule;
use super::schema::{PERMISSIONS, Schema};
use super::table::Table;
use super::time::{self, Clock, Millis};

/// What undoes one write: the object, the id, and the row before.
pub(crate) type Undo = (&'static str, Id, Option<Arc<Row>>);

/// All records, and the clock.
pub(crate) struct Org {
    pub(crate) tables: Vec<Table>,
    pub(crate) clock: Clock,
    pub(crate) user: Id,
    pub(crate) duplicate_rules: Vec<DuplicateRule>,
    /// The deletion log has no deletions before this time.
    pub(crate) deletion_log_start: Millis,
    /// While it is set: what each write replaced, so that all of them can be undone.
    pub(crate) journal: Option<Vec<Undo>>,
    /// New stamps are rounded down to a multiple of this. Salesforce shows whole seconds.
    stamp_step: Millis,
}
impl Org {
    pub(crate) fn new(user: Id, stamp_step: Millis, schemas: Vec<Schema>) -> Self {
        let tables = schemas.into_iter().map(Table::new).collect();
        let mut org = Self {
            tables,
            clock: Clock::default(),
            user,
            duplicate_rules: Vec::new(),
            deletion_log_start: Millis::MIN / 2,
            journal: None,
            stamp_step: stamp_step.max(1),
        };
        let permitted = Map::from_iter([("PermissionsApiEnabled".to_owned(), Value::Bool(true))]);
        // The schema is our own and the value fits it, so this cannot fail.
        let _ = org.load(PERMISSIONS, &permitted);
        org
    }

    /// Shows held records that are due. It must be called before anything is read.
    pub(crate) fn tick(&mut self) {
        let now = self.clock.now();
        for table in &mut self.tables {
            table.release(now, false);
        }
    }

    pub(crate) fn table(&self, object: &str) -> Result<&Table, Refusal> {
        self.tables
            .iter()
            .find(|table| table.schema.object.eq_ignore_ascii_case(object))
            .ok_or_else(|| Refusal::no_such_object(object))
    }

    pub(crate) fn table_mut(&mut self, object: &str) -> Result<&mut Table, Refusal> {
        let found = self
            .tables
            .iter_mut()
            .find(|table| table.schema.object.eq_ignore_ascii_case(object));
        found.ok_or_else(|| Refusal::no_such_object(object))
    }

    /// Returns the object of an id, by its first three characters.
    pub(crate) fn object_of(&self, id: Id) -> Option<&'static str> {
        self.tables
            .iter()
            .map(|table| &table.schema)
            .find(|schema| id.as_str().starts_with(schema.prefix))
            .map(|schema| schema.object)
    }

    pub(crate) fn stamp(&self) -> Millis {
        let now = self.clock.now();
        now - now.rem_euclid(self.stamp_step)
    }

    /// Returns the record if it exists and is not deleted.
    pub(crate) fn live(&self, object: &str, id: Id) -> Result<Arc<Row>, Refusal> {
        let table = self.table(object)?;
        match table.get_for_write(id) {
            Some(row) if row.deleted => Err(Refusal::entity_is_deleted()),
            Some(row) => Ok(Arc::clone(row)),
            None if table.deletions.contains_key(&id) => Err(Refusal::entity_is_deleted()),
            None => Err(Refusal::not_found()),
        }
    }

    /// Returns live records that refer to an id in one of some fields.
    pub(crate) fn children(
        &self,
        id: Id,
        fields: &[&str],
    ) -> Result<Vec<(&'static str, Id)>, Refusal> {
        let wanted = quoted(id.as_str());
        let mut found = Vec::new();
        for table in &self.tables {
            let fields: Vec<u16> = fields
                .iter()
                .filter_map(|name| table.schema.find(name))
                .collect();
            let rows = table.by_id(std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
            let refers =
                |row: &&Arc<Row>| fields.iter().any(|index| row.get(*index) == Some(&wanted));
            found.extend(
                rows.filter(|row| !row.deleted)
                    .filter(refers)
                    .map(|row| (table.schema.object, row.id)),
            );
        }
        Ok(found)
    }

    /// Stores values with the clock's time stamp.
    pub(crate) fn touch(
        &mut self,
        object: &str,
        id: Id,
        mut values: Values,
    ) -> Result<(), Refusal> {
        let (stamp, user) = (self.stamp(), self.user);
        let schema = &self.table(object)?.schema;
        for name in ["LastModifiedDate", "SystemModstamp"] {
            values.insert(schema.index(name), quoted(&time::rest_text(stamp)));
        }
        values.insert(schema.index("LastModifiedById"), quoted(user.as_str()));
        self.store(object, id, values);
        Ok(())
    }

    pub(super) fn store(&mut self, object: &str, id: Id, mut values: Values) {
        let Ok(table) = self.table(object) else {
            return;
        };
        let undo = (table.schema.object, id, table.get_for_write(id).cloned());
        if let Some(journal) = &mut self.journal {
            journal.push(undo);
        }
        let Ok(table) = self.table_mut(object) else {
            return;
        };
        derive(&table.schema, &mut values);
        let stamp = values
            .get(&table.schema.index("SystemModstamp"))
            .and_then(|json| time::parse(&plain(json)))
            .unwrap_or_default();
        let deleted = values
            .get(&table.schema.index("IsDeleted"))
            .is_some_and(|json| json == b"true");
        table.put(Row::pack(id, stamp, deleted, &values));
    }

    /// Undoes journalled writes, the last one first.
    pub(crate) fn rewind(&mut self, journal: Vec<Undo>) {
        for (object, id, before) in journal.into_iter().rev() {
            let Ok(table) = self.table_mut(object) else {
                continue;
            };
            match before {
                Some(row) if !row.deleted => {
                    table.deletions.remove(&id);
                    table.restore(row);
                }
                Some(row) => table.restore(row),
                None => table.forget(id),
            }
        }
    }
}
