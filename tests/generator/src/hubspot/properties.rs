use serde_json::{Map, Value};

use crate::draw::Draw;
use crate::values::made_and_changed;

/// The owners whom the simulator knows.
const OWNERS: [&str; 2] = ["77001", "77002"];

/// The properties of a record that is being made.
pub(super) struct Properties(Map<String, Value>);

impl Properties {
    /// Sets owner and times, which each object has under its own names: when it was made, and when it was last changed.
    pub(super) fn new(draw: &mut Draw, made: &str, stamp: &str) -> Self {
        let (created, changed) = made_and_changed(draw);
        let mut properties = Self(Map::new());
        properties.set("hubspot_owner_id", *draw.pick(&OWNERS));
        properties.set(made, format!("{created}Z"));
        properties.set(stamp, format!("{changed}Z"));
        properties.set("hs_object_source", "IMPORT");
        properties.set("hs_object_source_label", "IMPORT");
        properties
    }

    /// Sets a value. An empty one is left out.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.0.insert(name.to_owned(), Value::String(value));
        }
    }

    /// Sets a number.
    pub(super) fn number(&mut self, name: &str, value: u64) {
        self.set(name, value.to_string());
    }

    /// Sets a truth value, which is a text, too.
    pub(super) fn flag(&mut self, name: &str, value: bool) {
        self.set(name, value.to_string());
    }

    pub(super) fn finish(self) -> Map<String, Value> {
        self.0
    }
}
