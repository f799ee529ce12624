//! Companies of the vendor's database, as the CRM knows them.

use domain::{
    allowance::Limit,
    fault::{Code, Outcome},
    show_copy::{self, CompanyStatus, InCrm, View},
};
use futures::try_join;
use matching::CompanyId;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Call, Reply,
    allowed::spend,
    database::Wanted,
    http::Answered,
    shown::{self, Told},
};
use crate::problem::Problem;

/// `POST /v1/integrations/{integration}/companies/status`.
pub(super) async fn status(call: &Call<'_>) -> Answered {
    let wanted: Wanted = call.request.json()?;
    let companies = wanted.ids()?;
    let which = call.request.which(&call.caller.tenant)?;
    let ports = call.ports;
    // The request is counted while the view is opened, so that counting takes no time of its own.
    let opened = View::open(&*ports.store, &*ports.keys, &which);
    let (view, ()) = try_join!(opened, counted(call))?;
    let (told, freshness) = show_copy::status(&view, &companies).await?;
    let told: Vec<Value> = told.iter().map(company_status).collect();
    Reply::ok(json!({"companies": told, "freshness": shown::freshness(&freshness)}))
}

/// Counts the request in the tenant's allowance. If the counter fails, the request is answered all the same: it reads the tenant's own copy
/// only, and users' lists must not depend on a counter.
async fn counted(call: &Call<'_>) -> Outcome<()> {
    match spend(call, Limit::StatusCallsPerMinute, 1).await {
        Err(fault) if *fault.code() != Code::AllowanceUsedUp => {
            tracing::warn!(code = %fault.code(), "the request was not counted");
            Ok(())
        }
        counted => counted,
    }
}

/// `GET /v1/integrations/{integration}/companies`.
pub(super) async fn picture(call: &Call<'_>) -> Answered {
    let query = &call.query;
    let company = query.parsed("company", "an id of the company database", |id| {
        CompanyId::parse(id).ok()
    })?;
    let company =
        company.ok_or_else(|| Problem::bad_request("it is missing").with_parameter("company"))?;
    let which = call.request.which(&call.caller.tenant)?;
    let view = View::open(&*call.ports.store, &*call.ports.keys, &which).await?;
    let picture = show_copy::company(&view, &company).await?;
    let records = picture.records.iter().map(|record| {
        let place = (record.object, record.id.clone());
        let children = picture.children.get(&place).map(Vec::as_slice);
        Related {
            record: shown::record(record),
            children: shown::records(children.unwrap_or_default()),
            has_more_children: picture.partial.contains(&place),
        }
    });
    Reply::ok(Pictured {
        status: company_status(&picture.status),
        records: records.collect(),
        freshness: shown::freshness(&picture.freshness),
    })
}

#[derive(Serialize)]
struct Pictured<'a> {
    status: Value,
    records: Vec<Related<'a>>,
    freshness: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Related<'a> {
    #[serde(flatten)]
    record: Told<'a>,
    children: Vec<Told<'a>>,
    has_more_children: bool,
}

fn company_status(status: &CompanyStatus) -> Value {
    // Without `..`, so that the compiler asks for a new field.
    let CompanyStatus {
        company,
        in_crm,
        records,
        n_records,
        owner,
        open_opportunities,
        open_tasks,
        is_partial,
        last_activity,
        confirmed,
    } = status;
    let records = records.iter().map(|one| {
        json!({
            "object": one.object,
            "id": one.id,
            "status": one.status,
            "score": one.score,
            "optOut": one.opt_out,
        })
    });
    json!({
        "company": company,
        "inCrm": match in_crm {
            InCrm::Yes => "yes",
            InCrm::Perhaps => "perhaps",
            InCrm::No => "no",
        },
        "records": records.collect::<Vec<_>>(),
        "relatedRecords": n_records,
        "owner": owner,
        "openOpportunities": open_opportunities,
        "openTasks": open_tasks,
        "isPartial": is_partial,
        "lastActivity": last_activity,
        "confirmed": confirmed,
    })
}
