//! Writes rows as the JSON of a query answer and as the CSV of a bulk result.

use crate::salesforce::row::{Row, plain};
use crate::salesforce::schema::{Field, Schema};

/// One selected field.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) index: u16,
    /// The text `,"Name":`, ready to be written.
    key: String,
    time: bool,
    /// The parts of an address by their names in JSON. `None` if the field is no address.
    parts: Option<Vec<(&'static str, u16)>>,
}

impl Column {
    pub(super) fn new(schema: &Schema, index: u16, field: &Field) -> Self {
        let parts = field.is_compound_address().then(|| {
            let stem = field.name.strip_suffix("Address").unwrap_or_default();
            let names = [
                ("city", "City"),
                ("country", "Country"),
                ("postalCode", "PostalCode"),
                ("state", "State"),
                ("street", "Street"),
            ];
            names
                .into_iter()
                .map(|(key, name)| (key, schema.index(&format!("{stem}{name}"))))
                .collect()
        });
        Self {
            name: field.name.clone(),
            index,
            key: format!(",\"{}\":", field.name),
            time: field.kind == "datetime",
            parts,
        }
    }

    /// Returns whether the field is compound. Compound fields are not available in bulk.
    pub(crate) fn is_compound(&self) -> bool {
        self.parts.is_some()
    }
}

/// Appends one record with its `attributes`.
pub(crate) fn json_row(
    out: &mut Vec<u8>,
    object: &str,
    version: &str,
    columns: &[Column],
    row: &Row,
) {
    let id = row.id.as_str();
    out.extend_from_slice(
        format!("{{\"attributes\":{{\"type\":\"{object}\",\"url\":\"/services/data/{version}/sobjects/{object}/{id}\"}}").as_bytes(),
    );
    let values = spread(row);
    for column in columns {
        out.extend_from_slice(column.key.as_bytes());
        match &column.parts {
            Some(parts) => address(out, parts, &values),
            None => out.extend_from_slice(at(&values, column.index).unwrap_or(b"null")),
        }
    }
    out.push(b'}');
}

/// Writes the first line of a bulk result.
pub(crate) fn csv_head(out: &mut Vec<u8>, columns: &[Column]) {
    for (n, column) in columns.iter().enumerate() {
        separate(out, n);
        quote(out, &column.name);
    }
    out.push(b'\n');
}

/// Writes one line of a bulk result: every value in quotes, and null as an empty text.
pub(crate) fn csv_row(out: &mut Vec<u8>, columns: &[Column], row: &Row) {
    let values = spread(row);
    for (n, column) in columns.iter().enumerate() {
        separate(out, n);
        let text = at(&values, column.index).map(plain).unwrap_or_default();
        match text.strip_suffix("+0000").filter(|_| column.time) {
            Some(time) => quote(out, &format!("{time}Z")),
            None => quote(out, &text),
        }
    }
    out.push(b'\n');
}

fn separate(out: &mut Vec<u8>, n: usize) {
    if n > 0 {
        out.push(b',');
    }
}

fn quote(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for (n, piece) in text.split('"').enumerate() {
        if n > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(piece.as_bytes());
    }
    out.push(b'"');
}

/// Returns the row's values, each at its field's index.
fn spread(row: &Row) -> Vec<Option<&[u8]>> {
    let mut values: Vec<Option<&[u8]>> = Vec::with_capacity(64);
    for (index, value) in row.values() {
        values.resize(usize::from(index), None);
        values.push(Some(value));
    }
    values
}

fn at<'a>(values: &[Option<&'a [u8]>], index: u16) -> Option<&'a [u8]> {
    values.get(usize::from(index)).copied().flatten()
}

fn address(out: &mut Vec<u8>, parts: &[(&'static str, u16)], values: &[Option<&[u8]>]) {
    if parts.iter().all(|(_, index)| at(values, *index).is_none()) {
        out.extend_from_slice(b"null");
        return;
    }
    out.extend_from_slice(b"{\"geocodeAccuracy\":null,\"latitude\":null,\"longitude\":null");
    for (key, index) in parts {
        out.extend_from_slice(format!(",\"{key}\":").as_bytes());
        out.extend_from_slice(at(values, *index).unwrap_or(b"null"));
    }
    out.push(b'}');
}
