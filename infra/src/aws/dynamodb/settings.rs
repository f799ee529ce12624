//! The settings of an integration. They change only if nobody changed them meanwhile.

use domain::{fault::Outcome, integration::Status, ports::ChangedSettings};

use super::{
    batch::key,
    item::{blob, number, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused},
    places,
};

impl AwsStore {
    /// Writes settings and the due time that follows from them. Returns whether they were written.
    pub(super) async fn write_settings(&self, change: &ChangedSettings<'_>) -> Outcome<bool> {
        let scope = &change.seen.scope;
        let before = match &change.seen.settings {
            None => "attribute_not_exists(settings_version)",
            Some(_) => "settings_version = :before",
        };
        let run = match &change.seen.open_run {
            None => "attribute_not_exists(run_id)",
            Some(_) => "run_id = :run",
        };
        let mut set =
            "SET settings = :settings, settings_version = :version, due_at = :due".to_owned();
        let mut update = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .condition_expression(format!(
                "#status = :connected AND generation = :g AND due_at = :seen AND {before} AND {run}"
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .expression_attribute_values(":seen", text(time(change.seen.due)))
            .expression_attribute_values(":settings", blob(change.kept.sealed.as_bytes()))
            .expression_attribute_values(":version", number(change.kept.version))
            .expression_attribute_values(":due", text(time(change.due)));
        if let Some(before) = &change.seen.settings {
            update = update.expression_attribute_values(":before", number(before.version));
        }
        if let Some(open) = &change.seen.open_run {
            update = update.expression_attribute_values(":run", text(open.id.as_str()));
            if let Some(next) = change.next {
                set.push_str(", run_next = :next");
                update = update.expression_attribute_values(":next", text(time(next)));
            }
        }
        match change.kept.hour {
            Some(hour) => {
                set.push_str(", schedule_hour = :hour");
                update = update.expression_attribute_values(":hour", number(hour));
            }
            None => set.push_str(" REMOVE schedule_hour"),
        }
        match update.update_expression(set).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => {
                // Our own write may have been applied and its answer lost. No two sealed settings are equal, so
                // equality proves it.
                let there = self
                    .read_integration(&places::integration_in(scope))
                    .await?;
                Ok(there.is_some_and(|there| there.settings.as_ref() == Some(change.kept)))
            }
            Err(error) => Err(fault("settings_put", &error)),
        }
    }
}
