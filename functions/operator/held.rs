//! Shows the deletions that are held back, and decides about them in the operator's own name.

use domain::{
    dispatch,
    fault::{Code, Fault, Outcome},
    integration::Which,
    ports::Ports,
    removal::{Asked, Asker},
    review_held::{self, Question},
    settings::Calendar,
    tenant::RunId,
    vanished::Answer,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::events::SendOrders;

/// What a decision needs.
pub(super) struct Answering<'a> {
    pub(super) ports: &'a Ports,
    pub(super) send: &'a SendOrders<'a>,
    pub(super) now: Timestamp,
    pub(super) random: u32,
}

/// The next run may follow an operator's run after 20 hours, as `SyncIntervalMinutes` has it by default: the next daily rule finds the
/// integration due. After 24 hours it would not, and a run that begins later than that lets `UnverifiedAlarm` ring.
const CALENDAR: Calendar = Calendar::every(SignedDuration::from_hours(20));

pub(super) async fn show(ports: &Ports, which: &Which) -> Outcome<Value> {
    Ok(told(&review_held::look(&*ports.store, which).await?))
}

/// Stores the decision and puts the resulting events on the bus.
pub(super) async fn decide(
    given: &Answering<'_>,
    which: &Which,
    run: &str,
    decision: &str,
) -> Outcome<Value> {
    let answer = [Answer::Confirm, Answer::Leave]
        .into_iter()
        .find(|answer| answer.name() == decision)
        .ok_or_else(|| Fault::of(Code::HeldDecisionUnknown).with_detail("confirm or leave"))?;
    let asked = Asked {
        by: Asker::operator(),
        at: given.now,
    };
    let run = RunId::parse(run)?;
    let store = &*given.ports.store;
    let decided = review_held::decide(store, which, &run, answer, asked).await?;
    let (question, orders) = decided;
    (given.send)(orders.clone()).await?;
    store.note_told(&question.scope, &orders).await?;
    let begun = dispatch::at_once(store, which, given.now, &CALENDAR, given.random, None);
    let begun = begun.await?;
    (given.send)(begun.orders).await?;
    Ok(told(&question))
}

fn told(question: &Question) -> Value {
    let objects = question.objects.iter().map(|held| {
        json!({
            "object": held.object,
            "waiting": held.waiting,
            "left": held.left,
            "sample": held.sample,
        })
    });
    json!({
        "run": question.run,
        "since": question.since,
        "objects": objects.collect::<Vec<_>>(),
        "decision": question.decided,
    })
}
