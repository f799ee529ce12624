//! The protocol, step by step.

use std::collections::BTreeSet;

use super::{
    Answer, Became, Making, Request, bases,
    checks::{self, Ready},
    clock::crm_clock,
    intent::{self, Fresh, Intent, State},
    keep, resolve, whose,
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
    making: &Making<'_>,
    idempotency_key: &str,
    request: &Request,
) -> Outcome<Answer> {
    if !(1..=MAX_BATCH).contains(&request.items.len()) {
        return Err(Fault::of(Code::CreateSize).with_detail(format!("1 to {MAX_BATCH} records")));
    }
    let mut intent = intent::take(making, idempotency_key, request).await?;
    whose::correct(making, &mut intent).await?;
    if intent.body.is_done() {
        return Ok(answer(&intent, orders(making, &intent, &[])));
    }
    match work(making, &mut intent).await {
        Ok(()) => finish(making, intent, true).await,
        Err(fault) => {
            // Nothing was sent in this call: whoever comes next need not wait for our deadline.
            give_back(making, intent).await;
            Err(fault)
        }
    }
}

/// Up to the CRM's answer. A fault means that this call has sent nothing; what it found is in the intent.
async fn work(making: &Making<'_>, intent: &mut Intent) -> Outcome<()> {
    // What another caller may have sent is looked up before anything is sent.
    resolve::resolve(making, intent).await?;
    let before = intent.body.clone();
    let ready = match checks::check(making, intent).await {
        Ok(ready) => ready,
        // What was found is worth keeping.
        Err(_) if !before.fresh().is_empty() => {
            intent.body = before;
            return Ok(());
        }
        Err(fault) => return Err(fault),
    };
    if !ready.is_empty() {
        let now = crm_clock(making).await?;
        for one in &ready {
            intent.body.items[one.at].state = State::Sent(now);
        }
        intent.store(making).await?;
        send(making, intent, &ready).await;
    }
    Ok(())
}

async fn give_back(making: &Making<'_>, mut intent: Intent) {
    intent.released = true;
    let became = intent.body.became();
    // Best effort: else it is free when our deadline has passed.
    let _ = if became.iter().all(Became::is_void) {
        intent.drop(making).await
    } else {
        intent.store(making).await
    };
}

/// What became of a request so far; none: no request was begun under this key, or nothing came of it. What is unknown is
/// looked up, where nobody else works on it.
///
/// # Errors
/// What the ports answer.
pub async fn outcome(making: &Making<'_>, idempotency_key: &str) -> Outcome<Option<Answer>> {
    let key = intent::key(making, idempotency_key);
    let Some((mut intent, stored)) = intent::read(making, key).await? else {
        return Ok(None);
    };
    whose::correct(making, &mut intent).await?;
    let is_free = stored.until <= (making.clock)() || stored.holder == making.holder;
    if intent.body.is_done() || !is_free {
        return Ok(Some(answer(&intent, orders(making, &intent, &[]))));
    }
    intent.store(making).await?;
    if let Err(fault) = resolve::resolve(making, &mut intent).await {
        give_back(making, intent).await;
        return Err(fault);
    }
    finish(making, intent, false).await.map(Some)
}

/// Sends, once. Whatever happens here, the outcome is in the intent: nothing is lost by an error any more.
async fn send(making: &Making<'_>, intent: &mut Intent, ready: &[Ready]) {
    let records: Vec<NewRecord> = ready.iter().map(|one| one.record.clone()).collect();
    let duplicates = if intent.body.allow_duplicate {
        Duplicates::Save
    } else {
        Duplicates::Refuse
    };
    let written = match making.crm.create(&records, duplicates).await {
        Ok(written) if written.len() == ready.len() => written,
        // The answer was lost, or cannot be read: a look may tell. What it does not tell stays unknown.
        _ => {
            let _ = resolve::resolve(making, intent).await;
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
            Written::Duplicate { of, may_save } => item.end(Became::Duplicate {
                ours: Vec::new(),
                crm: of,
                may_save,
            }),
            Written::Refused { fault, fields } => item.end(Became::Refused {
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
        let _ = resolve::resolve(making, intent).await;
    }
}

/// Brings what was made into the copy, and stores what became of it all.
async fn finish(making: &Making<'_>, mut intent: Intent, may_send: bool) -> Outcome<Answer> {
    let became = intent.body.became();
    if became.iter().all(Became::is_void) {
        // Nothing came of it: the caller may mend what is missing and ask again under the same key.
        let answer = answer(&intent, Vec::new());
        intent.drop(making).await?;
        return Ok(answer);
    }
    if whose::confirm(making, &mut intent).await.is_err() {
        // It is made, and is kept when it is surely known whose it is.
        intent.released = true;
        let _ = intent.store(making).await;
        let fresh = intent.body.fresh();
        return Ok(answer(&intent, orders(making, &intent, &fresh)));
    }
    let fresh = intent.body.fresh();
    match keep::keep(making, &mut intent, &fresh).await {
        // The records are kept; what is not noted now is said, and noted when the caller asks again.
        Ok(()) => bases::note(making, &mut intent, may_send)
            .await
            .unwrap_or(()),
        // What was made is made, and the caller is told; a later look finds the same. A removal that ended the generation
        // takes the rest of the row.
        Err(fault) if fault.kind() == Kind::Fenced || !fresh.is_empty() => {}
        Err(fault) => return Err(fault),
    }
    Ok(answer(&intent, orders(making, &intent, &fresh)))
}

/// Notes that the bus has the orders of an answer. Until then whoever asks under the same key is given them again, so that a
/// caller who was ended before the bus leaves nothing unsaid.
///
/// # Errors
/// What the ports answer; then an event may come twice.
pub async fn told(making: &Making<'_>, idempotency_key: &str) -> Outcome<()> {
    let key = intent::key(making, idempotency_key);
    let Some((mut intent, _)) = intent::read(making, key).await? else {
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
    intent.store(making).await
}

/// What the bus is to hear: of what was just made, and of what was made before and may not have been told.
fn orders(making: &Making<'_>, intent: &Intent, fresh: &[Fresh]) -> Vec<Order> {
    let scope = &making.integration.scope;
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
        items: intent.body.became(),
        orders,
    }
}
