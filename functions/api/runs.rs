//! Runs: starting one, and the results of earlier ones.

use domain::{
    dispatch,
    fault::{Code, Fault},
    integration::Integration,
    progress::{Proof, RunReport, Summary, Verdict},
    record::Object,
    tenant::RunId,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Call, Reply,
    foretold::{Foretold, foretell},
    held::ShownDecision,
    http::{Answered, Changed},
    pages,
};
use crate::{
    metrics::{self, Metric},
    problem::Problem,
};

/// The default and the largest number of runs on a page.
const PAGE: (u32, u32) = (20, 100);

/// `POST /v1/integrations/{integration}/runs`.
pub(super) async fn begin(call: &Call<'_>) -> Changed {
    let which = call.request.which(&call.caller.tenant)?;
    let noted = call.note().await?;
    let store = &*call.ports.store;
    let random = (call.world.random)();
    let calendar = &call.settings.calendar;
    let allowance = Some(&call.settings.allowance);
    let run = dispatch::at_once(store, &which, call.now(), calendar, random, allowance).await?;
    metrics::add(Metric::RunsBegun, u64::from(run.begun));
    call.send(run.orders.clone()).await?;
    let begun = Begun {
        foretold: foretell(call, &run).await,
        run: run.run,
        begun: run.begun,
    };
    let noted = noted.about(&begun.run);
    Ok((Reply::of(202, begun)?, noted))
}

/// A run that was asked for.
#[derive(Serialize)]
struct Begun {
    run: RunId,
    begun: bool,
    #[serde(flatten)]
    foretold: Foretold,
}

/// `GET /v1/integrations/{integration}/runs`.
pub(super) async fn list(call: &Call<'_>) -> Answered {
    let query = &call.query;
    let limit = query.number("limit", 1, PAGE.1, PAGE.0)?;
    let after = query.parsed("cursor", "a cursor of an earlier answer", |cursor| {
        RunId::parse(cursor).ok()
    })?;
    let integration = found(call).await?;
    let store = &call.ports.store;
    let mut reports = store
        .runs(&integration.scope, after.as_ref(), limit + 1)
        .await?;
    let more = reports.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        reports.pop();
    }
    let runs = pages::page(&reports, Run::of)?;
    let last = reports.get(runs.len().saturating_sub(1));
    let more = more || runs.len() < reports.len();
    Reply::ok(Runs {
        cursor: last.filter(|_| more).map(|last| last.run.clone()),
        runs,
    })
}

#[derive(Serialize)]
struct Runs {
    runs: Vec<Box<RawValue>>,
    cursor: Option<RunId>,
}

/// `GET /v1/integrations/{integration}/runs/{run}`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let run = RunId::parse(call.request.param("run"))?;
    let integration = found(call).await?;
    let store = &call.ports.store;
    let report = store.run(&integration.scope, &run).await?;
    let report = report.ok_or_else(|| Fault::of(Code::RunUnknown))?;
    Reply::ok(Run::of(&report))
}

async fn found(call: &Call<'_>) -> Result<Integration, Problem> {
    let which = call.request.which(&call.caller.tenant)?;
    let found = call.ports.store.integration(&which).await?;
    Ok(Integration::known(found)?)
}

/// A finished run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    run: RunId,
    begun: Timestamp,
    ended: Timestamp,
    /// The code of a fault. `None` if the run did not fail.
    failure: Option<String>,
    objects: Vec<Done>,
}

/// What a run did with an object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    object: Object,
    #[serde(flatten)]
    verdict: Judged,
    proof: Option<Proof>,
    seen: u64,
    written: u64,
    unchanged: u64,
    deleted: u64,
    quarantined: u64,
    repaired: u64,
    automatic: u64,
    suggested: u64,
    requests: u64,
    sealed_bytes: u64,
    crm_count: Option<u64>,
    parents: Option<ComparedParents>,
    hidden_fields: Vec<String>,
    deletions_waiting: u64,
    deletions_left: u64,
    deletions_held: u64,
    decision: Option<ShownDecision>,
}

/// What comparing the parents came to.
#[derive(Serialize)]
struct ComparedParents {
    compared: u64,
    moved: u64,
    requests: u64,
}

/// A verdict, as the frontend sees it.
#[derive(Serialize)]
pub(super) struct Judged {
    verdict: Option<&'static str>,
    /// Records that differ, or records that the deletion guard held back.
    records: Option<u64>,
    /// The code of a fault.
    code: Option<String>,
}

impl Judged {
    pub(super) fn of(verdict: Option<&Verdict>) -> Self {
        let (verdict, records, code) = match verdict {
            None => (None, None, None),
            Some(Verdict::Verified) => (Some("verified"), None, None),
            Some(Verdict::Drift(n)) => (Some("drift"), Some(*n), None),
            Some(Verdict::Held(n)) => (Some("held"), Some(*n), None),
            Some(Verdict::Failed(code)) => (Some("failed"), None, Some(Code::public_of(code))),
            Some(Verdict::Unproven) => (Some("unproven"), None, None),
            Some(Verdict::Absent) => (Some("absent"), None, None),
        };
        Self {
            verdict,
            records,
            code,
        }
    }
}

impl Run {
    fn of(report: &RunReport) -> Self {
        Self {
            run: report.run.clone(),
            begun: report.begun,
            ended: report.ended,
            failure: report.failure.as_deref().map(Code::public_of),
            objects: report.objects.iter().map(Done::of).collect(),
        }
    }
}

impl Done {
    fn of((object, summary): &(Object, Summary)) -> Self {
        Self {
            object: *object,
            verdict: Judged::of(summary.verdict.as_ref()),
            proof: summary.proof,
            seen: summary.seen,
            written: summary.written,
            unchanged: summary.unchanged,
            deleted: summary.deleted,
            quarantined: summary.quarantined,
            repaired: summary.repaired,
            automatic: summary.automatic,
            suggested: summary.suggested,
            requests: summary.requests,
            sealed_bytes: summary.sealed_bytes,
            crm_count: summary.crm_count,
            parents: summary.parents.map(|counts| ComparedParents {
                compared: counts.compared,
                moved: counts.moved,
                requests: counts.requests,
            }),
            hidden_fields: summary.vanished_fields.clone(),
            deletions_waiting: summary.held_back.waiting,
            deletions_left: summary.held_back.left,
            deletions_held: summary.held_back.new,
            decision: summary.decided.as_ref().map(ShownDecision::of),
        }
    }
}
