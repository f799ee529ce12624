//! The organisation: its records, and every way they change.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::duplicates::{DuplicateRule, Saving};
use super::encode::{Care, encode};
use super::error::Refusal;
use super::id::Id;
use super::row::{Row, Values, plain};
use super::schema::{Field, Schema};
use super::table::Table;
use super::time::{self, Clock, Millis};

/// Where the times of loaded records start that bring none: 2026-01-01T00:00:00Z.
const LOAD_EPOCH: Millis = 1_767_225_600_000;
/// How far apart they are: half a million records span 58 days.
const LOAD_STEP: Millis = 10_000;

/// One write undone: the object, the id, what was there before.
pub(crate) type Undo = (&'static str, Id, Option<Arc<Row>>);

/// All records and the clock.
pub(crate) struct Org {
    pub(crate) tables: Vec<Table>,
    pub(crate) clock: Clock,
    pub(crate) user: Id,
    pub(crate) duplicate_rules: Vec<DuplicateRule>,
    /// What was deleted before is not in the deletion log any more.
    pub(crate) deletion_log_start: Millis,
    /// While set, what each write replaced, so that all of them can be undone.
    pub(crate) journal: Option<Vec<Undo>>,
    /// New stamps are cut to a multiple of this; Salesforce shows whole seconds.
    stamp_step: Millis,
}

impl Org {
    pub(crate) fn new(user: Id, stamp_step: Millis) -> Self {
        let tables = Schema::all().into_iter().map(Table::new).collect();
        Self {
            tables,
            clock: Clock::default(),
            user,
            duplicate_rules: Vec::new(),
            deletion_log_start: Millis::MIN / 2,
            journal: None,
            stamp_step: stamp_step.max(1),
        }
    }

    /// Shows what has become due; to be called before anything is read.
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

    /// The object that an id belongs to, by its first three characters.
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

    /// Creates a record as a client's POST does.
    pub(crate) fn create(
        &mut self,
        object: &str,
        fields: &Map<String, Value>,
        saving: Saving,
    ) -> Result<Id, Refusal> {
        let (stamp, user) = (self.stamp(), self.user);
        let table = self.table(object)?;
        let object = table.schema.object;
        let mut values = given(&table.schema, fields)?;
        let missing: Vec<_> = (0_u16..)
            .zip(&table.schema.fields)
            .filter(|(index, field)| field.required && !values.contains_key(index))
            .collect();
        if !missing.is_empty() {
            let names: Vec<_> = missing
                .iter()
                .map(|(_, field)| field.name.as_str())
                .collect();
            return Err(Refusal::on_fields(
                "REQUIRED_FIELD_MISSING",
                format!("Required fields are missing: [{}]", names.join(", ")),
                &names,
            ));
        }
        self.check(object, None, &values)?;
        self.check_duplicates(object, &values, saving)?;
        let table = self.table_mut(object)?;
        let id = table.fresh_id();
        defaults(&table.schema, &mut values, id, user);
        for name in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
            values.insert(table.schema.index(name), quoted(&time::rest_text(stamp)));
        }
        self.store(object, id, values);
        Ok(id)
    }

    /// Changes a record as a client's PATCH does.
    pub(crate) fn update(
        &mut self,
        object: &str,
        id: Id,
        fields: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let row = self.live(object, id)?;
        let table = self.table(object)?;
        let converted = row.get(table.schema.index("IsConverted")) == Some(b"true");
        if converted {
            return Err(Refusal::on_fields(
                "CANNOT_UPDATE_CONVERTED_LEAD",
                "cannot reference converted lead",
                &[],
            ));
        }
        let changes = given(&table.schema, fields)?;
        self.check(object, Some(id), &changes)?;
        let mut values = row.unpack();
        for name in fields.keys() {
            values.remove(&self.table(object)?.schema.index(name));
        }
        values.extend(changes);
        self.touch(object, id, values)
    }

    /// Changes any field, system ones included; a SystemModstamp that is not given is the clock's.
    pub(crate) fn edit(
        &mut self,
        object: &str,
        id: Id,
        fields: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        let row = Arc::clone(
            self.table(object)?
                .get_for_write(id)
                .ok_or_else(Refusal::not_found)?,
        );
        let mut values = row.unpack();
        let table = self.table_mut(object)?;
        let stamped = fields
            .keys()
            .any(|name| name.eq_ignore_ascii_case("SystemModstamp"));
        lay(&mut table.schema, &mut values, fields)?;
        if stamped {
            self.store(object, id, values);
            return Ok(());
        }
        self.touch(object, id, values)
    }

    /// Puts a record in as it is given, filling in what is missing; the same input gives the same records.
    pub(crate) fn load(
        &mut self,
        object: &str,
        fields: &Map<String, Value>,
    ) -> Result<Id, Refusal> {
        let (now, user) = (self.stamp(), self.user);
        let table = self.table_mut(object)?;
        let object = table.schema.object;
        let mut values = Values::new();
        lay(&mut table.schema, &mut values, fields)?;
        let id = match fields.get("Id").and_then(Value::as_str) {
            Some(text) => Id::parse(text)
                .filter(|id| id.as_str().starts_with(text) && text.starts_with(table.schema.prefix))
                .ok_or_else(|| {
                    Refusal::new(
                        400,
                        "MALFORMED_ID",
                        format!("{object} id value of incorrect type or checksum: {text}"),
                    )
                })?,
            None => table.fresh_id(),
        };
        defaults(&table.schema, &mut values, id, user);
        let sequence = i64::try_from(table.all()).unwrap_or_default();
        let stamp = table.schema.index("SystemModstamp");
        let stamp = values
            .entry(stamp)
            .or_insert_with(|| quoted(&time::rest_text(now.min(LOAD_EPOCH + sequence * LOAD_STEP))))
            .clone();
        for name in ["CreatedDate", "LastModifiedDate"] {
            values
                .entry(table.schema.index(name))
                .or_insert_with(|| stamp.clone());
        }
        let deleted = values
            .get(&table.schema.index("IsDeleted"))
            .is_some_and(|value| value == b"true");
        self.store(object, id, values);
        if deleted {
            let at = time::parse(&plain(&stamp)).unwrap_or(now);
            self.table_mut(object)?.deletions.insert(id, at);
        }
        Ok(id)
    }

    /// Puts a record into the recycle bin.
    pub(crate) fn delete(&mut self, object: &str, id: Id, cascade: bool) -> Result<(), Refusal> {
        let row = self.live(object, id)?;
        self.set_deleted(object, &row, true, None)?;
        if cascade && self.table(object)?.schema.object == "Account" {
            for (child, child_id) in self.children(id, &["AccountId", "WhatId"])? {
                let row = self.live(child, child_id)?;
                self.set_deleted(child, &row, true, None)?;
            }
        }
        Ok(())
    }

    /// Takes a record out of the recycle bin.
    pub(crate) fn undelete(&mut self, object: &str, id: Id) -> Result<(), Refusal> {
        let row = self
            .table(object)?
            .get(id)
            .filter(|row| row.deleted)
            .cloned();
        let row = row.ok_or_else(|| {
            Refusal::on_fields("UNDELETE_FAILED", "Entity is not in the recycle bin", &[])
        })?;
        self.set_deleted(object, &row, false, None)
    }

    pub(crate) fn set_deleted(
        &mut self,
        object: &str,
        row: &Row,
        deleted: bool,
        master: Option<Id>,
    ) -> Result<(), Refusal> {
        let now = self.stamp();
        let table = self.table_mut(object)?;
        let mut values = row.unpack();
        values.insert(
            table.schema.index("IsDeleted"),
            deleted.to_string().into_bytes(),
        );
        if let Some(master) = master {
            values.insert(
                table.schema.index("MasterRecordId"),
                quoted(master.as_str()),
            );
        } else if let Some(field) = table.schema.find("MasterRecordId") {
            values.remove(&field);
        }
        if deleted {
            table.deletions.insert(row.id, now);
        } else {
            table.deletions.remove(&row.id);
        }
        self.touch(object, row.id, values)
    }

    /// Live records that refer to an id through one of some fields.
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

    /// The record, if it is there and not deleted.
    pub(crate) fn live(&self, object: &str, id: Id) -> Result<Arc<Row>, Refusal> {
        let table = self.table(object)?;
        match table.get_for_write(id) {
            Some(row) if row.deleted => Err(Refusal::entity_is_deleted()),
            Some(row) => Ok(Arc::clone(row)),
            None if table.deletions.contains_key(&id) => Err(Refusal::entity_is_deleted()),
            None => Err(Refusal::not_found()),
        }
    }

    /// Stores values under the clock's stamp.
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

    fn store(&mut self, object: &str, id: Id, mut values: Values) {
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

    /// Undoes journalled writes, the last first.
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

    /// What a write may not do: an external id twice, a reference to nothing or to a converted lead.
    fn check(&self, object: &str, own: Option<Id>, values: &Values) -> Result<(), Refusal> {
        let table = self.table(object)?;
        for (index, value) in values {
            let Some(field) = table.schema.field(*index) else {
                continue;
            };
            if field.external {
                let other = table
                    .by_external(*index, &plain(value))
                    .filter(|other| Some(*other) != own);
                if let Some(other) = other {
                    let message = format!(
                        "duplicate value found: {} duplicates value on record with id: {}",
                        field.name,
                        &other.as_str()[..15]
                    );
                    return Err(Refusal::on_fields("DUPLICATE_VALUE", message, &[]));
                }
            }
            if field.kind == "reference" && !field.references.iter().any(|object| object == "User")
            {
                self.check_reference(field, &plain(value))?;
            }
        }
        Ok(())
    }

    fn check_reference(&self, field: &Field, value: &str) -> Result<(), Refusal> {
        let id = Id::parse(value).unwrap_or(Id::MIN);
        let target = self
            .object_of(id)
            .filter(|object| field.references.iter().any(|allowed| allowed == object));
        let Some(target) = target else {
            let message = format!("{}: id value of incorrect type: {value}", field.name);
            return Err(Refusal::on_fields("MALFORMED_ID", message, &[&field.name]));
        };
        let row = self
            .live(target, id)
            .map_err(|refusal| match refusal.code.as_str() {
                "ENTITY_IS_DELETED" => refusal,
                _ => Refusal::on_fields(
                    "INVALID_CROSS_REFERENCE_KEY",
                    "invalid cross reference id",
                    &[&field.name],
                ),
            })?;
        if row.get(self.table(target)?.schema.index("IsConverted")) == Some(b"true") {
            return Err(Refusal::on_fields(
                "CANNOT_UPDATE_CONVERTED_LEAD",
                "cannot reference converted lead",
                &[&field.name],
            ));
        }
        Ok(())
    }
}

/// A client's values, each checked.
fn given(schema: &Schema, fields: &Map<String, Value>) -> Result<Values, Refusal> {
    let mut values = Values::new();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "attributes") {
        let Some((index, field)) = schema.visible(name) else {
            let message = format!(
                "No such column '{name}' on sobject of type {}",
                schema.object
            );
            return Err(Refusal::new(400, "INVALID_FIELD", message));
        };
        if field.system {
            let message = format!(
                "Unable to create/update fields: {name}. Please check the security settings of this field and verify that it is \
                 read/write for your profile or permission set."
            );
            return Err(Refusal::on_fields(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                message,
                &[name],
            ));
        }
        if let Some(json) = encode(field, value, Care::Api)? {
            values.insert(index, json);
        } else if field.required {
            return Err(Refusal::on_fields(
                "REQUIRED_FIELD_MISSING",
                format!("Required fields are missing: [{}]", field.name),
                &[&field.name],
            ));
        }
    }
    Ok(values)
}

