//! The history of properties: which values a record had before, since when, and who set them.
//!
//! Values that never changed since the record was made are not stored here a second time. Their only entry is made from the record.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::row::Row;
use super::schema::Schema;
use super::time::{self, Millis};
use super::writer::Writer;
use crate::kit::packed::{Values, plain};

/// Who set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Writer(Writer),
    /// A merge of two records.
    Merge,
}

/// One value of one property.
#[derive(Debug)]
struct Entry {
    property: u16,
    at: Millis,
    /// The value as it is stored. Empty if the property was cleared.
    value: Vec<u8>,
    /// `None` if whoever made the record set it.
    by: Option<By>,
}

/// The changes of all records of one object, in the order in which they happened.
#[derive(Debug, Default)]
pub(crate) struct History(HashMap<u64, Vec<Entry>>);

impl History {
    /// Notes which values of a record are about to change.
    pub(crate) fn note(&mut self, before: &Row, after: &Values, at: Millis, by: By) {
        let earlier = before.unpack();
        let names = earlier
            .keys()
            .chain(after.keys().filter(|one| !earlier.contains_key(*one)));
        for property in names {
            let (old, new) = (earlier.get(property), after.get(property));
            if old == new {
                continue;
            }
            let entries = self.0.entry(before.id).or_default();
            let is_first = !entries.iter().any(|one| one.property == *property);
            if let Some(old) = old.filter(|_| is_first) {
                entries.push(Entry {
                    property: *property,
                    at: before.created,
                    value: old.clone(),
                    by: None,
                });
            }
            entries.push(Entry {
                property: *property,
                at,
                value: new.cloned().unwrap_or_default(),
                by: Some(by),
            });
        }
    }

    /// Gives a record the changes of another one, which was merged into it.
    pub(crate) fn carry(&mut self, from: u64, to: u64) {
        if let Some(entries) = self.0.remove(&from) {
            self.0.insert(to, entries);
        }
    }

    pub(crate) fn forget(&mut self, id: u64) {
        self.0.remove(&id);
    }

    /// Returns the member `propertiesWithHistory`: each property's values, the latest first.
    pub(crate) fn told(&self, row: &Row, schema: &Schema, properties: &[u16]) -> Value {
        let mut told = Map::new();
        for index in properties {
            let Some(property) = schema.property(*index) else {
                continue;
            };
            let entries = self.0.get(&row.id).into_iter().flatten();
            let of_it = entries.filter(|one| one.property == *index);
            let mut values: Vec<Value> = of_it.map(|one| entry(one, row, schema)).collect();
            values.reverse();
            if values.is_empty() {
                let since = row.text(schema, *index);
                values.extend(since.map(|text| made(&text, row.created, row, schema)));
            }
            told.insert(property.name.clone(), Value::Array(values));
        }
        Value::Object(told)
    }
}

fn entry(one: &Entry, row: &Row, schema: &Schema) -> Value {
    let text = match one.value.as_slice() {
        [] => String::new(),
        json => plain(json).into_owned(),
    };
    let at = time::text(one.at);
    match one.by {
        _ if schema
            .property(one.property)
            .is_some_and(|of| of.calculated) =>
        {
            json!({ "value": text, "timestamp": at, "sourceType": "CALCULATED" })
        }
        None => made(&text, one.at, row, schema),
        Some(By::Merge) => {
            json!({ "value": text, "timestamp": at, "sourceType": "MERGE_OBJECTS" })
        }
        Some(By::Writer(writer)) => {
            let (kind, id) = writer.source();
            let mut entry = json!({
                "value": text, "timestamp": at, "sourceType": kind, "sourceId": id,
            });
            if writer == Writer::Person {
                entry["updatedByUserId"] = json!(super::auth::USER_ID);
            }
            entry
        }
    }
}

/// Returns the entry of a value that a record had from the beginning.
fn made(text: &str, at: Millis, row: &Row, schema: &Schema) -> Value {
    let of = |name: &str| row.named(schema, name).map(std::borrow::Cow::into_owned);
    let kind = of("hs_object_source").unwrap_or_else(|| "IMPORT".to_owned());
    json!({
        "value": text, "timestamp": time::text(at), "sourceType": kind, "sourceId": of("hs_object_source_id"),
    })
}
