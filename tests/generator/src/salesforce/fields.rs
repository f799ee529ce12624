use serde_json::{Map, Value};

use super::id::record_id;
use crate::draw::Draw;
use crate::values::made_and_changed;

/// The number of sellers who own records.
const N_OWNERS: u64 = 25;

/// The fields of a record that is being made.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Sets id, owner and times, which each object has. Some records share a time to the millisecond, as those of an import do.
    pub(super) fn new(draw: &mut Draw, seed: u64, id: &str) -> Self {
        let (created, modified) = made_and_changed(draw);
        let (created, modified) = (format!("{created}+0000"), format!("{modified}+0000"));
        let owner = || record_id("005", seed, 0);
        let mut fields = Self(Map::new());
        fields.text("Id", id);
        fields.text("OwnerId", record_id("005", seed, draw.below(N_OWNERS)));
        fields.text("CreatedById", owner());
        fields.text(
            "LastModifiedById",
            record_id("005", seed, draw.below(N_OWNERS)),
        );
        fields.text("CreatedDate", created);
        fields.text("LastModifiedDate", modified.as_str());
        fields.text("SystemModstamp", modified);
        fields.set("IsDeleted", false);
        fields
    }

    /// Sets a text. An empty one becomes null, as in the CRM.
    pub(super) fn text(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        self.0.insert(
            name.to_owned(),
            if value.is_empty() {
                Value::Null
            } else {
                Value::String(value)
            },
        );
    }

    /// Sets another value.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub(super) fn finish(self) -> Map<String, Value> {
        self.0
    }
}
