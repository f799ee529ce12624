//! Relations: suggestions, and users' decisions.

use domain::{
    record::{Object, RecordId},
    review_relations::{self, MAX_PAGE, Say},
    show_copy::View,
};
use matching::{CompanyId, RelationStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Call, Reply,
    http::{Answered, Changed},
    shown::{self, Told},
};

/// The default number of suggested relations on a page.
const PAGE: u32 = 50;

/// `GET /v1/integrations/{integration}/relations/suggested`.
pub(super) async fn suggested(call: &Call<'_>) -> Answered {
    let query = &call.query;
    let most = u32::try_from(MAX_PAGE).unwrap_or(u32::MAX);
    let limit = query.number("limit", 1, most, PAGE)?;
    let which = call.request.which(&call.caller.tenant)?;
    let view = View::open(&*call.ports.store, &*call.ports.keys, &which).await?;
    let limit = usize::try_from(limit).unwrap_or(MAX_PAGE);
    let page = review_relations::suggested(&view, query.text("cursor"), limit)
        .await
        .map_err(|fault| shown::refused(fault, |problem| problem.with_parameter("cursor")))?;
    let suggestions = page.suggestions.iter().map(|one| Suggested {
        record: shown::record(&one.record),
        company: &one.company,
        score: one.score,
        evidence: shown::evidence(&one.evidence),
    });
    Reply::ok(Page {
        suggestions: suggestions.collect(),
        cursor: page.next.as_deref(),
        freshness: shown::freshness(&page.freshness),
    })
}

#[derive(Serialize)]
struct Suggested<'a> {
    record: Told<'a>,
    company: &'a CompanyId,
    score: u16,
    evidence: Value,
}

#[derive(Serialize)]
struct Page<'a> {
    suggestions: Vec<Suggested<'a>>,
    cursor: Option<&'a str>,
    freshness: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    object: Object,
    record: RecordId,
    company: CompanyId,
    decision: Decision,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Approved,
    Blocked,
    Withdrawn,
}

/// `POST /v1/integrations/{integration}/relations`.
pub(super) async fn decide(call: &Call<'_>) -> Changed {
    let decided: Decided = call.request.json()?;
    review_relations::may_decide(decided.object)?;
    let say = match decided.decision {
        Decision::Approved => Say::Approve,
        Decision::Blocked => Say::Block,
        Decision::Withdrawn => Say::TakeBack,
    };
    let which = call.request.which(&call.caller.tenant)?;
    let view = View::open(&*call.ports.store, &*call.ports.keys, &which).await?;
    let noted = call.note().await?;
    let record = (decided.object, &decided.record);
    let who = (call.caller.user.as_str(), call.now());
    let (relations, freshness) =
        review_relations::decide(&view, record, &decided.company, say, who).await?;
    let relations: Vec<Value> = relations
        .iter()
        .map(|relation| {
            json!({
                "company": relation.company,
                "status": relation.status,
                "score": relation.score,
                "evidence": shown::evidence(&relation.evidence),
            })
        })
        .collect();
    let told = json!({"relations": relations, "freshness": shown::freshness(&freshness)});
    Ok((Reply::ok(told)?, noted))
}

/// Returns a decision's name for the frontend.
pub(super) fn decision_name(verdict: Option<RelationStatus>) -> String {
    verdict.map_or_else(|| "withdrawn".to_owned(), |status| status.to_string())
}
