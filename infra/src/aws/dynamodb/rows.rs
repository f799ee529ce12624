//! Converts rows of the Ledger to values and back.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::Outcome,
    integration::{Due, Integration, Lease, OpenRun, Origin, Provider, Status, Unverified},
    offboarding::{EndStage, Ending},
    progress::{Progress, Summary},
    record::Object,
    seal::Sealed,
    settings::StoredSettings,
    tenant::{Generation, IntegrationId, RunId, Scope, TenantId},
};
use jiff::Timestamp;

use super::{
    item::{Attributes, Item, blob, number, text, time},
    outbox,
};
use crate::aws::{fault::malformed, places};

/// The due time of what is not due until it is connected again.
pub(super) const NEVER: Timestamp = Timestamp::MAX;

/// Returns the row of an integration. The index of due integrations has it while it is connected or being removed.
pub(super) fn of_integration(integration: &Integration) -> Outcome<Attributes> {
    let scope = &integration.scope;
    let mut row = Attributes::from(
        [
            ("pk", text(places::integration_in(scope))),
            ("sk", text(places::INTEGRATION)),
            ("tenant", text(scope.tenant.as_str())),
            ("integration", text(scope.integration.as_str())),
            ("generation", number(scope.generation.0)),
            ("provider", text(integration.provider.name())),
            ("organisation", text(&integration.organisation)),
            ("status", text(integration.status.name())),
            ("credentials", blob(integration.credentials.as_bytes())),
            ("due_at", text(time(integration.due))),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let mut put = |name: &str, value| row.insert(name.to_owned(), value);
    if matches!(integration.status, Status::Connected | Status::Removing) {
        put("due_bucket", text(places::due_bucket(scope)));
    }
    if integration.status == Status::Connected {
        // The index of unverified integrations has it from now on. It is due as soon as it is connected.
        put("verified_at", text(time(integration.due)));
    }
    if let Some(run) = &integration.open_run {
        put("run_id", text(run.id.as_str()));
        put("run_begun", text(time(run.begun)));
        put("run_next", text(time(run.next)));
    }
    if let Some(kept) = &integration.settings {
        put("settings", blob(kept.sealed.as_bytes()));
        put("settings_version", number(kept.version));
        if let Some(hour) = kept.hour {
            put("schedule_hour", number(hour));
        }
    }
    if let Some(lease) = &integration.lease {
        put("lease_holder", text(&lease.holder));
        put("lease_run", text(lease.run.as_str()));
        put("lease_deadline", text(time(lease.deadline)));
    }
    if !integration.untold.is_empty() {
        put("untold", outbox::list(&integration.untold)?);
    }
    Ok(row)
}

/// The attributes of an integration's row that [`origin`] reads. `#status` stands for `status`, a word of DynamoDB's own.
/// The data role for exports (`template.yaml`) may read these, and not the grant.
pub(super) const OF_ORIGIN: &str =
    "tenant, integration, generation, provider, organisation, #status";

pub(super) fn origin(row: &Attributes) -> Outcome<Origin> {
    Ok(Origin {
        scope: scope(row)?,
        provider: Provider::parse(row.text("provider")?)?,
        organisation: row.text("organisation")?.to_owned(),
        status: Status::parse(row.text("status")?)?,
    })
}

pub(super) fn integration(row: &Attributes) -> Outcome<Integration> {
    let Origin {
        scope,
        provider,
        organisation,
        status,
    } = origin(row)?;
    Ok(Integration {
        scope,
        provider,
        organisation,
        status,
        credentials: match row.get("credentials") {
            // A removal deletes the grant. An empty one takes its place, and it cannot be opened.
            None => Sealed::from_stored(Vec::new()),
            Some(_) => Sealed::from_stored(row.blob("credentials")?.to_vec()),
        },
        due: row.time("due_at")?,
        open_run: open_run(row)?,
        standstill: row
            .optional_text("standstill")
            .map(|found| serde_json::from_str(found).map_err(|_| malformed("standstill")))
            .transpose()?,
        lease: match row.optional_text("lease_holder") {
            None => None,
            Some(holder) => Some(Lease {
                holder: holder.to_owned(),
                run: RunId::parse(row.text("lease_run")?)?,
                deadline: row.time("lease_deadline")?,
            }),
        },
        untold: outbox::untold(row),
        settings: match row.get("settings") {
            None => None,
            Some(_) => Some(StoredSettings {
                version: row.number("settings_version")?,
                sealed: Sealed::from_stored(row.blob("settings")?.to_vec()),
                hour: hour(row)?,
            }),
        },
    })
}

/// Reads an entry of the index of due integrations.
pub(super) fn due(row: &Attributes) -> Outcome<Due> {
    Ok(Due {
        scope: scope(row)?,
        due: row.time("due_at")?,
        removing: row.text("status")? == Status::Removing.name(),
        open_run: open_run(row)?,
        leased_until: match row.optional_text("lease_deadline") {
            None => None,
            Some(_) => Some(row.time("lease_deadline")?),
        },
        hour: hour(row)?,
    })
}

/// Reads an entry of the index of unverified integrations.
pub(super) fn unverified(row: &Attributes) -> Outcome<Unverified> {
    Ok(Unverified {
        scope: scope(row)?,
        since: row.time("verified_at")?,
    })
}

/// Returns the attributes by which the index `due` finds an offboarding that is not over. The index has no attributes of their own for
/// the stage and its begin, and what an index has cannot be changed, so those of an integration and its run have them.
pub(super) fn of_ending(ending: &Ending) -> [(String, AttributeValue); 5] {
    [
        ("due_bucket", text(places::ENDING)),
        ("due_at", text(time(ending.asked))),
        ("tenant", text(ending.tenant.as_str())),
        ("status", text(ending.stage.name())),
        ("run_begun", text(time(ending.since))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}

/// Reads an entry of the index about an offboarding.
pub(super) fn ending(row: &Attributes) -> Outcome<Ending> {
    Ok(Ending {
        tenant: TenantId::parse(row.text("tenant")?)?,
        asked: row.time("due_at")?,
        stage: EndStage::find(row.text("status")?).ok_or_else(|| malformed("status"))?,
        since: row.time("run_begun")?,
    })
}

fn hour(row: &Attributes) -> Outcome<Option<u8>> {
    match row.get("schedule_hour") {
        None => Ok(None),
        Some(_) => row.number("schedule_hour").map(Some),
    }
}

fn scope(row: &Attributes) -> Outcome<Scope> {
    Ok(Scope {
        tenant: TenantId::parse(row.text("tenant")?)?,
        integration: IntegrationId::parse(row.text("integration")?)?,
        generation: Generation(row.number("generation")?),
    })
}

fn open_run(row: &Attributes) -> Outcome<Option<OpenRun>> {
    let Some(id) = row.optional_text("run_id") else {
        return Ok(None);
    };
    Ok(Some(OpenRun {
        id: RunId::parse(id)?,
        begun: row.time("run_begun")?,
        next: row.time("run_next")?,
    }))
}

pub(super) fn progress(row: &Attributes) -> Outcome<Progress> {
    let object = row
        .text("sk")?
        .rsplit('#')
        .next()
        .ok_or_else(|| malformed("sk"))?;
    let summary: Summary =
        serde_json::from_str(row.text("summary")?).map_err(|_| malformed("summary"))?;
    Ok(Progress {
        object: Object::parse(object)?,
        run: RunId::parse(row.text("run")?)?,
        cursor: Sealed::from_stored(row.blob("cursor")?.to_vec()),
        // Additions move the counter. It can fall below zero only by a mistake of ours, which a recount corrects.
        held: u64::try_from(row.number::<i64>("held")?).unwrap_or(0),
        summary,
    })
}
