//! Converts values to the JSON text that a row stores, with Salesforce's checks.

use serde_json::Value;

use super::error::Refusal;
use super::id::Id;
use super::schema::Field;
use super::time;

/// How strictly a value is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// A client's write: lengths, types and e-mail addresses are checked, and text is trimmed.
    Api,
    /// A control request: only types are checked, so that a test can store a 2 MB field that no client could write.
    Control,
}

/// Returns the text to store. `None` is null.
///
/// # Errors
/// Returns STRING_TOO_LONG, MALFORMED_ID, INVALID_EMAIL_ADDRESS or JSON_PARSER_ERROR.
pub(crate) fn encode(field: &Field, value: &Value, care: Care) -> Result<Option<Vec<u8>>, Refusal> {
    let wrong = || {
        let message = format!(
            "Cannot deserialize instance of {} for field {}",
            field.kind, field.name
        );
        Refusal::new(400, "JSON_PARSER_ERROR", message)
    };
    if value.is_null() || value.as_str().is_some_and(str::is_empty) {
        return Ok(if field.kind == "boolean" {
            Some(b"false".to_vec())
        } else {
            None
        });
    }
    let text = match field.kind.as_str() {
        "boolean" => truth(value).ok_or_else(wrong)?.to_owned(),
        "int" => number(value)
            .filter(|number| number.fract() == 0.0)
            .map(|number| format!("{number:.0}"))
            .ok_or_else(wrong)?,
        "double" | "currency" | "percent" => number(value).map(double).ok_or_else(wrong)?,
        "datetime" => {
            let millis = value.as_str().and_then(time::parse).ok_or_else(wrong)?;
            format!("\"{}\"", time::rest_text(millis))
        }
        "date" => {
            let text = value
                .as_str()
                .filter(|text| text.parse::<jiff::civil::Date>().is_ok())
                .ok_or_else(wrong)?;
            format!("\"{text}\"")
        }
        "id" | "reference" => {
            let text = value.as_str().ok_or_else(wrong)?;
            let bad = || {
                Refusal::on_fields(
                    "MALFORMED_ID",
                    format!("{}: id value of incorrect type: {text}", field.name),
                    &[&field.name],
                )
            };
            format!("\"{}\"", Id::parse(text).ok_or_else(bad)?)
        }
        "address" => {
            return Err(Refusal::on_fields(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                "compound fields are read-only",
                &[&field.name],
            ));
        }
        _ => return string(field, value.as_str().ok_or_else(wrong)?, care),
    };
    Ok(Some(text.into_bytes()))
}

fn string(field: &Field, text: &str, care: Care) -> Result<Option<Vec<u8>>, Refusal> {
    let text = if care == Care::Api { text.trim() } else { text };
    if care == Care::Api && text.chars().count() > field.length {
        let shown: String = text.chars().take(255).collect();
        let message = format!(
            "{}: data value too large: {shown} (max length={})",
            field.name, field.length
        );
        return Err(Refusal::on_fields(
            "STRING_TOO_LONG",
            message,
            &[&field.name],
        ));
    }
    if care == Care::Api
        && field.kind == "email"
        && !text
            .split_once('@')
            .is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
    {
        let message = format!("{}: invalid email address: {text}", field.name);
        return Err(Refusal::on_fields(
            "INVALID_EMAIL_ADDRESS",
            message,
            &[&field.name],
        ));
    }
    Ok(if text.is_empty() {
        None
    } else {
        serde_json::to_vec(text).ok()
    })
}

fn truth(value: &Value) -> Option<&'static str> {
    match value {
        Value::Bool(true) => Some("true"),
        Value::Bool(false) => Some("false"),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some("true"),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some("false"),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str()?.parse().ok())
        .filter(|number| number.is_finite())
}

/// Formats a number as Java writes a double, as Salesforce's answers do: `12.0`, `1.39E8`.
fn double(number: f64) -> String {
    if number != 0.0 && !(1e-3..1e7).contains(&number.abs()) {
        let text = format!("{number:E}");
        if text.contains('.') {
            text
        } else {
            text.replace('E', ".0E")
        }
    } else {
        format!("{number:?}")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_written_as_java_writes_them() {
        let written: Vec<_> = [
            0.0,
            12.0,
            12.5,
            139_000_000.0,
            100_000_000.0,
            0.0001,
            -25_000_000.0,
        ]
        .map(super::double)
        .into();
        assert_eq!(
            written,
            ["0.0", "12.0", "12.5", "1.39E8", "1.0E8", "1.0E-4", "-2.5E7"]
        );
    }
}
