//! Keys of what an integration has in Ledger and Keys.

use std::fmt::Display;

use domain::{
    integration::Which,
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::{ExportId, Generation, IntegrationId, RunId, Scope, TenantId},
};

use super::{Shape, spread};

/// The number of partitions of the index of due integrations.
pub const DUE_BUCKETS: u32 = 8;

/// The integration's own row in Ledger.
pub const INTEGRATION: &str = Shape::Integration.word();

/// Returns the partition of an integration in Ledger and Keys, for all generations.
pub fn integration(tenant: &TenantId, integration: &IntegrationId) -> String {
    format!("T#{tenant}#{integration}")
}

/// Returns the partition of an integration in Ledger and Keys, for all generations.
pub fn integration_of(which: &Which) -> String {
    integration(&which.tenant, &which.integration)
}

/// Returns the partition of an integration in Ledger and Keys, for all generations.
pub fn integration_in(scope: &Scope) -> String {
    integration(&scope.tenant, &scope.integration)
}

/// Returns the prefix of the sort keys of all rows of a generation in Ledger.
pub fn generation(generation: Generation) -> String {
    format!("{generation}#")
}

/// Returns the prefix of the sort keys of a shape's rows in a generation, or the key if there is only one.
fn rows(generation: Generation, shape: Shape) -> String {
    format!("{generation}#{}", shape.word())
}

/// Returns the sort key of one of a shape's rows in a generation.
fn row(generation: Generation, shape: Shape, which: impl Display) -> String {
    format!("{generation}#{}{which}", shape.word())
}

/// Returns the prefix of the sort keys of a generation's progress rows.
pub fn progress_rows(generation: Generation) -> String {
    rows(generation, Shape::Progress)
}

/// Returns the sort key of an object's progress.
pub fn progress(generation: Generation, object: Object) -> String {
    row(generation, Shape::Progress, object)
}

/// Returns the prefix of the sort keys of a generation's reports.
pub fn run_rows(generation: Generation) -> String {
    rows(generation, Shape::Run)
}

/// Returns the sort key of a run's report.
pub fn run(generation: Generation, run: &RunId) -> String {
    row(generation, Shape::Run, run)
}

/// Returns the sort key of a quarantined record: by its id, or by its position if it has no id.
pub fn quarantine(
    generation: Generation,
    object: Object,
    id: Option<&RecordId>,
    page: u64,
    position: usize,
) -> String {
    match id {
        Some(id) => row(generation, Shape::Quarantine, format_args!("{object}#{id}")),
        None => row(
            generation,
            Shape::Quarantine,
            format_args!("{object}#/{page}/{position}"),
        ),
    }
}

/// Returns the sort key of an intent, by the hash of its request's key.
pub fn intent(generation: Generation, key: &KeyedHash) -> String {
    row(generation, Shape::Intent, key)
}

/// Returns the sort key of the intent that made a record.
pub fn maker(generation: Generation, object: Object, id: &RecordId) -> String {
    row(generation, Shape::Made, format_args!("{object}#{id}"))
}

/// Returns the prefix of the sort keys of a generation's exports.
pub fn export_rows(generation: Generation) -> String {
    rows(generation, Shape::Exporting)
}

/// Returns the sort key of an export's progress.
pub fn exporting(generation: Generation, id: &ExportId) -> String {
    row(generation, Shape::Exporting, id)
}

/// Returns the sort key of a generation's removal.
pub fn removal(generation: Generation) -> String {
    rows(generation, Shape::Removal)
}

/// Returns the prefix of the sort keys of decisions: all of a generation, those about an object's records, or those
/// about one record.
pub fn decision_rows(generation: Generation, of: Option<(Object, Option<&RecordId>)>) -> String {
    match of {
        None => rows(generation, Shape::Decision),
        Some((object, None)) => row(generation, Shape::Decision, format_args!("{object}#")),
        Some((object, Some(id))) => {
            row(generation, Shape::Decision, format_args!("{object}#{id}#"))
        }
    }
}

/// Returns the sort key of a user's decision about a relation.
pub fn decision(
    generation: Generation,
    object: Object,
    id: &RecordId,
    company: &KeyedHash,
) -> String {
    row(
        generation,
        Shape::Decision,
        format_args!("{object}#{id}#{company}"),
    )
}

/// Returns the sort key of the record into which another one was merged.
pub fn merged(generation: Generation, object: Object, id: &RecordId) -> String {
    row(generation, Shape::Merged, format_args!("{object}#{id}"))
}

/// Returns the prefix of the sort keys of an object's held-back deletions.
pub fn held_back_rows(generation: Generation, object: Object) -> String {
    row(generation, Shape::HeldBack, format_args!("{object}#"))
}

/// Returns the sort key of a held-back deletion.
pub fn held_back(generation: Generation, object: Object, id: &RecordId) -> String {
    row(generation, Shape::HeldBack, format_args!("{object}#{id}"))
}

/// Returns the sort key of the last decision about held-back deletions.
pub fn deletions_decided(generation: Generation) -> String {
    rows(generation, Shape::DeletionsDecided)
}

/// Returns the sort key of the `version`-th wrapping of a generation's keys.
pub fn key(generation: Generation, version: u32) -> String {
    row(generation, Shape::Key, version)
}

/// Returns the prefix of the sort keys of all wrappings of a generation's keys.
pub fn keys(generation: Generation) -> String {
    rows(generation, Shape::Key)
}

/// Returns an integration's partition of the index of due integrations.
pub fn due_bucket(scope: &Scope) -> String {
    let name = integration_in(scope);
    due_bucket_of(spread(&name, DUE_BUCKETS))
}

/// Returns the `n`-th partition of the index of due integrations.
pub fn due_bucket_of(n: u32) -> String {
    format!("due#{n}")
}

/// The partition of the same index that has the tenants whose end is not over. Few tenants end at the same time.
pub const ENDING: &str = "ending";
