//! Writes records as JSON. Values are copied as they are stored, without being parsed.

use super::config::Behaviour;
use super::property::{Property, Source};
use super::row::Row;
use super::schema::Schema;
use super::time;

/// The properties of an answer, by ascending index.
#[derive(Debug)]
pub(crate) struct Selection(Vec<u16>);

impl Selection {
    /// Selects the requested properties and those that always come. Unknown names are ignored, and so are sensitive
    /// ones that the token may not read.
    pub(crate) fn of<'a>(
        schema: &Schema,
        asked: impl IntoIterator<Item = &'a str>,
        sensitive: bool,
    ) -> Self {
        let kind = schema.kind;
        let mut indices = named(schema, asked, sensitive);
        if indices.is_empty() {
            let names = kind.default_properties();
            indices.extend(names.iter().filter_map(|name| schema.find(name)));
        }
        let always = ["hs_object_id", kind.stamp_property()];
        let always = always.iter().chain(kind.created_properties());
        indices.extend(always.filter_map(|name| schema.find(name)));
        Self(indices).and(&[])
    }

    /// Selects these properties, too.
    pub(crate) fn and(mut self, more: &[u16]) -> Self {
        self.0.extend(more);
        self.0.sort_unstable();
        self.0.dedup();
        self
    }
}

/// Returns the properties with these names. Unknown and unreadable ones are ignored.
pub(crate) fn named<'a>(
    schema: &Schema,
    asked: impl IntoIterator<Item = &'a str>,
    sensitive: bool,
) -> Vec<u16> {
    let all = asked
        .into_iter()
        .filter_map(|name| schema.find(name.trim()));
    all.filter(|index| sensitive || !is_sensitive(schema, *index))
        .collect()
}

fn is_sensitive(schema: &Schema, index: u16) -> bool {
    schema
        .property(index)
        .is_some_and(|property| property.sensitive)
}

/// Writes a record. `more` are further members, such as `"new":true`.
pub(crate) fn record(
    out: &mut Vec<u8>,
    row: &Row,
    schema: &Schema,
    selection: &Selection,
    behaviour: Behaviour,
    more: &[(&str, Vec<u8>)],
) {
    out.extend_from_slice(b"{\"id\":\"");
    out.extend_from_slice(row.id.to_string().as_bytes());
    out.extend_from_slice(b"\",\"properties\":{");
    properties(out, row, schema, selection, behaviour);
    out.push(b'}');
    member(out, "createdAt", &quoted_time(row.created));
    member(out, "updatedAt", &quoted_time(row.stamp));
    match row.archived {
        Some(at) => {
            member(out, "archived", b"true");
            member(out, "archivedAt", &quoted_time(at));
        }
        None => member(out, "archived", b"false"),
    }
    for (name, json) in more {
        member(out, name, json);
    }
    out.push(b'}');
}

fn properties(
    out: &mut Vec<u8>,
    row: &Row,
    schema: &Schema,
    selection: &Selection,
    behaviour: Behaviour,
) {
    let mut stored = row.stored().peekable();
    let mut first = true;
    let mut put = |out: &mut Vec<u8>, property: &Property, json: &[u8]| {
        if !first {
            out.push(b',');
        }
        first = false;
        // Names of properties need no escapes.
        out.push(b'"');
        out.extend_from_slice(property.name.as_bytes());
        out.extend_from_slice(b"\":");
        out.extend_from_slice(json);
    };
    for index in &selection.0 {
        let Some(property) = schema.property(*index) else {
            continue;
        };
        while stored.next_if(|(at, _)| at < index).is_some() {}
        match property.source {
            Source::Id => put(out, property, format!("\"{}\"", row.id).as_bytes()),
            Source::Created => put(out, property, &quoted_time(row.created)),
            Source::Stamp => put(out, property, &quoted_time(row.stamp)),
            Source::Stored => match stored.next_if(|(at, _)| at == index) {
                Some((_, json)) => put(out, property, json),
                None if behaviour.nulls => put(out, property, b"null"),
                None => {}
            },
        }
    }
}

fn member(out: &mut Vec<u8>, name: &str, json: &[u8]) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    out.extend_from_slice(json);
}

fn quoted_time(millis: time::Millis) -> Vec<u8> {
    format!("\"{}\"", time::text(millis)).into_bytes()
}
