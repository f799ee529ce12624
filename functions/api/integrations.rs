//! Integrations and their state.

use domain::{
    fault::Code,
    integration::{Integration, Status},
    progress::{Budget, Per, Progress, RunReport},
    record::Object,
    tenant::{IntegrationId, RunId},
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{Call, Reply, http::Answered, runs::Judged};

/// Seconds in a day.
const DAY: u64 = 86_400;

/// `GET /v1/integrations`.
pub(super) async fn list(call: &Call<'_>) -> Answered {
    let query = &call.query;
    let after = query.parsed("cursor", "a cursor of an earlier answer", |cursor| {
        IntegrationId::parse(cursor).ok()
    })?;
    let store = &call.ports.store;
    let (found, cursor) = store
        .integrations(&call.caller.tenant, after.as_ref())
        .await?;
    let integrations: Vec<Summary> = found.iter().map(Summary::of).collect();
    Reply::ok(json!({"integrations": integrations, "cursor": cursor}))
}

/// `GET /v1/integrations/{integration}`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let which = call.request.which(&call.caller.tenant)?;
    let store = &call.ports.store;
    let integration = Integration::known(store.integration(&which).await?)?;
    let progress = store.progress(&integration.scope).await?;
    let last = store.runs(&integration.scope, None, 1).await?;
    Reply::ok(Shown::of(&integration, &progress, last.first(), call.now()))
}

/// An integration in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    integration: IntegrationId,
    provider: &'static str,
    organisation: String,
    status: Status,
    generation: u32,
    /// The next regular run. `None` while a run is open or none will follow.
    next_run: Option<Timestamp>,
    open_run: Option<Opened>,
}

/// A run that has begun and not ended.
#[derive(Serialize)]
struct Opened {
    run: RunId,
    begun: Timestamp,
    /// Since when it makes no progress. `None` while it does.
    standstill: Option<Stands>,
    /// Why it does not go on before a time. `None` while it works.
    waits: Option<Waits>,
}

/// Why a run waits.
#[derive(Serialize)]
struct Waits {
    reason: String,
    until: Timestamp,
}

/// How long a run has made no progress.
#[derive(Serialize)]
struct Stands {
    slices: u32,
    since: Timestamp,
}

/// An integration, as the frontend sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    summary: Summary,
    last_run: Option<Last>,
    /// The CRM's budget that is used up first, as the CRM reported it last.
    quota: Option<Quota>,
    /// All of the CRM's budgets, as the CRM reported them last.
    budgets: Vec<ShownBudget>,
    /// How many requests the runs sent to the CRM in the last day.
    requests_in_last_day: u64,
    objects: Vec<Held>,
}

/// The last finished run.
#[derive(Serialize)]
struct Last {
    run: RunId,
    begun: Timestamp,
    ended: Timestamp,
    failure: Option<String>,
}

#[derive(Serialize)]
struct Quota {
    used: u64,
    total: u64,
}

/// One of the CRM's budgets.
#[derive(Serialize)]
struct ShownBudget {
    name: String,
    used: u64,
    total: u64,
    /// What is counted.
    unit: &'static str,
    /// Over how many seconds.
    seconds: u64,
}

impl ShownBudget {
    fn of(budget: &Budget) -> Self {
        let (unit, seconds) = match budget.per {
            Per::Day => ("requests", DAY),
            Per::Seconds(seconds) => ("requests", seconds),
            Per::Tokens => ("tokens", DAY),
        };
        Self {
            name: budget.name.to_string(),
            used: budget.used,
            total: budget.total,
            unit,
            seconds,
        }
    }
}

/// What the copy has of an object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    object: Object,
    held: u64,
    run: RunId,
    /// The start of the last run that confirmed that the copy has what the CRM had. `None` if the last comparison found
    /// a difference or is not finished.
    confirmed_at: Option<Timestamp>,
    #[serde(flatten)]
    verdict: Judged,
    /// Fields that could be read before and cannot be read now.
    hidden_fields: Vec<String>,
    quarantined: u64,
    /// Deletions that wait for a decision. Their records count in `held` and are not shown.
    deletions_waiting: u64,
    /// Deletions whose records stay by a user's decision.
    deletions_left: u64,
}

impl Summary {
    pub(super) fn of(integration: &Integration) -> Self {
        let is_open = integration.open_run.is_some();
        let is_run = integration.status == Status::Connected && !is_open;
        Self {
            integration: integration.scope.integration.clone(),
            provider: integration.provider.name(),
            organisation: integration.organisation.clone(),
            status: integration.status,
            generation: integration.scope.generation.0,
            next_run: is_run.then_some(integration.due),
            open_run: integration.open_run.as_ref().map(|open| Opened {
                run: open.id.clone(),
                begun: open.begun,
                standstill: integration.told_standstill().map(|found| Stands {
                    slices: found.slices,
                    since: found.since,
                }),
                waits: integration.waits().map(|waits| Waits {
                    reason: Code::public_of(&waits.code),
                    until: waits.until,
                }),
            }),
        }
    }
}

impl Shown {
    fn of(
        integration: &Integration,
        progress: &[Progress],
        last: Option<&RunReport>,
        now: Timestamp,
    ) -> Self {
        // The objects are read in order, so the last one has the CRM's latest report.
        let told = progress.iter().rev();
        let told = told.map(|one| &one.summary).find(|one| one.quota.is_some());
        Self {
            summary: Summary::of(integration),
            last_run: last.map(|report| Last {
                run: report.run.clone(),
                begun: report.begun,
                ended: report.ended,
                failure: report.failure.as_deref().map(Code::public_of),
            }),
            quota: told
                .and_then(|summary| summary.quota)
                .map(|(used, total)| Quota { used, total }),
            budgets: told
                .map(|summary| summary.budgets.iter().map(ShownBudget::of).collect())
                .unwrap_or_default(),
            requests_in_last_day: Progress::hourly(progress).in_last_day(now),
            objects: progress.iter().map(Held::of).collect(),
        }
    }
}

impl Held {
    fn of(progress: &Progress) -> Self {
        Self {
            object: progress.object,
            held: progress.held,
            run: progress.run.clone(),
            confirmed_at: progress.summary.verified_at,
            verdict: Judged::of(progress.summary.verdict.as_ref()),
            hidden_fields: progress.summary.vanished_fields.clone(),
            quarantined: progress.summary.quarantined,
            deletions_waiting: progress.summary.held_back.waiting,
            deletions_left: progress.summary.held_back.left,
        }
    }
}
