//! Deletions that are held back, and an administrator's decisions about them.

use domain::{
    dispatch,
    record::{Object, RecordId},
    removal::Asker,
    review_held::{self, Held, Question},
    tenant::RunId,
    vanished::{Answer, Decided},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Call, Reply,
    http::{Answered, Changed},
};

/// `GET /v1/integrations/{integration}/held`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let which = call.request.which(&call.caller.tenant)?;
    let question = review_held::look(&*call.ports.store, &which).await?;
    Reply::ok(Shown::of(&question))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    run: RunId,
    decision: Answer,
}

/// `POST /v1/integrations/{integration}/held`.
pub(super) async fn decide(call: &Call<'_>) -> Changed {
    let Decision { run, decision } = call.request.json()?;
    let which = call.request.which(&call.caller.tenant)?;
    let noted = call.note().await?;
    let store = &*call.ports.store;
    let asked = noted.asked.clone();
    let (question, orders) = review_held::decide(store, &which, &run, decision, asked).await?;
    call.send_untold(&question.scope, orders).await;
    // The decision is stored. If no run can begin now, the next regular one acts on it.
    let random = (call.world.random)();
    let calendar = &call.settings.calendar;
    match dispatch::at_once(store, &which, call.now(), calendar, random, None).await {
        Ok(begun) => call.try_send(begun.orders).await,
        Err(fault) => tracing::warn!(code = %fault.code(), "the decision waits for the next run"),
    }
    let reply = Reply::of(202, Shown::of(&question))?;
    Ok((reply, noted.about(&run)))
}

#[derive(Serialize)]
struct Shown<'a> {
    run: Option<&'a RunId>,
    since: Option<Timestamp>,
    objects: Vec<ShownObject<'a>>,
    decision: Option<ShownDecision>,
}

#[derive(Serialize)]
struct ShownObject<'a> {
    object: Object,
    waiting: u64,
    left: u64,
    sample: &'a [RecordId],
}

/// A decision, as the frontend sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownDecision {
    run: RunId,
    decision: Answer,
    decided_by: Asker,
    decided_at: Timestamp,
}

impl<'a> Shown<'a> {
    fn of(question: &'a Question) -> Self {
        Self {
            run: question.run.as_ref(),
            since: question.since,
            objects: question.objects.iter().map(ShownObject::of).collect(),
            decision: question.decided.as_ref().map(ShownDecision::of),
        }
    }
}

impl<'a> ShownObject<'a> {
    fn of(held: &'a Held) -> Self {
        Self {
            object: held.object,
            waiting: held.waiting,
            left: held.left,
            sample: &held.sample,
        }
    }
}

impl ShownDecision {
    pub(super) fn of(decided: &Decided) -> Self {
        Self {
            run: decided.run.clone(),
            decision: decided.answer,
            decided_by: decided.asked.by.clone(),
            decided_at: decided.asked.at,
        }
    }
}
