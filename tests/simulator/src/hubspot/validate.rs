//! Checks values against their properties, and converts them to their stored form.

use serde_json::{Map, Value};

use super::error::Wrong;
use super::property::{Property, Type};
use super::row::quoted;
use super::schema::Schema;
use super::time;
use crate::kit::packed::Values;

/// The most characters of a value.
pub(crate) const LONGEST: usize = 65_536;

/// Merges properties into values. Returns those that do not fit. They are not stored.
pub(crate) fn merge(
    schema: &Schema,
    values: &mut Values,
    given: &Map<String, Value>,
) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (name, value) in given {
        match kept(schema, name, value) {
            Ok((index, Some(text))) => {
                values.insert(index, quoted(&text));
            }
            Ok((index, None)) => {
                values.remove(&index);
            }
            Err((code, message)) => wrong.push(Wrong {
                name: name.clone(),
                code,
                message,
            }),
        }
    }
    wrong
}

type Unfit = (&'static str, String);

fn kept(schema: &Schema, name: &str, value: &Value) -> Result<(u16, Option<String>), Unfit> {
    let index = schema.find(name).ok_or_else(|| {
        (
            "PROPERTY_DOESNT_EXIST",
            format!("Property \"{name}\" does not exist"),
        )
    })?;
    let missing = || ("PROPERTY_DOESNT_EXIST", String::new());
    let property = schema.property(index).ok_or_else(missing)?;
    if property.read_only {
        let message = format!("\"{name}\" is a read only property; its value cannot be set.");
        return Err(("READ_ONLY_VALUE", message));
    }
    let text = match value {
        Value::Null => return Ok((index, None)),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.is_empty() {
        return Ok((index, None));
    }
    fitting(property, text).map(|text| (index, Some(text)))
}

/// Returns the stored form of a text.
fn fitting(property: &Property, text: String) -> Result<String, Unfit> {
    if text.chars().count() > LONGEST {
        let message = format!(
            "{} is too long: it has more than {LONGEST} characters",
            property.name
        );
        return Err(("PROPERTY_VALUE_TOO_LONG", message));
    }
    match property.kind {
        Type::Number if text.parse::<f64>().is_ok_and(f64::is_finite) => Ok(text),
        Type::Number => Err(("INVALID_DOUBLE", format!("{text} was not a valid number."))),
        Type::Bool if ["true", "false"].contains(&text.to_lowercase().as_str()) => {
            Ok(text.to_lowercase())
        }
        Type::Bool => Err((
            "INVALID_BOOLEAN",
            format!("{text} was not a valid boolean."),
        )),
        Type::DateTime => time::read(&text).map(time::text).ok_or_else(|| {
            let message = format!("{text} was not a valid long.");
            ("INVALID_LONG", message)
        }),
        Type::Date => date(&text),
        Type::Enumeration => chosen(property, text),
        Type::String if property.name == "email" => email(&text),
        Type::String | Type::PhoneNumber => Ok(text),
    }
}

fn date(text: &str) -> Result<String, Unfit> {
    let millis = time::read(text).ok_or_else(|| {
        let message = format!("{text} was not a valid date.");
        ("INVALID_DATE", message)
    })?;
    if millis.rem_euclid(86_400_000) == 0 {
        Ok(time::date_text(millis))
    } else {
        let message = format!(
            "{text} is at {}, which is not midnight!",
            time::text(millis)
        );
        Err(("INVALID_DATE", message))
    }
}

fn chosen(property: &Property, text: String) -> Result<String, Unfit> {
    if property.external_options {
        return Ok(text);
    }
    let known = |value: &str| property.choices.iter().any(|choice| choice.value == value);
    let values: Vec<&str> = if property.is_multiple() {
        text.split(';').filter(|value| !value.is_empty()).collect()
    } else {
        vec![&text]
    };
    match values.iter().find(|value| !known(value)) {
        None => Ok(values.join(";")),
        Some(unknown) => {
            let allowed: Vec<&str> = property
                .choices
                .iter()
                .map(|choice| choice.value.as_str())
                .collect();
            let message = format!(
                "{unknown} was not one of the allowed options: [{}]",
                allowed.join(", ")
            );
            Err(("INVALID_OPTION", message))
        }
    }
}

fn email(text: &str) -> Result<String, Unfit> {
    let trimmed = text.trim().to_lowercase();
    let fits = trimmed
        .split_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
        && !trimmed.contains(char::is_whitespace);
    if fits {
        Ok(trimmed)
    } else {
        Err(("INVALID_EMAIL", format!("Email address {text} is invalid")))
    }
}
