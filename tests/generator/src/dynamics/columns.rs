use serde_json::{Map, Value, json};

use crate::draw::Draw;
use crate::person::{FREE_MAIL, Person};
use crate::values::made_and_changed;

/// The users whom the simulator knows.
const OWNERS: [&str; 2] = [
    "systemuser/5a1e0000-0000-4000-8000-00000000c0de",
    "systemuser/5a1e0000-0000-4000-8000-00000000beef",
];

/// The most characters of an address. A person whose address at work is longer gives a private one.
const ADDRESS: usize = 100;

/// Returns an address that its column takes.
pub(super) fn fitting(email: String, person: &Person) -> String {
    if email.chars().count() <= ADDRESS {
        return email;
    }
    person.email(FREE_MAIL[0])
}

/// The columns of a row that is being made.
pub(super) struct Columns(Map<String, Value>);

impl Columns {
    /// Sets owner and times: when it was made, and when it was last changed. Rows know whole seconds.
    pub(super) fn new(draw: &mut Draw) -> Self {
        let (created, changed) = made_and_changed(draw);
        let mut columns = Self(Map::new());
        columns.set("ownerid", *draw.pick(&OWNERS));
        columns.set("createdon", created.replace(".000", "Z"));
        columns.set("modifiedon", changed.replace(".000", "Z"));
        columns
    }

    /// Sets a text. An empty one is left out.
    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.0.insert(name.to_owned(), Value::String(value));
        }
    }

    /// Sets a text that may be too long, cut to the length of its column.
    pub(super) fn cut(&mut self, name: &str, value: &str, most: usize) {
        self.set(name, value.chars().take(most).collect::<String>());
    }

    pub(super) fn number(&mut self, name: &str, value: u64) {
        self.0.insert(name.to_owned(), json!(value));
    }

    pub(super) fn flag(&mut self, name: &str, value: bool) {
        self.0.insert(name.to_owned(), json!(value));
    }

    /// Sets a lookup.
    pub(super) fn link(&mut self, name: &str, table: &str, id: &str) {
        self.set(name, format!("{table}/{id}"));
    }

    pub(super) fn finish(self) -> Map<String, Value> {
        self.0
    }
}
