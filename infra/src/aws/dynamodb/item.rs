//! Converts values to attributes and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use domain::fault::Outcome;
use jiff::Timestamp;

use crate::aws::fault::malformed;

/// An item as the SDK represents it.
pub(in crate::aws) type Attributes = HashMap<String, AttributeValue>;

pub(in crate::aws) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(in crate::aws) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(in crate::aws) fn blob(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

/// Formats a time in UTC with milliseconds. All such texts have one length, so their order is the order of the times.
pub(in crate::aws) fn time(value: Timestamp) -> String {
    value.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Reads attributes. A fault names the attribute that does not have the form in which we write it.
pub(in crate::aws) trait Item {
    fn optional_text(&self, name: &str) -> Option<&str>;
    fn text(&self, name: &'static str) -> Outcome<&str>;
    fn blob(&self, name: &'static str) -> Outcome<&[u8]>;
    fn number<T: std::str::FromStr>(&self, name: &'static str) -> Outcome<T>;
    fn time(&self, name: &'static str) -> Outcome<Timestamp>;
}

impl Item for Attributes {
    fn optional_text(&self, name: &str) -> Option<&str> {
        self.get(name)
            .and_then(|value| value.as_s().ok())
            .map(String::as_str)
    }

    fn text(&self, name: &'static str) -> Outcome<&str> {
        self.optional_text(name).ok_or_else(|| malformed(name))
    }

    fn blob(&self, name: &'static str) -> Outcome<&[u8]> {
        self.get(name)
            .and_then(|value| value.as_b().ok())
            .map(AsRef::as_ref)
            .ok_or_else(|| malformed(name))
    }

    fn number<T: std::str::FromStr>(&self, name: &'static str) -> Outcome<T> {
        self.get(name)
            .and_then(|value| value.as_n().ok())
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| malformed(name))
    }

    fn time(&self, name: &'static str) -> Outcome<Timestamp> {
        self.text(name)?.parse().map_err(|_| malformed(name))
    }
}
