//! Control requests that store values as they are.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::derived::defaults;
use super::encode::{Care, encode};
use super::error::Refusal;
use super::id::Id;
use super::org::Org;
use super::row::{Values, plain, quoted};
use super::schema::{Field, Schema};
use super::time::{self, Millis};

/// The first time stamp of loaded records without one of their own: 2026-01-01T00:00:00Z.
const LOAD_EPOCH: Millis = 1_767_225_600_000;
/// The distance between these time stamps. Half a million records span 58 days.
const LOAD_STEP: Millis = 10_000;

impl Org {
    /// Changes any field, including system fields. If SystemModstamp is not given, it becomes the clock's time.
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

    /// Stores a record as it is given and fills in what is missing. The same input gives the same records.
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
}

/// Applies a control request's values. An unknown custom field is created.
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
