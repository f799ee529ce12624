//! A client's writes: create, change and delete, and what they must not do.

use serde_json::{Map, Value};

use super::derived::defaults;
use super::duplicates::Saving;
use super::encode::{Care, encode};
use super::error::Refusal;
use super::id::Id;
use super::org::Org;
use super::row::{Row, Values, plain, quoted};
use super::schema::{Field, Schema};
use super::time;

impl Org {
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
        // A person account's name is made from the person's name.
        let is_named = table.schema.is_person_account(&values);
        let missing: Vec<_> = (0_u16..)
            .zip(&table.schema.fields)
            .filter(|(index, field)| field.required && !values.contains_key(index))
            .filter(|(_, field)| !(is_named && field.name == "Name"))
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

    /// Refuses what a write must not do: reuse an external id, or refer to nothing or to a converted lead.
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

/// Returns a client's values after checking each.
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
