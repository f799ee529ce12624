//! Converts a row's values to items.

use std::borrow::Cow;

use domain::record::{Item, MatchingAttributes, Parent, Record, RecordId};
use serde_json::value::RawValue;

use super::{
    super::{
        super::client::{
            canonical,
            sources::{Slots, first},
        },
        field::Kind,
        record_id::id,
        shape::ObjectShape,
    },
    answer::Row,
    parents::Parents,
};

/// The longest value that is kept, in bytes as sent. HubSpot's longest text has 65,536 characters. The bound is four
/// times that, and some room for escapes.
const LONGEST_VALUE: usize = 512 << 10;

/// The two properties in which a survivor names the records that were merged into it: ids, and for contacts ids with times.
const MERGED: [&str; 2] = ["hs_merged_object_ids", "hs_calculated_merged_vids"];

/// Makes a row's items: the record, and those that were merged into it.
pub(in super::super) fn items(
    shape: &ObjectShape,
    raw: &RawValue,
    parents: &Parents,
    out: &mut Vec<Item>,
) {
    let Ok(row) = serde_json::from_str::<Row<'_>>(raw.get()) else {
        out.push(bad(None, "record.unreadable"));
        return;
    };
    let Some(id) = id(&row.id) else {
        out.push(bad(None, "record.id_malformed"));
        return;
    };
    if row.archived {
        out.push(Item::Gone { id, survivor: None });
        return;
    }
    let value = |name: &str| text(row.properties.get(name)?);
    let stamp = value(shape.stamp()).or_else(|| row.updated_at.clone().map(Ok));
    let stamp = stamp.and_then(Result::ok);
    let Some(modified) = stamp.and_then(|text| canonical::instant(&text)) else {
        out.push(bad(Some(id), "record.time_malformed"));
        return;
    };
    let slots: Result<Vec<_>, &str> = shape.names().map(|name| value(name).transpose()).collect();
    let made = slots.and_then(|slots| {
        let record = Record {
            id: id.clone(),
            modified,
            fields: fields(shape, &slots)?.into(),
            attributes: attributes(shape, &slots, parents.of(&id))?,
            display: shape.display.values(&slots),
            people: shape
                .people
                .people(&shape.fields, |at| slots.get(at)?.as_deref()),
        };
        Ok((record, merged(shape, &slots, &id)))
    });
    match made {
        Ok((record, merged)) => {
            out.push(Item::Live(record));
            out.extend(merged);
        }
        Err(reason) => out.push(bad(Some(id), reason)),
    }
}

fn bad(id: Option<RecordId>, reason: &'static str) -> Item {
    Item::Bad { id, reason }
}

/// Returns a value's text. `None` if it is empty. A value that is no text keeps its spelling.
fn text(raw: &RawValue) -> Option<Result<Cow<'_, str>, &'static str>> {
    let raw = raw.get();
    if raw == "null" || raw == "\"\"" {
        return None;
    }
    if raw.len() > LONGEST_VALUE {
        return Some(Err("record.field_too_large"));
    }
    let Some(inner) = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) else {
        return Some(Ok(Cow::Borrowed(raw)));
    };
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Ok(Cow::Borrowed(inner)));
    }
    let text = serde_json::from_str(raw).map_err(|_| "record.not_utf8");
    Some(text.map(Cow::Owned))
}

fn fields(shape: &ObjectShape, slots: &Slots<'_>) -> Result<String, &'static str> {
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
        let is_time = field.kind == Kind::Time && canonical::push_time(&mut out, text);
        if !is_time {
            canonical::push_text(&mut out, text);
        }
    }
    out.push('}');
    Ok(out)
}

pub(in super::super) fn attributes(
    shape: &ObjectShape,
    slots: &Slots<'_>,
    associated: Option<&Parent>,
) -> Result<MatchingAttributes, &'static str> {
    let mut named = shape.parents.iter();
    let mirrored = named.find_map(|(object, at)| Some((*object, first(slots, &[*at])?)));
    let mirrored = mirrored.map(|(object, text)| {
        let id = id(&text).map(|id| Parent::of(object, id));
        id.ok_or("record.parent_malformed")
    });
    Ok(MatchingAttributes {
        parent: mirrored.transpose()?.or_else(|| associated.cloned()),
        ..shape.attributes.values(slots)
    })
}

/// Returns the records that were merged into a record. A merge may have made a new id, and then both earlier ones are named.
fn merged(shape: &ObjectShape, slots: &Slots<'_>, survivor: &RecordId) -> Vec<Item> {
    let mut ids: Vec<RecordId> = Vec::new();
    let named = shape.names().zip(slots);
    for (_, list) in named.filter(|(name, _)| MERGED.contains(name)) {
        for part in list.as_deref().unwrap_or_default().split(';') {
            let part = part.split_once(':').map_or(part, |(id, _)| id);
            if let Some(id) = id(part.trim())
                && id != *survivor
                && !ids.contains(&id)
            {
                ids.push(id);
            }
        }
    }
    let gone = ids.into_iter().map(|id| Item::Gone {
        id,
        survivor: Some(survivor.clone()),
    });
    gone.collect()
}
