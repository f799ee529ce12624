//! Converts a row's values to an item.

use std::{borrow::Cow, collections::HashMap};

use domain::{
    number,
    record::{Item, MatchingAttributes, Parent, Record, RecordId},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::{
    super::client::{canonical, sources::Slots},
    field::Kind,
    names::{STAMP, SURVIVOR, TABLE_OF_LOOKUP, id, object_of},
    shape::ObjectShape,
};

/// The longest value that is kept, in bytes as sent. Dataverse's longest text has 1,048,576 characters; rows with such are rare,
/// and a page of them would not fit into the memory.
const LONGEST_VALUE: usize = 1 << 20;

/// A record's row.
#[derive(Deserialize)]
#[serde(transparent)]
pub(in super::super) struct Row<'a>(#[serde(borrow)] HashMap<Cow<'a, str>, &'a RawValue>);

impl<'a> Row<'a> {
    /// Parses a row. `None` if it is no object.
    pub(in super::super) fn parse(raw: &'a RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    /// Returns a value that is a text.
    pub(in super::super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        text(self.0.get(name)?)
    }

    /// Returns the id of a record that is gone. Rows of records have no `reason`.
    fn gone(&self) -> Option<Option<RecordId>> {
        self.0.get("reason")?;
        let told = self.text("id")?;
        // The id may stand in an address, `accounts(..)`.
        let told = told.rsplit_once('(').map_or(&*told, |(_, rest)| rest);
        Some(id(told.trim_end_matches(')')))
    }
}

/// Makes a row's item.
pub(in super::super) fn items(shape: &ObjectShape, raw: &RawValue, out: &mut Vec<Item>) {
    let Some(row) = Row::parse(raw) else {
        out.push(bad(None, "record.unreadable"));
        return;
    };
    if let Some(gone) = row.gone() {
        out.push(match gone {
            Some(id) => Item::Gone { id, survivor: None },
            None => bad(None, "record.id_malformed"),
        });
        return;
    }
    let Some(id) = row.text(shape.id()).and_then(|text| id(&text)) else {
        out.push(bad(None, "record.id_malformed"));
        return;
    };
    if let Some(survivor) = row.text(SURVIVOR) {
        // A merged record stays in its table, and names the one that it went into.
        let survivor = super::super::names::id(&survivor);
        out.push(Item::Gone { id, survivor });
        return;
    }
    let stamp = row.text(STAMP);
    let Some(modified) = stamp.and_then(|text| canonical::instant(&text)) else {
        out.push(bad(Some(id), "record.time_malformed"));
        return;
    };
    out.push(match record(shape, &row, id.clone(), modified) {
        Ok(record) => Item::Live(record),
        Err(reason) => bad(Some(id), reason),
    });
}

fn bad(id: Option<RecordId>, reason: &'static str) -> Item {
    Item::Bad { id, reason }
}

fn record(
    shape: &ObjectShape,
    row: &Row<'_>,
    id: RecordId,
    modified: jiff::Timestamp,
) -> Result<Record, &'static str> {
    let mut slots: Vec<Option<Cow<'_, str>>> = Vec::with_capacity(shape.fields.len());
    for field in &shape.fields {
        let raw = row.0.get(&*field.name).filter(|raw| !is_empty(raw));
        slots.push(raw.map(|raw| value(field.kind, raw)).transpose()?);
    }
    let mut display = shape.display.values(&slots);
    // A currency is a record of its own. Its name is what people know.
    display.currency = display.currency.and_then(|of| {
        let of = super::super::names::id(&of)?;
        shape.currencies.get(&of).cloned()
    });
    let table = |name: &str| row.text(&format!("{name}{TABLE_OF_LOOKUP}"));
    Ok(Record {
        fields: fields(shape, &slots).into(),
        attributes: attributes(shape, &slots, table)?,
        display,
        people: shape
            .people
            .people(&shape.fields, |at| slots.get(at)?.as_deref()),
        id,
        modified,
    })
}

fn is_empty(raw: &RawValue) -> bool {
    matches!(raw.get(), "null" | "\"\"")
}

/// Returns a text. `None` if the value is empty or is no text.
fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    if is_empty(raw) {
        return None;
    }
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    match memchr::memchr(b'\\', inner.as_bytes()) {
        None => Some(Cow::Borrowed(inner)),
        Some(_) => serde_json::from_str(raw.get()).ok().map(Cow::Owned),
    }
}

/// Returns a value in its one spelling.
fn value<'a>(kind: Kind, raw: &'a RawValue) -> Result<Cow<'a, str>, &'static str> {
    if raw.get().len() > LONGEST_VALUE {
        return Err("record.field_too_large");
    }
    match kind {
        Kind::Number => {
            let mut digits = String::new();
            let fits = number::push(&mut digits, raw.get());
            fits.then(|| digits.into()).ok_or("record.field_type")
        }
        Kind::Boolean => match raw.get() {
            text @ ("true" | "false") => Ok(text.into()),
            _ => Err("record.field_type"),
        },
        Kind::Lookup => {
            let text = text(raw).ok_or("record.field_type")?;
            Ok(text.to_ascii_lowercase().into())
        }
        Kind::Text | Kind::Phone | Kind::Code | Kind::Time => text(raw).ok_or("record.field_type"),
    }
}

fn fields(shape: &ObjectShape, slots: &Slots<'_>) -> String {
    let mut out = String::with_capacity(2_048);
    out.push('{');
    for (field, text) in shape.fields.iter().zip(slots) {
        let Some(text) = text else {
            continue;
        };
        if out.len() > 1 {
            out.push(',');
        }
        canonical::push_text(&mut out, &field.name);
        out.push(':');
        match field.kind {
            Kind::Number | Kind::Boolean => out.push_str(text),
            // A day has no time, and stays as it is.
            Kind::Time if canonical::push_time(&mut out, text) => {}
            Kind::Text | Kind::Phone | Kind::Code | Kind::Time | Kind::Lookup => {
                canonical::push_text(&mut out, text);
            }
        }
    }
    out.push('}');
    out
}

/// Returns a record's matching attributes. `table` returns what the answer says of the table that a lookup leads to.
pub(in super::super) fn attributes<'t>(
    shape: &ObjectShape,
    slots: &Slots<'_>,
    table: impl Fn(&str) -> Option<Cow<'t, str>>,
) -> Result<MatchingAttributes, &'static str> {
    let mut parent = None;
    for source in &shape.parents {
        let Some(text) = slots.get(source.at).and_then(Option::as_deref) else {
            continue;
        };
        let name = shape.fields.get(source.at).map_or("", |field| &*field.name);
        let object = match source.object {
            Some(object) => Some(object),
            // Tasks are about records of many tables, and most of these are not copied.
            None => table(name).and_then(|table| object_of(&table)),
        };
        if let Some(object) = object {
            let id = id(text).ok_or("record.parent_malformed")?;
            parent = Some(Parent::of(object, id));
            break;
        }
    }
    Ok(MatchingAttributes {
        parent,
        ..shape.attributes.values(slots)
    })
}
