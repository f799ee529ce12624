//! The protocol, step by step.

use std::collections::BTreeSet;

use super::{
    Answer, CreateContext, CreateOutcome, Request, attribution, bases,
    checks::{self, Ready},
    clock::crm_clock,
    intent::{self, Fresh, Intent, State},
    keep, resolve,
};
use crate::{
    fault::{Code, Fault, Kind, Outcome},
    order::{Order, RecordCreated},
    ports::{Duplicates, MAX_BATCH, NewRecord, Written},
    record::{Object, RecordId},
};

/// Creates what is asked for, or says what became of it.
///
/// # Errors
/// Permanent: `create.key_reused`, `create.size`, `create.too_large`. Transient: nothing of this request is under way in this call, and the same
/// call may be repeated. Fenced, when the integration is not connected any more and nothing was sent.
pub async fn create(
    context: &CreateContext<'_>,
    idempotency_key: &str,
    request: &Request,
) -> Outcome<Answer> {
    if !(1..=MAX_BATCH).contains(&request.items.len()) {
        return Err(Fault::of(Code::CreateSize).with_detail(format!("1 to {MAX_BATCH} records")));
    }
    let mut intent = intent::take(context, idempotency_key, request).await?;
    attribution::correct(context, &mut intent).await?;
    if intent.body.is_done() {
        return Ok(answer(&intent, orders(context, &intent, &[])));
    }
    match work(context, &mut intent).await {
        Ok(()) => finish(context, intent, true).await,
        Err(fault) => {
            // Nothing was sent in this call: whoever comes next need not wait for our deadline.
            give_back(context, intent).await;
            Err(fault)
        }
    }
}

/// Up to the CRM's answer. A fault means that this call has sent nothing; what it found is in the intent.
async fn work(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    // What another caller may have sent is looked up before anything is sent.
    resolve::resolve(context, intent).await?;
    let before = intent.body.clone();
    let ready = match checks::check(context, intent).await {
        Ok(ready) => ready,
        // What was found is worth keeping.
        Err(_) if !before.fresh().is_empty() => {
            intent.body = before;
            return Ok(());
        }
        Err(fault) => return Err(fault),
    };
    if !ready.is_empty() {
        let now = crm_clock(context).await?;
        for one in &ready {
            intent.body.items[one.at].state = State::Sent(now);
        }
        intent.store(context).await?;
        send(context, intent, &ready).await;
    }
    Ok(())
}

async fn give_back(context: &CreateContext<'_>, mut intent: Intent) {
    intent.released = true;
    let outcome = intent.body.outcome();
    // Best effort: else it is free when our deadline has passed.
    let _ = if outcome.iter().all(CreateOutcome::is_void) {
        intent.drop(context).await
    } else {
        intent.store(context).await
    };
}

/// What became of a request so far; none: no request was begun under this key, or nothing came of it. What is unknown is
/// looked up, where nobody else works on it.
///
/// # Errors
/// What the ports answer.
pub async fn outcome(
    context: &CreateContext<'_>,
    idempotency_key: &str,
) -> Outcome<Option<Answer>> {
    let key = intent::key(context, idempotency_key);
    let Some((mut intent, stored)) = intent::read(context, key).await? else {
        return Ok(None);
    };
    attribution::correct(context, &mut intent).await?;
    let is_free = stored.until <= (context.clock)() || stored.holder == context.holder;
    if intent.body.is_done() || !is_free {
        return Ok(Some(answer(&intent, orders(context, &intent, &[]))));
    }
    intent.store(context).await?;
    if let Err(fault) = resolve::resolve(context, &mut intent).await {
        give_back(context, intent).await;
        return Err(fault);
    }
    finish(context, intent, false).await.map(Some)
}

