//! The protocol, step by step. The head of [`create`](super) describes it.

use std::collections::BTreeSet;

use super::{
    Answer, CreateContext, CreateOutcome, Request,
    answer::Before,
    attribution, bases,
    body::Uncopied,
    bounds, checks,
    intent::{self, Intent},
    item::Step,
    keep, resolve,
};
use crate::{
    allowance::Limit,
    crm_time,
    fault::{Kind, Outcome},
    order::{Order, RecordCreated},
    ports::{Duplicates, NewRecord, Written},
    record::{Object, RecordId},
};

/// Creates the wanted records, or returns the outcomes of an earlier call.
///
/// # Errors
/// Permanent: `create.key_reused`, `create.size`, `create.nested`, `create.too_large`. Transient if this call has sent nothing; the
/// same call may be repeated. Fenced if the integration is no longer connected and nothing was sent.
pub async fn create(
    context: &CreateContext<'_>,
    idempotency_key: &str,
    request: &Request,
) -> Outcome<Answer> {
    bounds::hold(context, request, Limit::BatchRecords).await?;
    let mut intent = intent::take(context, idempotency_key, request).await?;
    let before = Before::of(intent.body());
    attribution::correct(context, &mut intent).await?;
    if intent.body().is_done() {
        return Ok(before.answer(intent.body(), orders(context, &intent, &[])));
    }
    match work(context, &mut intent).await {
        Ok(()) => finish(context, intent, &before, true).await,
        Err(fault) => {
            // This call has sent nothing, so the next caller need not wait for our deadline.
            give_back(context, intent).await;
            Err(fault)
        }
    }
}

/// Works up to the CRM's answer. A fault means that this call has sent nothing. The intent has the results of lookups.
async fn work(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    // Records that another caller may have sent are looked up first.
    resolve::resolve(context, intent).await?;
    let ready = match checks::check(context, intent).await {
        Ok(ready) => ready,
        // Lookups found records, and these can be kept.
        Err(_) if !intent.body().uncopied().is_empty() => return Ok(()),
        Err(fault) => return Err(fault),
    };
    if ready.is_empty() {
        return Ok(());
    }
    let now = crm_time::now(&*context.crm).await?;
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
    // If this fails, the row is free after our deadline.
    let _ = if intent.body().is_void() {
        intent.drop(context).await
    } else {
        intent.store(context).await
    };
}

/// Returns the outcomes of a request so far. `None` if there is no request under this key, or if nothing came of it. Unknown
/// outcomes are looked up, unless another caller works on the request.
///
/// # Errors
/// The fault of a port.
pub async fn outcome(
    context: &CreateContext<'_>,
    idempotency_key: &str,
) -> Outcome<Option<Answer>> {
    let key = intent::key(context, idempotency_key);
    let Some((mut intent, stored)) = intent::read(context, key).await? else {
        return Ok(None);
    };
    let before = Before::of(intent.body());
    attribution::correct(context, &mut intent).await?;
    let is_free = stored.until <= (context.clock)() || stored.holder == context.holder;
    if intent.body().is_done() || !is_free {
        let orders = orders(context, &intent, &[]);
        return Ok(Some(before.answer(intent.body(), orders)));
    }
    intent.store(context).await?;
    if let Err(fault) = resolve::resolve(context, &mut intent).await {
        give_back(context, intent).await;
        return Err(fault);
    }
    let answer = finish(context, intent, &before, false).await;
    answer.map(Some)
}

/// Sends the records once. The intent has the outcome whatever happens, so this returns no fault.
async fn send(context: &CreateContext<'_>, intent: &mut Intent, sent: Vec<(usize, NewRecord)>) {
    let duplicates = if intent.body().allow_duplicate() {
        Duplicates::Save
    } else {
        Duplicates::Refuse
    };
    let (places, records): (Vec<usize>, Vec<NewRecord>) = sent.into_iter().unzip();
    let written = match context.crm.create(&records, duplicates).await {
        Ok(written) if written.len() == records.len() => written,
        // The answer was lost or cannot be read. A lookup may find the records. Otherwise their outcome stays unknown.
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
            // The CRM created nothing, so the record may be sent again under this key.
            Written::NotSent(fault) => sent.not_sent(fault.code()),
            // The state stays "sent" until a lookup settles it.
            Written::Unknown(_) => is_unknown = true,
            Written::Rehearsed => {}
        }
    }
    if is_unknown {
        let _ = resolve::resolve(context, intent).await;
    }
}

/// Brings the created records into the copy and stores the outcomes.
async fn finish(
    context: &CreateContext<'_>,
    mut intent: Intent,
    before: &Before,
    may_send: bool,
) -> Outcome<Answer> {
    if intent.body().is_void() {
        // Nothing was created, so the caller may correct the request and use the same key again.
        let answer = before.answer(intent.body(), Vec::new());
        intent.drop(context).await?;
        return Ok(answer);
    }
    if attribution::confirm(context, &mut intent).await.is_err() {
        // The record exists. It is kept when its attribution is certain.
        intent.release();
        let _ = intent.store(context).await;
        let uncopied = intent.body().uncopied();
        let orders = orders(context, &intent, &uncopied);
        return Ok(before.answer(intent.body(), orders));
    }
    let uncopied = intent.body().uncopied();
    match keep::keep(context, &mut intent, &uncopied).await {
        // The records are kept. The outcome says which bases are not noted yet; the next call notes them.
        Ok(()) => bases::note(context, &mut intent, may_send)
            .await
            .unwrap_or(()),
        // The records exist, and the caller gets their ids. A later lookup finds them again. If a removal has ended the
        // generation, it deletes the row.
        Err(fault) if fault.kind() == Kind::Fenced || !uncopied.is_empty() => {}
        Err(fault) => return Err(fault),
    }
    Ok(before.answer(intent.body(), orders(context, &intent, &uncopied)))
}

/// Notes that the bus has the orders of an answer. Until then each answer under the same key has them again. So no event is lost
/// if a caller is ended before it reaches the bus.
///
/// # Errors
/// The fault of a port. Then an event may be sent twice.
pub async fn told(context: &CreateContext<'_>, idempotency_key: &str) -> Outcome<()> {
    let key = intent::key(context, idempotency_key);
    let Some((mut intent, _)) = intent::read(context, key).await? else {
        return Ok(());
    };
    // Another caller may work on a request that is not done.
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

/// Returns the orders for the records that were just created, and for earlier ones whose events the bus may not have.
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
