//! Values against their columns.

use serde_json::Value;

use super::error::Refusal;
use super::kind::Kind;
use super::row::quoted;
use super::schema::{Field, Type};
use super::time;

/// Checks a value against its column. Returns it in the form in which it is stored.
pub(crate) fn checked(kind: Kind, field: &Field, value: &Value) -> Result<Vec<u8>, Refusal> {
    let unlike = || {
        let message = format!(
            "Cannot convert the literal '{}' of '{}' to the expected type '{}'.",
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
            field.name,
            field.kind.edm()
        );
        Refusal::payload(kind, &message)
    };
    match field.kind {
        Type::String | Type::Memo | Type::EntityName => {
            let text = value.as_str().ok_or_else(unlike)?;
            let length = text.encode_utf16().count();
            if field.length.is_some_and(|most| length > most) {
                return Err(too_long(kind, field));
            }
            Ok(quoted(text))
        }
        Type::Boolean => value
            .as_bool()
            .map(|given| given.to_string().into_bytes())
            .ok_or_else(unlike),
        Type::Integer | Type::BigInt => number(value).ok_or_else(unlike),
        Type::Picklist | Type::State | Type::Status => {
            let number = number(value).ok_or_else(unlike)?;
            let known = value.as_i64().and_then(|given| field.choice(given));
            known
                .map(|_| number)
                .ok_or_else(|| out_of_range(kind, field, value))
        }
        Type::MultiSelect => {
            let text = value.as_str().ok_or_else(unlike)?;
            let all = text.split(',').map(|one| one.trim().parse().ok());
            let mut known = all.map(|one| one.and_then(|one| field.choice(one)));
            let is_known = known.all(|one| one.is_some());
            is_known
                .then(|| quoted(text))
                .ok_or_else(|| out_of_range(kind, field, value))
        }
        Type::Money | Type::Decimal => {
            let amount = value.as_f64().ok_or_else(unlike)?;
            Ok(format!("{amount:.4}").into_bytes())
        }
        Type::Double => value
            .as_f64()
            .map(|amount| amount.to_string().into_bytes())
            .ok_or_else(unlike),
        Type::DateTime => {
            let moment = value.as_str().and_then(time::read).ok_or_else(unlike)?;
            Ok(quoted(&time::text(moment)))
        }
        Type::Date => {
            let text = value
                .as_str()
                .filter(|text| text.len() == 10)
                .ok_or_else(unlike)?;
            let moment = time::read(text).ok_or_else(unlike)?;
            Ok(quoted(&time::date_text(moment)))
        }
        _ => Err(unlike()),
    }
}

fn number(value: &Value) -> Option<Vec<u8>> {
    value.as_i64().map(|number| number.to_string().into_bytes())
}

fn too_long(kind: Kind, field: &Field) -> Refusal {
    let message = format!(
        "A validation error occurred.  The length of the '{}' attribute of the '{}' entity exceeded the maximum allowed length of '{}'.",
        field.name,
        kind.logical(),
        field.length.unwrap_or_default()
    );
    Refusal::value("0x80044331", message)
}

fn out_of_range(kind: Kind, field: &Field, value: &Value) -> Refusal {
    let known: Vec<String> = field
        .choices
        .iter()
        .map(|choice| choice.value.to_string())
        .collect();
    let message = format!(
        "A validation error occurred.  The value {value} of '{}' on record of type '{}' is outside the valid range. Accepted Values: {}",
        field.name,
        kind.logical(),
        known.join(",")
    );
    Refusal::value("0x8004431a", message)
}
