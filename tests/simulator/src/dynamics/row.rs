//! One row in packed form.

use std::borrow::Cow;

use super::guid::Guid;
use super::schema::{Schema, Source, Type};
use super::time::{self, Millis};
use crate::kit::packed::{Packed, Values, plain};
use crate::kit::records::Record;

/// One row. It stores each value as the JSON text of an answer, without nulls. A lookup is stored as `"table/id"`.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: Guid,
    pub(crate) created: Millis,
    pub(crate) modified: Millis,
    /// The row version. It grows with every change in the environment.
    pub(crate) version: u64,
    values: Packed,
}

/// A value, as filters and orders compare it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    Time(Millis),
    Guid(Guid),
}

/// The end of a lookup: the table's logical name and the row's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) table: String,
    pub(crate) id: Guid,
}

impl Row {
    pub(crate) fn pack(
        id: Guid,
        (created, modified): (Millis, Millis),
        version: u64,
        values: &Values,
    ) -> Self {
        Self {
            id,
            created: time::second(created),
            modified: time::second(modified),
            version,
            values: Packed::pack(values),
        }
    }

    pub(crate) fn unpack(&self) -> Values {
        self.values.unpack()
    }

    /// Returns the stored JSON text of a column. `None` is null.
    pub(crate) fn json(&self, index: u16) -> Option<&[u8]> {
        self.values.get(index)
    }

    /// Returns the stored text of a column.
    pub(crate) fn text(&self, schema: &Schema, name: &str) -> Option<Cow<'_, str>> {
        self.values.get(schema.named(name)?).map(plain)
    }

    /// Returns a stored whole number.
    pub(crate) fn number(&self, schema: &Schema, name: &str) -> Option<i64> {
        self.text(schema, name)?.parse().ok()
    }

    /// Returns the end of a lookup.
    pub(crate) fn end(&self, index: u16) -> Option<End> {
        end(self.values.get(index)?)
    }

    /// Returns the value of a column, as filters compare it.
    pub(crate) fn cell(&self, schema: &Schema, index: u16) -> Cell<'_> {
        let Some(field) = schema.field(index) else {
            return Cell::Null;
        };
        match field.source {
            Source::Id => return Cell::Guid(self.id),
            Source::Created => return Cell::Time(self.created),
            Source::Modified => return Cell::Time(self.modified),
            // A version has fewer than 53 bits in any test.
            #[allow(clippy::cast_precision_loss, reason = "versions are small")]
            Source::Version => return Cell::Number(self.version as f64),
            Source::Nothing => return Cell::Null,
            Source::Stored => {}
        }
        let Some(json) = self.values.get(index) else {
            return Cell::Null;
        };
        let text = plain(json);
        match field.kind {
            kind if kind.is_lookup() => end(json).map_or(Cell::Null, |end| Cell::Guid(end.id)),
            Type::Boolean => Cell::Bool(&*text == "true"),
            Type::DateTime | Type::Date => time::read(&text).map_or(Cell::Null, Cell::Time),
            Type::Integer
            | Type::BigInt
            | Type::Decimal
            | Type::Double
            | Type::Money
            | Type::Picklist
            | Type::State
            | Type::Status => text.parse().map_or(Cell::Null, Cell::Number),
            _ => Cell::Text(text),
        }
    }
}

fn end(json: &[u8]) -> Option<End> {
    let text = plain(json);
    let (table, id) = text.split_once('/')?;
    Some(End {
        table: table.to_owned(),
        id: Guid::parse(id)?,
    })
}

impl End {
    /// Returns the end in the form of a stored value.
    pub(crate) fn stored(&self) -> Vec<u8> {
        format!("\"{}/{}\"", self.table, self.id).into_bytes()
    }
}

/// Returns a text in the form of a stored value.
pub(crate) fn quoted(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}

impl Record for Row {
    type Id = Guid;
    const MAX: Guid = Guid::LAST;

    fn id(&self) -> Guid {
        self.id
    }

    fn stamp(&self) -> Millis {
        self.modified
    }

    fn is_deleted(&self) -> bool {
        // A deleted row is gone. There is no recycle bin.
        false
    }

    fn external(&self, field: u16) -> Option<String> {
        self.values.get(field).map(|json| plain(json).into_owned())
    }
}
