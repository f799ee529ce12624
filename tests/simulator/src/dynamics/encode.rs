//! Writes rows as answers have them, with the annotations that are asked for.

use serde_json::{Map, Value, json};

use super::org::Org;
use super::row::{End, Row};
use super::schema::{Field, Schema, Source, Type};
use super::time;
use crate::kit::packed::plain;

const FORMATTED: &str = "OData.Community.Display.V1.FormattedValue";
const TABLE: &str = "Microsoft.Dynamics.CRM.lookuplogicalname";
const NAVIGATION: &str = "Microsoft.Dynamics.CRM.associatednavigationproperty";

/// The annotations of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Annotations(Vec<String>);

impl Annotations {
    /// Parses the list of `odata.include-annotations`.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.split(',').map(|one| one.trim().to_owned()).collect())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => wanted == name,
        })
    }
}

/// What of a row is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    /// The columns. The id is written whether it is one of them or not.
    pub(crate) columns: Vec<u16>,
    pub(crate) annotations: Annotations,
    /// Rows at the end of lookups: the navigation name, the column, and what is selected there.
    pub(crate) expands: Vec<(String, u16, Vec<String>)>,
}

/// Returns all readable columns.
pub(crate) fn all_columns(schema: &Schema) -> Vec<u16> {
    let readable = schema.indexed().filter(|(_, field)| {
        field.readable && field.of.is_none() && field.source != Source::Nothing
    });
    readable.map(|(index, _)| index).collect()
}

/// Writes a row into an answer.
pub(crate) fn record(
    out: &mut Vec<u8>,
    org: &Org,
    schema: &Schema,
    row: &Row,
    selection: &Selection,
) {
    out.extend_from_slice(format!("{{\"@odata.etag\":\"W/\\\"{}\\\"\"", row.version).as_bytes());
    let id = schema.named(schema.kind.id_column());
    let extra = id.filter(|id| !selection.columns.contains(id));
    for index in selection.columns.iter().copied().chain(extra) {
        if let Some(field) = schema.field(index) {
            column(
                out,
                org,
                schema,
                (index, field),
                row,
                &selection.annotations,
            );
        }
    }
    for (name, index, select) in &selection.expands {
        let found = row
            .end(*index)
            .map_or(Value::Null, |end| expanded(org, &end, select));
        member(out, name, found.to_string().as_bytes());
    }
    out.push(b'}');
}

fn column(
    out: &mut Vec<u8>,
    org: &Org,
    schema: &Schema,
    (index, field): (u16, &Field),
    row: &Row,
    annotations: &Annotations,
) {
    let name = field.wire();
    if field.secured {
        // Who may not read a secured column gets null, and no error.
        return member(out, &name, b"null");
    }
    if field.kind.is_lookup() {
        let Some(end) = row.end(index) else {
            return member(out, &name, b"null");
        };
        annotate(out, &name, schema, field, org, &end, annotations);
        return member(out, &name, json!(end.id.to_string()).to_string().as_bytes());
    }
    let json = match field.source {
        Source::Id => format!("\"{}\"", row.id).into_bytes(),
        Source::Created => quoted_time(row.created),
        Source::Modified => quoted_time(row.modified),
        Source::Version => row.version.to_string().into_bytes(),
        Source::Nothing => b"null".to_vec(),
        Source::Stored => row
            .json(index)
            .map_or_else(|| b"null".to_vec(), <[u8]>::to_vec),
    };
    if annotations.has(FORMATTED)
        && let Some(text) = formatted(field, &plain(&json))
    {
        member(
            out,
            &format!("{name}@{FORMATTED}"),
            json!(text).to_string().as_bytes(),
        );
    }
    member(out, &name, &json);
}

fn annotate(
    out: &mut Vec<u8>,
    name: &str,
    schema: &Schema,
    field: &Field,
    org: &Org,
    end: &End,
    annotations: &Annotations,
) {
    let mut write = |annotation: &str, text: &str| {
        if annotations.has(annotation) {
            member(
                out,
                &format!("{name}@{annotation}"),
                json!(text).to_string().as_bytes(),
            );
        }
    };
    if let Some(text) = org.name_of(end) {
        write(FORMATTED, &text);
    }
    let navigations = schema.navigations(field);
    let of = navigations.iter().find(|(_, target)| *target == end.table);
    if let Some((navigation, _)) = of {
        write(NAVIGATION, navigation);
    }
    write(TABLE, &end.table);
}

/// Returns the text that people see for a value.
fn formatted(field: &Field, text: &str) -> Option<String> {
    if text == "null" {
        return None;
    }
    match field.kind {
        Type::Picklist | Type::State | Type::Status => {
            Some(field.choice(text.parse().ok()?)?.label.clone())
        }
        Type::MultiSelect => {
            let labels = text
                .split(',')
                .filter_map(|one| field.choice(one.trim().parse().ok()?));
            Some(
                labels
                    .map(|choice| choice.label.as_str())
                    .collect::<Vec<_>>()
                    .join("; "),
            )
        }
        Type::Boolean => Some(if text == "true" { "Yes" } else { "No" }.to_owned()),
        Type::DateTime => {
            let moment = time::read(text)?;
            Some(time::format(moment, "%-m/%-d/%Y %-I:%M %p"))
        }
        Type::Date => Some(time::format(time::read(text)?, "%-m/%-d/%Y")),
        Type::Money => Some(format!("€{:.2}", text.parse::<f64>().ok()?)),
        Type::Integer | Type::BigInt | Type::Decimal | Type::Double => Some(text.to_owned()),
        _ => None,
    }
}

/// Returns the row at the end of a lookup.
fn expanded(org: &Org, end: &End, select: &[String]) -> Value {
    if let Some(kind) = super::kind::Kind::of_logical(&end.table) {
        let table = org.table(kind);
        let Some(row) = table.get(end.id) else {
            return Value::Null;
        };
        let named = select
            .iter()
            .filter_map(|name| table.schema.wired(name))
            .collect();
        let selection = Selection {
            columns: if select.is_empty() {
                all_columns(&table.schema)
            } else {
                named
            },
            ..Selection::default()
        };
        let mut out = Vec::new();
        record(&mut out, org, &table.schema, row, &selection);
        return serde_json::from_slice(&out).unwrap_or_default();
    }
    let found = super::fixed::row(org, &end.table, end.id);
    found.map_or(Value::Null, |row| super::fixed::picked(&row, select))
}

/// Adds a member that is not the first one.
pub(crate) fn member(out: &mut Vec<u8>, name: &str, json: &[u8]) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    out.extend_from_slice(json);
}

fn quoted_time(millis: time::Millis) -> Vec<u8> {
    format!("\"{}\"", time::text(millis)).into_bytes()
}

/// Returns a row as JSON, with everything that is not null, for tests.
pub(crate) fn whole(schema: &Schema, row: &Row) -> Map<String, Value> {
    let mut found = Map::new();
    for (index, field) in schema.indexed() {
        let value = match field.source {
            Source::Id => json!(row.id.to_string()),
            Source::Created => json!(time::text(row.created)),
            Source::Modified => json!(time::text(row.modified)),
            Source::Version => json!(row.version),
            Source::Nothing => continue,
            Source::Stored => match (field.kind.is_lookup(), row.end(index)) {
                (true, Some(end)) => json!(end.id.to_string()),
                (true, None) => continue,
                (false, _) => match row.json(index).map(serde_json::from_slice) {
                    Some(Ok(value)) => value,
                    _ => continue,
                },
            },
        };
        found.insert(field.wire(), value);
    }
    found
}
