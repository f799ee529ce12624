//! Exports: requested, watched, and downloaded by a short-lived URL.

use aws_lambda_events::http::header::LOCATION;
use domain::{
    export_copy,
    exports::{Export, Phase},
    fault::Code,
    tenant::{ExportId, Scope},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    Call, Reply,
    http::{Answered, Changed},
    shown,
};
use crate::problem::Problem;

/// How long a URL works: long enough to start a download, too short to be passed around.
const VALID: SignedDuration = SignedDuration::from_mins(5);

/// `POST /v1/integrations/{integration}/exports`.
pub(super) async fn begin(call: &Call<'_>) -> Changed {
    let which = call.request.which(&call.caller.tenant)?;
    let noted = call.note().await?;
    let asked = noted.asked.clone();
    let store = &*call.ports.store;
    let random = (call.world.random)();
    let allowance = &call.settings.allowance;
    let (export, orders) = export_copy::ask(store, &which, asked, random, allowance).await?;
    // If the order is lost, the next request for the export sends it again.
    call.try_send(orders).await;
    let place = format!(
        "/v1/integrations/{}/exports/{}",
        which.integration, export.id
    );
    let reply = Reply::of(202, told(&export, None))?.with_header(LOCATION, &place)?;
    Ok((reply, noted.about(&export.id)))
}

/// `GET /v1/integrations/{integration}/exports/{export}`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let id = shown::named(ExportId::parse(call.request.param("export")))?;
    let which = call.request.which(&call.caller.tenant)?;
    let store = &*call.ports.store;
    let found = export_copy::look(store, &which, &id, call.now()).await?;
    let (scope, export, orders) = found.ok_or_else(Problem::not_found)?;
    call.try_send(orders).await;
    let url = url(call, &scope, &export).await?;
    Reply::ok(told(&export, url))
}

/// Returns the file's URL and until when it works. `None` if the file does not exist yet, or no longer.
async fn url(
    call: &Call<'_>,
    scope: &Scope,
    export: &Export,
) -> Result<Option<(String, jiff::Timestamp)>, Problem> {
    let now = call.now();
    let is_offered = export.offered_until().is_some_and(|until| now < until);
    if !is_offered {
        return Ok(None);
    }
    let store = &call.ports.store;
    let url = store.export_url(scope, &export.id, VALID).await?;
    Ok(Some((url, now.saturating_add(VALID).unwrap_or(now))))
}

fn told(export: &Export, url: Option<(String, jiff::Timestamp)>) -> Value {
    let status = match (export.phase, &url) {
        (Phase::Writing, _) => "writing",
        (Phase::Failed, _) => "failed",
        (Phase::Done, Some(_)) => "done",
        (Phase::Done, None) => "expired",
    };
    let (url, until) = url.unzip();
    json!({
        "export": export.id,
        "status": status,
        "askedBy": export.asked.by,
        "askedAt": export.asked.at,
        "records": export.records,
        "relations": export.relations,
        "withheld": export.withheld,
        "unsettled": export.unsettled,
        "bytes": export.bytes,
        "failure": export.failure.as_deref().map(|code| Code::parse(code).public()),
        "offeredUntil": export.offered_until(),
        "url": url,
        "urlValidUntil": until,
    })
}