/// Sends, once. Whatever happens here, the outcome is in the intent: nothing is lost by an error any more.
async fn send(context: &CreateContext<'_>, intent: &mut Intent, ready: &[Ready]) {
    let records: Vec<NewRecord> = ready.iter().map(|one| one.record.clone()).collect();
    let duplicates = if intent.body.allow_duplicate {
        Duplicates::Save
    } else {
        Duplicates::Refuse
    };
    let written = match context.crm.create(&records, duplicates).await {
        Ok(written) if written.len() == ready.len() => written,
        // The answer was lost, or cannot be read: a look may tell. What it does not tell stays unknown.
        _ => {
            let _ = resolve::resolve(context, intent).await;
            return;
        }
    };
    let mut is_unknown = false;
    for (one, written) in ready.iter().zip(written) {
        let item = &mut intent.body.items[one.at];
        let object = one.record.object();
        match written {
            Written::Created(id) => {
                let sent = None;
                item.state = State::Made { object, id, sent };
            }
            Written::Duplicate { of, may_save } => item.end(CreateOutcome::Duplicate {
                ours: Vec::new(),
                crm: of,
                may_save,
            }),
            Written::Refused { fault, fields } => item.end(CreateOutcome::Refused {
                code: fault.code().public().into_owned(),
                fields,
            }),
            // Nothing was made for sure: it may be sent again under this key.
            Written::NotSent(fault) => item.state = State::NotSent(fault.code().to_string()),
            // It stays sent: a look may tell.
            Written::Unknown(_) => is_unknown = true,
            Written::Rehearsed => {}
        }
    }
    if is_unknown {
        let _ = resolve::resolve(context, intent).await;
    }
}

/// Brings what was made into the copy, and stores what became of it all.
async fn finish(
    context: &CreateContext<'_>,
    mut intent: Intent,
    may_send: bool,
) -> Outcome<Answer> {
    let outcome = intent.body.outcome();
    if outcome.iter().all(CreateOutcome::is_void) {
        // Nothing came of it: the caller may mend what is missing and ask again under the same key.
        let answer = answer(&intent, Vec::new());
        intent.drop(context).await?;
        return Ok(answer);
    }
    if attribution::confirm(context, &mut intent).await.is_err() {
        // It is made, and is kept when it is surely known whose it is.
        intent.released = true;
        let _ = intent.store(context).await;
        let fresh = intent.body.fresh();
        return Ok(answer(&intent, orders(context, &intent, &fresh)));
    }
    let fresh = intent.body.fresh();
    match keep::keep(context, &mut intent, &fresh).await {
        // The records are kept; what is not noted now is said, and noted when the caller asks again.
        Ok(()) => bases::note(context, &mut intent, may_send)
            .await
            .unwrap_or(()),
        // What was made is made, and the caller is told; a later look finds the same. A removal that ended the generation
        // takes the rest of the row.
        Err(fault) if fault.kind() == Kind::Fenced || !fresh.is_empty() => {}
        Err(fault) => return Err(fault),
    }
    Ok(answer(&intent, orders(context, &intent, &fresh)))
}

/// Notes that the bus has the orders of an answer. Until then whoever asks under the same key is given them again, so that a
/// caller who was ended before the bus leaves nothing unsaid.
///
/// # Errors
/// What the ports answer; then an event may come twice.
pub async fn told(context: &CreateContext<'_>, idempotency_key: &str) -> Outcome<()> {
    let key = intent::key(context, idempotency_key);
    let Some((mut intent, _)) = intent::read(context, key).await? else {
        return Ok(());
    };
    // Somebody may be at work on one that is not done.
    if !intent.body.is_done() || intent.body.untold().is_empty() {
        return Ok(());
    }
    for item in &mut intent.body.items {
        item.untold = None;
    }
    intent.released = true;
    intent.store(context).await
}

/// What the bus is to hear: of what was just made, and of what was made before and may not have been told.
fn orders(context: &CreateContext<'_>, intent: &Intent, fresh: &[Fresh]) -> Vec<Order> {
    let scope = &context.integration.scope;
    let fresh = fresh.iter().map(|(_, object, id)| (*object, id.clone()));
    let made: BTreeSet<(Object, RecordId)> = fresh.chain(intent.body.untold()).collect();
    let order = |(object, record)| {
        Order::RecordCreated(RecordCreated {
            scope: scope.clone(),
            object,
            record,
        })
    };
    made.into_iter().map(order).collect()
}

fn answer(intent: &Intent, orders: Vec<Order>) -> Answer {
    Answer {
        items: intent.body.outcome(),
        orders,
    }
}
