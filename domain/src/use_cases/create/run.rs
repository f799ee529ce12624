//! The protocol, step by step.

use std::collections::BTreeSet;

use super::{
    Answer, CreateContext, CreateOutcome, Request, attribution, bases,
    body::Uncopied,
    bounds, checks,
    clock::crm_clock,
    intent::{self, Intent},
    item::Step,
    keep, resolve,
};
use crate::{
    fault::{Kind, Outcome},
    order::{Order, RecordCreated},
    ports::{Duplicates, NewRecord, Written},
    record::{Object, RecordId},
};

/// Creates what is asked for, or says what became of it.
///
/// # Errors
/// Permanent: `create.key_reused`, `create.size`, `create.nested`, `create.too_large`. Transient: nothing of this request is under way in this call, and the same
/// call may be repeated. Fenced, when the integration is not connected any more and nothing was sent.
pub async fn create(
    context: &CreateContext<'_>,
    idempotency_key: &str,
    request: &Request,
) -> Outcome<Answer> {
    bounds::hold(context, request)?;
    let mut intent = intent::take(context, idempotency_key, request).await?;
    attribution::correct(context, &mut intent).await?;
    if intent.body().is_done() {
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
    let ready = match checks::check(context, intent).await {
        Ok(ready) => ready,
        // What was found is worth keeping.
        Err(_) if !intent.body().uncopied().is_empty() => return Ok(()),
        Err(fault) => return Err(fault),
    };
    if ready.is_empty() {
        return Ok(());
    }
    let now = crm_clock(context).await?;
    let mut records = Vec::with_capacity(ready.len());
    for one in ready {
        if let Some(unsent) = intent.step(one.at).and_then(Step::unsent) {
            unsent.sent(now, one.sent);
            records.push((one.at, one.record));
        }
    }
    intent.store(context).await?;
    send(context, intent, records).await;
    Ok(())
}

async fn give_back(context: &CreateContext<'_>, mut intent: Intent) {
    intent.release();
    // Best effort: else it is free when our deadline has passed.
    let _ = if intent.body().is_void() {
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
    if intent.body().is_done() || !is_free {
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
async fn send(context: &CreateContext<'_>, intent: &mut Intent, sent: Vec<(usize, NewRecord)>) {
    let duplicates = if intent.body().allow_duplicate() {
        Duplicates::Save
    } else {
        Duplicates::Refuse
    };
    let (places, records): (Vec<usize>, Vec<NewRecord>) = sent.into_iter().unzip();
    let written = match context.crm.create(&records, duplicates).await {
        Ok(written) if written.len() == records.len() => written,
        // The answer was lost, or cannot be read: a lookup may tell. What it does not tell stays unknown.
        _ => {
            let _ = resolve::resolve(context, intent).await;
            return;
        }
    };
    let mut is_unknown = false;
    for ((at, record), written) in places.into_iter().zip(&records).zip(written) {
        let Some(sent) = intent.step(at).and_then(Step::sent) else {
            continue;
        };
        match written {
            Written::Created(id) => sent.created(record.object(), id),
            Written::Duplicate { of, may_save } => sent.refused(CreateOutcome::Duplicate {
                ours: Vec::new(),
                crm: of,
                may_save,
            }),
            Written::Refused { fault, fields } => sent.refused(CreateOutcome::Refused {
                code: fault.code().public().into_owned(),
                fields,
            }),
            // Nothing was made for sure: it may be sent again under this key.
            Written::NotSent(fault) => sent.not_sent(fault.code()),
            // It stays sent: a lookup may tell.
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
    if intent.body().is_void() {
        // Nothing came of it: the caller may mend what is missing and ask again under the same key.
        let answer = answer(&intent, Vec::new());
        intent.drop(context).await?;
        return Ok(answer);
    }
    if attribution::confirm(context, &mut intent).await.is_err() {
        // It is made, and is kept when its attribution is sure.
        intent.release();
        let _ = intent.store(context).await;
        let uncopied = intent.body().uncopied();
        return Ok(answer(&intent, orders(context, &intent, &uncopied)));
    }
    let uncopied = intent.body().uncopied();
    match keep::keep(context, &mut intent, &uncopied).await {
        // The records are kept; what is not noted now is said, and noted when the caller asks again.
        Ok(()) => bases::note(context, &mut intent, may_send)
            .await
            .unwrap_or(()),
        // What was made is made, and the caller is told; a later lookup finds the same. A removal that ended the generation
        // takes the rest of the row.
        Err(fault) if fault.kind() == Kind::Fenced || !uncopied.is_empty() => {}
        Err(fault) => return Err(fault),
    }
    Ok(answer(&intent, orders(context, &intent, &uncopied)))
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
    if !intent.body().is_done() || intent.body().untold().is_empty() {
        return Ok(());
    }
    for (at, ()) in intent.body().places(|item| item.untold().map(|_| ())) {
        if let Some(step) = intent.step(at) {
            step.told();
        }
    }
    intent.release();
    intent.store(context).await
}

/// What the bus is to hear: of what was just made, and of what was made before and may not have been told.
fn orders(context: &CreateContext<'_>, intent: &Intent, uncopied: &[Uncopied]) -> Vec<Order> {
    let scope = &context.integration.scope;
    let now = uncopied.iter().map(|one| (one.object, one.id.clone()));
    let made: BTreeSet<(Object, RecordId)> = now.chain(intent.body().untold()).collect();
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
        items: intent.body().outcomes(),
        orders,
    }
}
