//! The deletion guard: holds deletions back when too many records would vanish, and forgets a held-back deletion when the record is
//! back. [`decided`](super::decided) carries out the administrator's decision.
//!
//! From the first deletion above the limit on, a run holds back every further deletion of the object. It notes that in the Ledger
//! before it holds back the first one, so that a slice that takes over does the same. Held-back deletions are stored. So no later
//! run holds them back again or counts them towards the limit.

use std::collections::BTreeSet;

use crate::{
    fault::Outcome,
    ports::{Known, MAX_HELD_BACK},
    progress::HeldBackCounts,
    record::{Object, Record, RecordId},
    sync::{context::Context, departed, state::State},
    vanished::Vanished,
};

/// A record that leaves the copy.
pub(super) struct Going {
    pub(super) id: RecordId,
    pub(super) known: Known,
    /// Whether somebody ordered it. Such a deletion does not count towards the limit.
    pub(super) by_order: bool,
}

/// Looks up which of these records are in the copy, and holds back the deletions above the limit. Returns those that leave.
pub(super) async fn sort_gone(
    context: &Context<'_>,
    state: &mut State,
    gone: &[RecordId],
    erased: &BTreeSet<RecordId>,
) -> Outcome<Vec<Going>> {
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let (store, scope) = (&context.ports().store, context.scope());
    let known = store.known(scope, state.object, gone).await?;
    let (mut going, mut vanishing, mut held, mut released) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (id, known) in gone.iter().zip(known) {
        let Some(known) = known else {
            continue;
        };
        let by_order = erased.contains(id);
        if known.vanished.is_some() {
            if by_order {
                released.push(id.clone());
            } else {
                held.push(id.clone());
                continue;
            }
        }
        let one = Going {
            id: id.clone(),
            known,
            by_order,
        };
        if by_order {
            going.push(one);
        } else {
            vanishing.push(one);
        }
    }
    let leaving: Vec<RecordId> = vanishing.iter().map(|one| one.id.clone()).collect();
    departed::note(context, state, &leaving).await?;
    if !vanishing.is_empty() && holds_back(context, state, vanishing.len()).await? {
        held.extend(vanishing.drain(..).map(|one| one.id));
    }
    going.extend(vanishing);
    hold_back(context, state, &held).await?;
    if !released.is_empty() {
        store.release(scope, state.object, &released).await?;
    }
    Ok(going)
}

/// Returns whether this run holds back `n` more deletions. It notes that before the first of them is held back.
pub(super) async fn holds_back(
    context: &Context<'_>,
    state: &mut State,
    n: usize,
) -> Outcome<bool> {
    let run = &context.slice.due.run;
    if state.summary.held_back.run.as_ref() == Some(run) {
        return Ok(true);
    }
    let vanished = state.summary.deleted.saturating_sub(state.summary.by_order);
    if vanished + n as u64 <= may_vanish(context, state) {
        return Ok(false);
    }
    let (run, begun) = (run.clone(), context.begun);
    state
        .checkpoint_note(context, |_, summary| {
            summary.held_back.run = Some(run.clone());
            summary.held_back.since.get_or_insert(begun);
        })
        .await?;
    Ok(true)
}

/// Holds deletions back, including those that are held back already, because a slice that was ended may have noted some of them
/// only in part.
pub(super) async fn hold_back(
    context: &Context<'_>,
    state: &State,
    ids: &[RecordId],
) -> Outcome<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let (store, run) = (&context.ports().store, &context.slice.due.run);
    store
        .hold_back(context.scope(), state.object, run, ids)
        .await
}

/// Returns the limit: how many records may vanish in one run.
fn may_vanish(context: &Context<'_>, state: &State) -> u64 {
    let settings = context.slice.settings;
    let at_first = state.held + state.summary.deleted;
    (at_first * settings.max_vanishing_percent / 100).max(settings.always_may_vanish)
}

/// Forgets the held-back deletions of records that are live in the CRM again. The records themselves lose their flags in the put
/// that follows.
pub(super) async fn release_restored(
    context: &Context<'_>,
    state: &State,
    live: &[Record],
    known: &[Option<Known>],
) -> Outcome<()> {
    let restored: Vec<RecordId> = live
        .iter()
        .zip(known)
        .filter(|(_, known)| {
            let known = known.as_ref();
            known.is_some_and(|known| known.vanished.is_some())
        })
        .map(|(record, _)| record.id.clone())
        .collect();
    if restored.is_empty() {
        return Ok(());
    }
    let store = &context.ports().store;
    store
        .release(context.scope(), state.object, &restored)
        .await
}

/// Counts the held-back deletions, and notes the counts.
pub(super) async fn count(context: &Context<'_>, state: &mut State) -> Outcome<u64> {
    if state.summary.held_back.run.is_none() {
        return Ok(0);
    }
    let (store, run) = (&context.ports().store, &context.slice.due.run);
    let mut counts = HeldBackCounts {
        run: state.summary.held_back.run.clone(),
        since: state.summary.held_back.since,
        ..HeldBackCounts::default()
    };
    let mut after = None;
    loop {
        let (held, next) = store
            .held_back(context.scope(), state.object, after.as_ref(), MAX_HELD_BACK)
            .await?;
        for held in held {
            match held.vanished {
                Vanished::Waiting => counts.waiting += 1,
                Vanished::Left => counts.left += 1,
            }
            counts.new += u64::from(held.run == *run);
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    if counts.all() == 0 {
        // The next held-back deletion begins a new question to the administrator.
        counts = HeldBackCounts::default();
    }
    state.summary.held_back = counts;
    Ok(state.summary.held_back.all())
}

/// Forgets all held-back deletions of an object that is not copied any more.
pub(super) async fn forget(context: &Context<'_>, object: Object) -> Outcome<()> {
    let (store, scope) = (&context.ports().store, context.scope());
    loop {
        let (held, next) = store.held_back(scope, object, None, MAX_HELD_BACK).await?;
        let ids: Vec<RecordId> = held.into_iter().map(|held| held.id).collect();
        if !ids.is_empty() {
            store.release(scope, object, &ids).await?;
        }
        if next.is_none() {
            return Ok(());
        }
    }
}
