use serde_json::{Map, Value};

use super::id::record_id;
use crate::draw::Draw;
use crate::words::SENTENCES;

/// The number of sellers who own records.
const N_OWNERS: u64 = 25;

/// The fields of a record that is being made.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Sets id, owner and times, which each object has. Some records share a time to the millisecond, as those of an import do.
    pub(super) fn new(draw: &mut Draw, seed: u64, id: &str) -> Self {
        let created = time(draw, 2019, 2024);
        let modified = if draw.chance(8) {
            "2025-06-30T22:00:00.000+0000".to_owned()
        } else {
            time(draw, 2025, 2025)
        };
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

/// Returns several sentences that a user may have noted. Some have characters that break careless programs.
pub(super) fn notes(draw: &mut Draw, sentences: u64) -> String {
    let n = draw.between(1, sentences);
    (0..n)
        .map(|_| *draw.pick(SENTENCES))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns a day in one of the years.
pub(super) fn date(draw: &mut Draw, from: u64, to: u64) -> String {
    format!(
        "{}-{:02}-{:02}",
        draw.between(from, to),
        draw.between(1, 12),
        draw.between(1, 28)
    )
}

fn time(draw: &mut Draw, from: u64, to: u64) -> String {
    let date = date(draw, from, to);
    format!(
        "{date}T{:02}:{:02}:{:02}.000+0000",
        draw.below(24),
        draw.below(60),
        draw.below(60)
    )
}
