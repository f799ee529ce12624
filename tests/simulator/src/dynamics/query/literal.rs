//! Literals of filters, by the type of the column with which they are compared.

use std::borrow::Cow;

use crate::dynamics::error::Refusal;
use crate::dynamics::guid::Guid;
use crate::dynamics::row::Cell;
use crate::dynamics::schema::{Field, Type};
use crate::dynamics::time;

/// Reads a literal as it stands in a filter: texts have quotes.
pub(super) fn odata(field: &Field, text: &str) -> Result<Cell<'static>, Refusal> {
    if text == "null" {
        return Ok(Cell::Null);
    }
    let inner = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    let is_text = matches!(
        field.kind,
        Type::String | Type::Memo | Type::EntityName | Type::MultiSelect
    );
    match inner {
        Some(inner) if is_text => Ok(Cell::Text(Cow::Owned(inner.replace("''", "'")))),
        None if !is_text => bare(field, text),
        _ => Err(unlike(field, text)),
    }
}

/// Reads a literal without quotes, as paging cookies and FetchXML have it.
pub(super) fn bare(field: &Field, text: &str) -> Result<Cell<'static>, Refusal> {
    let cell = match field.kind {
        kind if kind.is_lookup() || kind == Type::Uniqueidentifier => {
            Guid::parse(text).map(Cell::Guid)
        }
        Type::Boolean => match text {
            "true" | "1" => Some(Cell::Bool(true)),
            "false" | "0" => Some(Cell::Bool(false)),
            _ => None,
        },
        Type::DateTime | Type::Date => time::read(text).map(Cell::Time),
        Type::String | Type::Memo | Type::EntityName | Type::MultiSelect => {
            Some(Cell::Text(Cow::Owned(text.to_owned())))
        }
        Type::Virtual => None,
        _ => text.parse().ok().map(Cell::Number),
    };
    cell.ok_or_else(|| unlike(field, text))
}

fn unlike(field: &Field, text: &str) -> Refusal {
    Refusal::query(format!(
        "A binary operator with incompatible types was detected. Found operand types '{}' and the literal {text} for '{}'.",
        field.kind.edm(),
        field.wire()
    ))
}
