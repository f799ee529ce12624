//! Converts a row's values to items.

use std::borrow::Cow;

use domain::record::{DisplayFields, Item, MatchingAttributes, OptOut, Parent, Record, RecordId};
use serde_json::value::RawValue;

use super::{
    super::{super::client::canonical, field::Kind, record_id::id, shape::ObjectShape},
    answer::Row,
    parents::Parents,
};

/// The longest value that is kept, in bytes as sent. HubSpot's longest text has 65,536 characters. The bound is four
/// times that, and some room for escapes.
const LONGEST_VALUE: usize = 512 << 10;

/// The two properties in which a survivor names the records that were merged into it: ids, and for contacts ids with times.
const MERGED: [&str; 2] = ["hs_merged_object_ids", "hs_calculated_merged_vids"];

/// The texts of a row, each at its property's index. `None` if the property is empty.
type Slots<'a> = [Option<Cow<'a, str>>];

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
            display: display(shape, &slots),
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

/// Returns the first of these properties that is not empty.
fn first(slots: &Slots<'_>, places: &[usize]) -> Option<Box<str>> {
    let texts = places.iter().filter_map(|at| slots.get(*at)?.as_deref());
    let mut texts = texts.map(str::trim).filter(|text| !text.is_empty());
    texts.next().map(Box::from)
}

/// Returns all of these properties, joined.
fn joined(slots: &Slots<'_>, places: &[usize]) -> Option<Box<str>> {
    let texts = places.iter().filter_map(|at| slots.get(*at)?.as_deref());
    let texts: Vec<&str> = texts
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect();
    (!texts.is_empty()).then(|| texts.join(" ").into())
}

pub(in super::super) fn attributes(
    shape: &ObjectShape,
    slots: &Slots<'_>,
    associated: Option<&Parent>,
) -> Result<MatchingAttributes, &'static str> {
    let at = &shape.attributes;
    let mut named = at.parents.iter();
    let mirrored = named.find_map(|(object, at)| Some((*object, first(slots, &[*at])?)));
    let mirrored = mirrored.map(|(object, text)| {
        let id = id(&text).map(|id| Parent::of(object, id));
        id.ok_or("record.parent_malformed")
    });
    Ok(MatchingAttributes {
        company: first(slots, &at.company),
        street: first(slots, &at.street),
        zip: first(slots, &at.zip),
        city: first(slots, &at.city),
        country: first(slots, &at.country),
        website: first(slots, &at.website),
        phone: first(slots, &at.phone),
        email: first(slots, &at.email),
        vat_id: first(slots, &at.vat_id),
        register: joined(slots, &at.register),
        lei: first(slots, &at.lei),
        parent: mirrored.transpose()?.or_else(|| associated.cloned()),
    })
}

fn display(shape: &ObjectShape, slots: &Slots<'_>) -> DisplayFields {
    let at = &shape.display;
    // Both dates and times begin with the day. Times are in UTC.
    let day = |places: &[usize]| first(slots, places)?.get(..10).map(Box::from);
    let open = at.ended.and_then(|(at, ended)| {
        let value = slots.get(at)?.as_deref()?;
        Some(!ended.is(value))
    });
    DisplayFields {
        label: joined(slots, &at.label),
        owner: first(slots, &at.owner),
        stage: first(slots, &at.stage),
        open,
        amount: first(slots, &at.amount),
        currency: first(slots, &at.currency),
        due: day(&at.due),
        activity: day(&at.activity),
        opt_out: OptOut::all_of(at.opt_outs.iter().filter_map(|(way, at)| {
            let value = slots.get(*at)?.as_deref()?;
            (value == "true").then_some(*way)
        })),
    }
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