/// A control request's values; a custom field that does not exist yet comes to be.
fn lay(
    schema: &mut Schema,
    values: &mut Values,
    fields: &Map<String, Value>,
) -> Result<(), Refusal> {
    for (name, value) in fields.iter().filter(|(name, _)| *name != "attributes") {
        let index = match schema.find(name) {
            Some(index) => index,
            None if name.ends_with("__c") => schema.add(Field::custom(name, value)),
            None => return Err(Refusal::no_such_column(name, schema.object)),
        };
        let Some(field) = schema.field(index) else {
            continue;
        };
        match encode(field, value, Care::Control)? {
            Some(json) => values.insert(index, json),
            None => values.remove(&index),
        };
    }
    Ok(())
}

fn defaults(schema: &Schema, values: &mut Values, id: Id, user: Id) {
    for (index, field) in (0_u16..).zip(&schema.fields) {
        let value = match (field.name.as_str(), field.kind.as_str(), &field.default) {
            ("Id", ..) => {
                values.insert(index, quoted(id.as_str()));
                continue;
            }
            ("OwnerId" | "CreatedById" | "LastModifiedById", ..) => quoted(user.as_str()),
            (_, "boolean", _) => b"false".to_vec(),
            (_, _, Some(text)) => quoted(text),
            _ => continue,
        };
        values.entry(index).or_insert(value);
    }
}

