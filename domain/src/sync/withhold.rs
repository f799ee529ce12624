//! Keeps the records of people who were erased out of the copy, whatever the CRM sends.
//!
//! What a page brings is held against the marks as it comes ([`keep_away`]). Where marks were made or lifted since the last
//! run, the whole copy is held against them once ([`pass`]): a slice that began before an erasure may have put the person
//! back, and a mark may concern more records than were found when it was made.

use std::collections::BTreeSet;

use crate::{
    body::Body,
    fault::Outcome,
    legal::Marks,
    marked,
    ports::{Copied, HeldToken},
    progress::Stage,
    record::{Object, RecordId},
    seal::Opener,
    steps::Sorted,
    sync::{
        context::{Context, State},
        object::{Flow, hold},
        page::{self, Stored},
    },
};

/// Records in one step: what is read between two checkpoints.
const STEP: usize = 200;

/// Takes the records of erased people out of what is to be kept, and puts them among what is gone; answers which they are.
pub(super) fn keep_away(
    context: &Context<'_>,
    state: &mut State,
    sorted: &mut Sorted,
) -> BTreeSet<RecordId> {
    let marks = context.marks();
    let mut withheld = BTreeSet::new();
    if !marks.is_empty() {
        let integration = &context.scope().integration;
        sorted.live.retain(|record| {
            let is = (state.object, &record.id);
            let marked = marked::of(&marks, integration, is, &record.about, &record.standing);
            if marked.erased {
                withheld.insert(record.id.clone());
            }
            !marked.erased
        });
        sorted.gone.extend(withheld.iter().cloned());
    }
    // What comes and is nobody's who was erased is withheld no longer.
    if !state.cursor.withheld.is_empty() {
        for record in &sorted.live {
            state.cursor.withheld.remove(&record.id);
        }
    }
    withheld
}

/// Goes on with holding the copy against the marks, or finds that they are those of the last time.
pub(super) async fn pass(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let marks = context.look_at_marks().await?;
    let fingerprint = marks.fingerprint();
    if fingerprint == state.cursor.marks && state.cursor.withholding.is_none() {
        state.cursor.stage = Stage::Verify;
        return Ok(Flow::Done);
    }
    // Of what is withheld something may have been lifted: the sweep fetches it.
    state.cursor.must_sweep |= !state.cursor.withheld.is_empty();
    let (mut after, mut n_kept) = match state.cursor.withholding.take() {
        Some((after, n_kept)) => (Some(after), n_kept),
        None => (None, 0),
    };
    while !marks.is_empty() {
        if context.out_of_time() {
            return Ok(Flow::OutOfTime);
        }
        let token = after.map(HeldToken);
        let store = &context.ports().store;
        let (copied, next) = store
            .scan(context.scope(), state.object, token.as_ref(), STEP)
            .await?;
        let n_copied = copied.len() as u64;
        let erased = erased(context, &marks, state.object, copied)?;
        n_kept += n_copied - erased.len() as u64;
        after = next.map(|token| token.0);
        state.cursor.withholding = after.clone().map(|after| (after, n_kept));
        if !erased.is_empty() {
            let gone: Vec<RecordId> = erased.iter().cloned().collect();
            if let Stored::Held(n) = page::take_out(context, state, 0, &gone, erased).await? {
                return hold(context, state, n).await;
            }
        } else if after.is_some() {
            state.checkpoint(context, 0, &[]).await?;
        }
        if after.is_none() {
            break;
        }
    }
    // Who was erased left the copy without being counted: the sweep counts, and finds out whom to withhold.
    state.cursor.must_sweep |= !marks.is_empty() && n_kept != state.held;
    state.cursor.withholding = None;
    state.cursor.marks = fingerprint;
    state.cursor.stage = Stage::Verify;
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

fn erased(
    context: &Context<'_>,
    marks: &Marks,
    object: Object,
    copied: Vec<Copied>,
) -> Outcome<BTreeSet<RecordId>> {
    let scope = context.scope();
    let mut opener = Opener::new(&context.keys.sealing)?;
    let mut erased = BTreeSet::new();
    for record in copied {
        let mut marked = marks.of_record(&scope.integration, object, &record.id);
        if let (false, Some(sealed)) = (marked.erased, &record.sealed) {
            let body = Body::open(&mut opener, scope, object, &record.id, sealed)?;
            let about = body.about.unwrap_or_default();
            let standing = body.standing.unwrap_or_default();
            let is = (object, &record.id);
            marked = marked::of(marks, &scope.integration, is, &about, &standing);
        }
        if marked.erased {
            erased.insert(record.id);
        }
    }
    Ok(erased)
}
