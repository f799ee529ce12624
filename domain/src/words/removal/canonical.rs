//! Canonical JSON (RFC 8785). Equal values have equal bytes, so the bytes can be signed.
//!
//! Members are sorted by name, there is no white space, and strings are escaped as little as JSON allows. Numbers must be whole and
//! in the range that every JSON reader keeps exactly. The documents that we sign contain no other numbers.

use serde_json::Value;

use crate::fault::{Code, Fault, Outcome};

/// The largest number that every reader keeps exactly: 2^53 - 1.
const MOST: u64 = (1 << 53) - 1;

/// Returns the canonical form of a value.
///
/// # Errors
/// Permanent if a number is not whole or is too large.
pub fn write(value: &Value) -> Outcome<String> {
    let mut text = String::new();
    append(value, &mut text)?;
    Ok(text)
}

fn append(value: &Value, text: &mut String) -> Outcome<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => match number.as_u64().filter(|n| *n <= MOST) {
            Some(n) => text.push_str(&n.to_string()),
            None => return Err(Fault::of(Code::CanonicalNumber)),
        },
        Value::String(string) => append_string(string, text),
        Value::Array(values) => {
            text.push('[');
            for (n, value) in values.iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                append(value, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            // RFC 8785 sorts by UTF-16 code units, whatever the order of the map.
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_by_cached_key(|name| name.encode_utf16().collect::<Vec<u16>>());
            text.push('{');
            for (n, name) in names.into_iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                append_string(name, text);
                text.push(':');
                append(&members[name], text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

/// Appends a string. serde_json escapes as RFC 8785 requires: quotes, backslashes and control characters, with the short forms
/// where they exist.
fn append_string(string: &str, text: &mut String) {
    text.push_str(&Value::String(string.to_owned()).to_string());
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_by_utf16_and_nothing_stands_between_them() {
        // The example of RFC 8785, 3.2.3.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        let text = write(&value).unwrap();
        let order: Vec<usize> = [
            "Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew",
        ]
        .into_iter()
        .map(|word| text.find(word).unwrap())
        .collect();
        assert!(order.is_sorted(), "{text}");
        assert_eq!(
            write(&json!({"b": [1, true, null], "a": {"d": "x", "c": 0}})).unwrap(),
            r#"{"a":{"c":0,"d":"x"},"b":[1,true,null]}"#
        );
    }

    #[test]
    fn strings_are_escaped_as_little_as_json_allows() {
        // The example of RFC 8785, 3.2.2.
        let text = write(&json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/")).unwrap();
        assert_eq!(text, "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    }

    #[test]
    fn a_number_that_readers_write_differently_is_refused() {
        for value in [json!(1.5), json!(-1), json!(MOST + 1)] {
            assert_eq!(*write(&value).unwrap_err().code(), Code::CanonicalNumber);
        }
        assert_eq!(write(&json!(MOST)).unwrap(), "9007199254740991");
    }

    #[test]
    fn written_values_are_read_back() {
        let value = json!({"a": ["\u{7}\u{1f600}", {"": 3}], "\n": false});
        let read: Value = serde_json::from_str(&write(&value).unwrap()).unwrap();
        assert_eq!(read, value);
    }
}
