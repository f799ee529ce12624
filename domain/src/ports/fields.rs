//! A record's fields as a caller wrote them.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::{Map, Value, value::RawValue};

use crate::number::Number;

/// A record's fields under the CRM's own names. Personal data: `Debug` prints no content.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, FieldValue>);

/// A value as a caller wrote it. It is read from JSON text and written to JSON text directly, because numbers would lose digits in
/// a `serde_json::Value`.
#[derive(Clone, PartialEq)]
pub enum FieldValue {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number, digit by digit.
    Number(Number),
    /// A text.
    Text(String),
    /// A list or an object, as it was written. No field of a CRM has such a value.
    Other(Box<str>),
}

impl Fields {
    /// Returns the fields with each number in its canonical spelling. Two requests are the same if these are equal.
    #[must_use]
    pub fn in_one_spelling(&self) -> Self {
        let spelled = |given: &FieldValue| match given {
            FieldValue::Number(number) => FieldValue::Number(number.in_one_spelling()),
            other => other.clone(),
        };
        let fields = self.0.iter();
        Self(
            fields
                .map(|(name, given)| (name.clone(), spelled(given)))
                .collect(),
        )
    }
}

impl FieldValue {
    /// Returns the text, if the value is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn read(json: &str) -> Option<Self> {
        Some(match json.bytes().next() {
            Some(b'n') => Self::Null,
            Some(b't') => Self::Truth(true),
            Some(b'f') => Self::Truth(false),
            Some(b'"') => Self::Text(serde_json::from_str(json).ok()?),
            Some(b'[' | b'{') => Self::Other(json.into()),
            _ => Self::Number(Number::parse(json)?),
        })
    }
}

/// For values that code builds. A number that is in floating point already has no more digits to lose.
impl From<Map<String, Value>> for Fields {
    fn from(map: Map<String, Value>) -> Self {
        let given = |value: Value| match value {
            Value::String(text) => FieldValue::Text(text),
            other => FieldValue::read(&other.to_string()).unwrap_or(FieldValue::Null),
        };
        Self(
            map.into_iter()
                .map(|(name, value)| (name, given(value)))
                .collect(),
        )
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::read(raw.get()).ok_or_else(|| D::Error::custom("expected a value"))
    }
}

impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = |json: &str, serializer: S| {
            let raw: &RawValue = serde_json::from_str(json).map_err(S::Error::custom)?;
            raw.serialize(serializer)
        };
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Truth(truth) => serializer.serialize_bool(*truth),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => raw(number.as_str(), serializer),
            Self::Other(json) => raw(json, serializer),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(json: &str) -> Fields {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_value_is_written_as_it_was_read() {
        let json = r#"{"a":null,"b":true,"c":false,"d":"\u00e9 \"x\"","e":[1, 2.50],"f":{"g":1e5},"h":-0.0}"#;
        let read = fields(json);
        assert_eq!(read.0["d"].as_str(), Some("é \"x\""));
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(written, json.replace("\\u00e9", "é"));
        assert_eq!(fields(&written), read);
        for bad in [
            r#"{"a":"\ud800"}"#,
            r#"{"a":01}"#,
            r#"{"a":+1}"#,
            r#"{"a":}"#,
            "[]",
        ] {
            assert!(serde_json::from_str::<Fields>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn values_built_in_code_read_like_parsed_ones() {
        let value = serde_json::json!({"a": 1, "b": "x", "c": null, "d": [true]});
        let text = value.to_string();
        assert_eq!(
            Fields::from(value.as_object().unwrap().clone()),
            fields(&text)
        );
        assert_eq!(serde_json::to_value(fields(&text)).unwrap(), value);
    }

    proptest! {
        #[test]
        fn a_number_is_written_with_the_digits_it_was_read_with(
            number in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,12})?"
        ) {
            let json = format!(r#"{{"n":{number}}}"#);
            let read = fields(&json);
            prop_assert_eq!(serde_json::to_string(&read).unwrap(), json);
            let spelled = read.in_one_spelling();
            prop_assert_eq!(spelled.in_one_spelling(), spelled.clone());
            let value = |fields: &Fields| match &fields.0["n"] {
                FieldValue::Number(number) => number.as_str().parse::<f64>().unwrap(),
                _ => unreachable!("it is a number"),
            };
            prop_assert_eq!(value(&spelled), value(&read));
        }
    }
}
