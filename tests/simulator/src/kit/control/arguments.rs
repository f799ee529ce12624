//! The arguments of control requests.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::super::clock::{Millis, parse};
use super::super::fault::{Fault, FaultRule};
use super::refused::Refused;

/// The arguments of a control request: a JSON object.
pub(crate) struct Arguments(pub(super) Map<String, Value>);

impl Arguments {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn needed(&self, name: &str) -> Result<&str, Refused> {
        self.text(name).ok_or_else(|| missing(name))
    }

    pub(crate) fn flag(&self, name: &str, otherwise: bool) -> bool {
        self.0
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or(otherwise)
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    pub(crate) fn object(&self, name: &str) -> Result<&Map<String, Value>, Refused> {
        self.0
            .get(name)
            .and_then(Value::as_object)
            .ok_or_else(|| missing(name))
    }

    /// Returns the values of a list. A missing list is empty.
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &Value> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter().flatten()
    }

    /// Returns the texts of a list.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        self.list(name).filter_map(Value::as_str).collect()
    }

    /// Returns a time given in milliseconds or as a text.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<Millis>, Refused> {
        let wrong = || Refused::bad(format!("{name} is no time"));
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_i64()),
            Some(Value::String(text)) => parse(text).map(Some).ok_or_else(wrong),
            Some(_) => Err(wrong()),
        }
    }

    /// Returns a time that has to be there.
    pub(crate) fn needed_moment(&self, name: &str) -> Result<Millis, Refused> {
        self.moment(name)?.ok_or_else(|| missing(name))
    }

    /// Reads one argument. A missing one is null.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<T, Refused> {
        read(self.0.get(name).cloned().unwrap_or_default())
    }

    /// Reads all arguments as one value.
    pub(crate) fn all<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        read(Value::Object(self.0.clone()))
    }

    /// Reads a fault rule, in which `fault` may also be the name of a usual one.
    pub(crate) fn rule(&self, named: fn(&str) -> Option<Fault>) -> Result<FaultRule, Refused> {
        let mut rule = self.0.clone();
        if let Some(name) = self.text("fault") {
            let known = named(name);
            let known = known.ok_or_else(|| Refused::bad(format!("no fault is named {name}")))?;
            rule.insert("fault".to_owned(), json!(known));
        }
        read(Value::Object(rule))
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Refused> {
    serde_json::from_value(value).map_err(|error| Refused::bad(error.to_string()))
}

fn missing(name: &str) -> Refused {
    Refused::bad(format!("the argument {name} is missing"))
}