/// Fields that Salesforce computes from others.
fn derive(schema: &Schema, values: &mut Values) {
    let text = |values: &Values, name: &str| {
        values
            .get(&schema.index(name))
            .map(|json| plain(json).into_owned())
    };
    if matches!(schema.object, "Contact" | "Lead") {
        let parts: Vec<_> = ["FirstName", "LastName"]
            .iter()
            .filter_map(|name| text(values, name))
            .collect();
        values.insert(schema.index("Name"), quoted(&parts.join(" ")));
    }
    let closed = match schema.object {
        "Task" => text(values, "Status").is_some_and(|status| status == "Completed"),
        "Opportunity" => text(values, "StageName").is_some_and(|stage| stage.starts_with("Closed")),
        _ => return,
    };
    values.insert(schema.index("IsClosed"), closed.to_string().into_bytes());
    if schema.object == "Opportunity" {
        let won = text(values, "StageName").is_some_and(|stage| stage == "Closed Won");
        values.insert(schema.index("IsWon"), won.to_string().into_bytes());
    } else {
        let high = text(values, "Priority").is_some_and(|priority| priority == "High");
        values.insert(
            schema.index("IsHighPriority"),
            high.to_string().into_bytes(),
        );
    }
}

/// JSON text of a string.
pub(crate) fn quoted(text: &str) -> Vec<u8> {
    serde_json::to_vec(text).unwrap_or_default()
}
