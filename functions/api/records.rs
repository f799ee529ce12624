//! Records of the copy.

use domain::{
    record::{Object, RecordId},
    show_copy::{self, Filter, Listed, MAX_PAGE, View},
};
use matching::{CompanyId, RelationStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Call, Reply,
    http::Answered,
    shown::{self, Told},
};
use crate::problem::Problem;

/// The default number of records on a page.
const PAGE: u32 = 50;

/// `GET /v1/integrations/{integration}/records`.
pub(super) async fn list(call: &Call<'_>) -> Answered {
    let query = &call.query;
    let limit = query.number("limit", 1, most(), PAGE)?;
    let object = |parameter| {
        let parse = |name: &str| Object::parse(name).ok();
        query.parsed(parameter, &Object::one_of(), parse)
    };
    // Where an id alone names a record, the object does not matter.
    let parent_object = object("parentObject")?.unwrap_or(Object::Account);
    let parent = query.parsed("parent", "a record's id", |id| RecordId::parse(id).ok())?;
    let filter = Filter {
        object: object("object")?,
        parent: parent.map(|id| (parent_object, id)),
        company: query.parsed("company", "an id of the company database", |id| {
            CompanyId::parse(id).ok()
        })?,
        status: query.parsed(
            "status",
            "suggested, automatic, approved or blocked",
            |name| {
                let mut all = RelationStatus::ALL.into_iter();
                all.find(|status| status.to_string() == name)
            },
        )?,
        open: query.parsed("open", "true or false", |text| text.parse().ok())?,
        owner: query.text("owner").map(str::to_owned),
        since: query.parsed("since", "a time, RFC 3339", |text| text.parse().ok())?,
        ..Filter::default()
    };
    let cursor = query.text("cursor").map(str::to_owned);
    if filter.object.is_none() && filter.parent.is_none() && filter.company.is_none() {
        return Err(
            Problem::bad_request("one of object, parent and company is needed")
                .with_parameter("object"),
        );
    }
    let which = call.request.which(&call.caller.tenant)?;
    let view = View::open(&*call.ports.store, &*call.ports.keys, &which).await?;
    let page = show_copy::list(&view, &filter, cursor.as_deref(), size(limit))
        .await
        .map_err(|fault| shown::refused(fault, |problem| problem.with_parameter("cursor")))
        .map_err(shown::as_parameter)?;
    listed(&page)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    email: Option<String>,
    domain: Option<String>,
    object: Option<Object>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// `POST /v1/integrations/{integration}/records/search`: an e-mail address must not be in a URL.
pub(super) async fn search(call: &Call<'_>) -> Answered {
    let search: Search = call.request.json()?;
    let limit = search.limit.unwrap_or(PAGE);
    if !(1..=most()).contains(&limit) {
        return Err(Problem::invalid(format!("1 to {}", most())).with_field("/limit"));
    }
    match (&search.email, &search.domain) {
        (Some(text), None) | (None, Some(text)) if (1..=320).contains(&text.len()) => {}
        (Some(_), None) => {
            return Err(Problem::invalid("1 to 320 bytes").with_field("/email"));
        }
        (None, Some(_)) => {
            return Err(Problem::invalid("1 to 320 bytes").with_field("/domain"));
        }
        _ => return Err(Problem::invalid("either email or domain is needed").with_field("")),
    }
    let which = call.request.which(&call.caller.tenant)?;
    let view = View::open(&*call.ports.store, &*call.ports.keys, &which).await?;
    let filter = Filter {
        email: search.email,
        domain: search.domain,
        object: search.object,
        ..Filter::default()
    };
    let page = show_copy::list(&view, &filter, search.cursor.as_deref(), size(limit))
        .await
        .map_err(|fault| shown::refused(fault, |problem| problem.with_field("/cursor")))?;
    listed(&page)
}

/// `GET /v1/integrations/{integration}/records/{object}/{record}`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let object = shown::named(Object::parse(call.request.param("object")))?;
    let id = shown::named(RecordId::parse(call.request.param("record")))?;
    let which = call.request.which(&call.caller.tenant)?;
    let view = View::open(&*call.ports.store, &*call.ports.keys, &which).await?;
    let detail = show_copy::record(&view, object, &id)
        .await
        .map_err(|fault| shown::as_parameter(fault.into()))?;
    let decisions: Vec<_> = detail
        .decisions
        .iter()
        .map(|decision| {
            json!({
                "company": decision.company,
                "decision": super::relations::decision_name(decision.verdict),
                "by": decision.by,
                "at": decision.at,
            })
        })
        .collect();
    Reply::ok(Detailed {
        record: shown::record(&detail.record),
        decisions,
        freshness: shown::freshness(&detail.freshness),
    })
}

fn most() -> u32 {
    u32::try_from(MAX_PAGE).unwrap_or(u32::MAX)
}

fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(MAX_PAGE)
}

fn listed(page: &Listed) -> Answered {
    Reply::ok(Page {
        records: shown::records(&page.records),
        cursor: page.next.as_deref(),
        freshness: shown::freshness(&page.freshness),
    })
}

#[derive(Serialize)]
struct Detailed<'a> {
    record: Told<'a>,
    decisions: Vec<Value>,
    freshness: Value,
}

#[derive(Serialize)]
struct Page<'a> {
    records: Vec<Told<'a>>,
    cursor: Option<&'a str>,
    freshness: Value,
}
