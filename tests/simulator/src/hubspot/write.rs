//! Creates and changes records.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::associate::Wanted;
use super::error::Refusal;
use super::history::By;
use super::kind::Kind;
use super::portal::Portal;
use super::row::{Row, quoted};
use super::validate;
use super::writer::Writer;
use crate::kit::packed::{Values, plain};

/// A record's properties by name.
pub type Properties = Map<String, Value>;

impl Portal {
    /// Creates a record with its associations, or nothing.
    pub(crate) fn create(
        &mut self,
        kind: Kind,
        given: &Properties,
        wanted: &[Wanted],
        writer: Writer,
    ) -> Result<Arc<Row>, Refusal> {
        let mut values = Values::new();
        self.settle(kind, None, &mut values, given, writer)?;
        self.check_required(kind, &values)?;
        self.check_wanted(kind, wanted)?;
        let now = self.clock.now();
        self.origin(kind, &mut values, writer);
        let due = self.due();
        let table = self.table_mut(kind);
        let id = table.fresh_id();
        table.put(Row::pack(id, now, now, &values), due);
        for one in wanted {
            self.associate(one.kind, id, one.to)?;
        }
        Ok(Arc::clone(self.needed(kind, id)?))
    }

    /// Changes properties. The time stamp becomes the clock's time.
    pub(crate) fn update(
        &mut self,
        kind: Kind,
        id: u64,
        given: &Properties,
        writer: Writer,
    ) -> Result<Arc<Row>, Refusal> {
        let row = Arc::clone(self.needed(kind, id)?);
        let mut values = row.unpack();
        self.settle(kind, Some(id), &mut values, given, writer)?;
        let (now, due) = (self.clock.now(), self.due());
        let table = self.table_mut(kind);
        table.history.note(&row, &values, now, By::Writer(writer));
        table.put(Row::pack(id, row.created, now, &values), due);
        Ok(Arc::clone(self.needed(kind, id)?))
    }

    /// Merges properties into values, and refuses unacceptable ones.
    fn settle(
        &self,
        kind: Kind,
        id: Option<u64>,
        values: &mut Values,
        given: &Properties,
        writer: Writer,
    ) -> Result<(), Refusal> {
        let schema = &self.table(kind).schema;
        let mut wrong = validate::merge(schema, values, given);
        if writer == (Writer::App { rules: true }) {
            wrong.extend(self.broken_rules(kind, values));
        }
        if !wrong.is_empty() {
            return Err(Refusal::values(self.config.hub_id, &wrong));
        }
        self.derive(kind, values);
        self.check_unique(kind, id, values)
    }

    /// Computes the properties that follow from others.
    fn derive(&self, kind: Kind, values: &mut Values) {
        let schema = &self.table(kind).schema;
        let text = |values: &Values, name: &str| {
            let json = values.get(&schema.find_any(name)?)?;
            Some(plain(json).into_owned())
        };
        let set = |values: &mut Values, name: &str, to: &str| {
            if let Some(index) = schema.find_any(name) {
                values.insert(index, quoted(to));
            }
        };
        if let Some(stage) = text(values, "dealstage") {
            let closed = stage.starts_with("closed");
            set(values, "hs_is_closed", &closed.to_string());
            let won = stage == "closedwon";
            set(values, "hs_is_closed_won", &won.to_string());
        }
        if kind == Kind::Lead && text(values, "hs_pipeline_stage").is_none() {
            set(values, "hs_pipeline", "lead-pipeline-id");
            set(values, "hs_pipeline_stage", "new-stage-id");
        }
        if let Some(stage) = text(values, "hs_pipeline_stage") {
            let category = match stage.as_str() {
                "qualified-stage-id" => "QUALIFIED",
                "unqualified-stage-id" => "UNQUALIFIED",
                _ => "OPEN",
            };
            set(values, "hs_pipeline_stage_category", category);
        }
        if kind == Kind::Task {
            let done = text(values, "hs_task_status").is_some_and(|status| status == "COMPLETED");
            set(values, "hs_task_is_completed", if done { "1" } else { "0" });
        }
    }

    /// Sets the origin of a record.
    fn origin(&self, kind: Kind, values: &mut Values, writer: Writer) {
        let schema = &self.table(kind).schema;
        let (kind, id) = writer.source();
        let texts = [
            ("hs_object_source", kind),
            ("hs_object_source_label", kind),
            ("hs_object_source_id", id.as_str()),
        ];
        for (name, text) in texts {
            if let Some(index) = schema.find_any(name) {
                values.insert(index, quoted(text));
            }
        }
    }
}
