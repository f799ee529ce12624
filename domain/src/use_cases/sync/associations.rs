//! Compares the parents in the copy with the CRM's associations. A record whose parent changed is stored again, although its time
//! stamp did not move.
//!
//! Pages of changes come with their parents ([`crate::parents`]), so this pass finds the changes that no page shows. The list of the
//! copy's ids has a keyed hash of each parent. Only records whose parents differ are opened, matched and written.
//!
//! One request covers as many records as the CRM's ability says. The pass runs as often as all ids are compared: in each run for
//! small objects, and each week for large ones.

use std::collections::HashMap;

use crate::{
    fault::Outcome,
    parents,
    ports::{Held, HeldToken, Parents},
    progress::{Cursor, ParentCounts, Summary},
    record::{Parent, RecordId},
    seal::HashKind,
    steps::Digests,
    sync::{
        children,
        context::Context,
        flow::Flow,
        rematch::{again, matched},
        state::State,
    },
};

/// The number of records that are opened, matched and written at a time.
const STEP: usize = 200;

/// Continues the pass over the copy, if one is due.
pub(super) async fn pass(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    if children::follow(context, state).await? == Flow::OutOfTime {
        return Ok(Flow::OutOfTime);
    }
    let begun = state.cursor.associations.pass();
    let mut after = begun.map(|after| HeldToken(after.to_owned()));
    if after.is_none() && !is_due(context, state) {
        state.cursor.advance();
        return Ok(Flow::Done);
    }
    let at_most = match context.crm.abilities().reading(state.object).parents {
        Parents::Associated { at_most } => at_most.max(1),
        Parents::InRecord => usize::MAX,
    };
    // Listed records whose parents were not requested yet. They are collected until a request has its largest size.
    let mut listed = Vec::new();
    loop {
        if context.must_stop() {
            if let (Some(next), false) = (&after, listed.is_empty()) {
                // This may be a small request, so that each slice that lists a page gets past it.
                let next = next.0.clone();
                compare(context, state, listed).await?;
                state.cursor.associations.reached(next);
                state.checkpoint(context, 0, &[]).await?;
            }
            return Ok(Flow::OutOfTime);
        }
        let (store, scope) = (&context.ports().store, context.scope());
        let page = store.held(scope, state.object, after.as_ref()).await?;
        // A record whose deletion is held back is gone in the CRM, and keeps its parent.
        let held = page.held.into_iter();
        listed.extend(held.filter(|held| held.vanished.is_none()));
        let page_at = std::mem::replace(&mut after, page.next);
        let n = match &after {
            None => listed.len(),
            // The records left over are from this page, since no whole request was left before it.
            Some(_) => listed.len() - listed.len() % at_most,
        };
        if n > 0 {
            let rest = listed.split_off(n);
            compare(context, state, std::mem::replace(&mut listed, rest)).await?;
        }
        if after.is_none() {
            break;
        }
        // The next slice lists the page with the records left over again.
        let reached = if listed.is_empty() { &after } else { &page_at };
        if let (Some(reached), true) = (reached, n > 0) {
            state.cursor.associations.reached(reached.0.clone());
            state.checkpoint(context, 0, &[]).await?;
        }
    }
    let now = context.last_look();
    state.cursor.associations.were_compared(now);
    state.cursor.advance();
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

/// Returns whether the comparison of all parents is due. Records that this run read into an empty copy have their parents already.
fn is_due(context: &Context<'_>, state: &State) -> bool {
    let is_associated = context.crm.abilities().reading(state.object).parents != Parents::InRecord;
    let settings = context.slice.settings;
    let is_small = state.held <= settings.compare_ids_up_to;
    let is_due = state.cursor.associations.compared().is_none_or(|at| {
        let is_old = context.last_look().duration_since(at) >= settings.compare_ids_every;
        at < context.begun && (is_small || is_old)
    });
    is_associated && state.held > 0 && is_due
}

/// Requests the parents of these records, and stores the records whose parents changed again.
async fn compare(context: &Context<'_>, state: &mut State, listed: Vec<Held>) -> Outcome<()> {
    let ids: Vec<RecordId> = listed.iter().map(|held| held.id.clone()).collect();
    let before = context.crm.usage().requests;
    let theirs = parents::of(&*context.crm, state.object, &ids).await?;
    let index = &context.keys.index;
    let moved: Vec<(RecordId, Option<Parent>)> = listed
        .into_iter()
        .zip(theirs)
        .filter(|(held, theirs)| {
            let hash = |parent: &Parent| index.hash(HashKind::Parent, &parent.key());
            held.parent != theirs.as_ref().map(hash)
        })
        .map(|(held, theirs)| (held.id, theirs))
        .collect();
    for moved in moved.chunks(STEP) {
        store_again(context, state, moved).await?;
    }
    let counts = state.summary.parents.get_or_insert_default();
    *counts = ParentCounts {
        compared: counts.compared + ids.len() as u64,
        moved: counts.moved + moved.len() as u64,
        requests: counts.requests + context.crm.usage().requests.saturating_sub(before),
    };
    Ok(())
}

/// Stores records again with these parents, and with the digests that they would have on a page.
async fn store_again(
    context: &Context<'_>,
    state: &mut State,
    moved: &[(RecordId, Option<Parent>)],
) -> Outcome<()> {
    let (store, scope, object) = (&context.ports().store, context.scope(), state.object);
    let parents: HashMap<&RecordId, &Option<Parent>> =
        moved.iter().map(|(id, parent)| (id, parent)).collect();
    let wanted: Vec<_> = moved.iter().map(|(id, _)| (object, id.clone())).collect();
    let copied = store.copied(scope, &wanted).await?;
    let copied: Vec<_> = copied.into_iter().flatten().collect();
    // An interrupted put may have left a record incomplete. Only the CRM can complete it.
    if copied.iter().any(|record| record.known.is_unfinished()) {
        state.cursor.comparison.ask_for_sweep();
    }
    let mut stored = Vec::with_capacity(copied.len());
    for (mut record, mut body, matched) in matched(context, object, copied).await? {
        let Some(attributes) = &mut body.attributes else {
            continue;
        };
        attributes.parent = parents.get(&record.id).copied().cloned().flatten();
        body.copied = Some(context.last_look());
        let digests = Digests {
            index: &context.keys.index,
            mapping: state.cursor.fields.mapping(),
            are_associated: true,
        };
        record.known.digest = digests.of(body.fields.get(), attributes.parent.as_ref());
        stored.extend(again(context, record, &body, &matched)?);
    }
    if stored.is_empty() {
        return Ok(());
    }
    // Whether an erasure concerns a record may depend on its account. This is noted before the put, because after it no parent
    // differs any more.
    let withholding = &state.cursor.withholding;
    if !withholding.is_asked() {
        let ask = |cursor: &mut Cursor, _: &mut Summary| cursor.withholding.ask_again();
        state.checkpoint_note(context, ask).await?;
    }
    store.put(scope, object, stored).await
}
