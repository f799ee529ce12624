//! Keeps the records of erased people out of the copy, whatever the CRM sends.
//!
//! The records of a page are checked against the suppressions as they arrive ([`keep_away()`](super::keep_away::keep_away)). If
//! suppressions were made or lifted since the last check, the whole copy is checked once ([`pass`]). The reason: a page that was
//! read before an erasure may have put the person back, and a suppression may concern more records than were found when it was
//! made. Before an object's verdict the run checks whether that has happened meanwhile ([`is_due`]), so that it takes out the
//! records that it put itself.

use std::collections::BTreeSet;

use crate::{
    body::Body,
    fault::Outcome,
    legal::Suppressions,
    ports::{Copied, HeldToken},
    record::{Object, RecordId},
    seal::Opener,
    suppressed::{self, Subject},
    sync::{context::Context, flow::Flow, keep_away::deciding, page, state::State},
};

/// The number of records that are read between two checkpoints.
const STEP: usize = 200;

/// Returns whether suppressions were made or lifted since the last check. This is the last question of a run. An erasure after it
/// finds all records that this run has put.
pub(super) async fn is_due(context: &Context<'_>, state: &State) -> Outcome<bool> {
    let suppressions = context.current_suppressions().await?;
    Ok(suppressions.fingerprint() != state.cursor.withholding.suppressions())
}

/// Continues the check of the copy against the suppressions, if these have changed since the last check.
pub(super) async fn pass(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let suppressions = context.current_suppressions().await?;
    let fingerprint = suppressions.fingerprint();
    let withholding = &state.cursor.withholding;
    // A pass that began under other suppressions checked for those. The part before its position has to be checked again.
    let pass = withholding.pass(&fingerprint);
    if fingerprint == withholding.suppressions() && pass.is_none() {
        state.cursor.withholding.end_pass();
        state.cursor.advance();
        return Ok(Flow::Done);
    }
    // The suppression of a withheld record may have been lifted. The sweep then fetches the record.
    if !withholding.withheld().is_empty() {
        state.cursor.comparison.ask_for_sweep();
    }
    let (mut after, mut n_kept) = match pass {
        Some((after, n_kept)) => (Some(after), n_kept),
        None => (None, 0),
    };
    while !suppressions.is_empty() {
        if context.out_of_time() {
            return Ok(Flow::OutOfTime);
        }
        let token = after.map(HeldToken);
        let store = &context.ports().store;
        let (copied, next) = store
            .scan(context.scope(), state.object, token.as_ref(), STEP)
            .await?;
        let n_copied = copied.len() as u64;
        let erased = erased(context, &suppressions, state.object, copied).await?;
        n_kept += n_copied - erased.len() as u64;
        after = next.map(|token| token.0);
        let pass = after.clone().map(|after| (after, n_kept));
        state.cursor.withholding.reached(&fingerprint, pass);
        if !erased.is_empty() {
            let gone: Vec<RecordId> = erased.iter().cloned().collect();
            page::take_out(context, state, 0, &gone, erased).await?;
        } else if after.is_some() {
            state.checkpoint(context, 0, &[]).await?;
        }
        if after.is_none() {
            break;
        }
    }
    // The records of erased people left the copy uncounted. The sweep counts, and finds the ids to withhold.
    if !suppressions.is_empty() && n_kept != state.held {
        state.cursor.comparison.ask_for_sweep();
    }
    state.cursor.withholding.held_against(fingerprint);
    state.cursor.advance();
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

async fn erased(
    context: &Context<'_>,
    suppressions: &Suppressions,
    object: Object,
    copied: Vec<Copied>,
) -> Outcome<BTreeSet<RecordId>> {
    let scope = context.scope();
    let mut opener = Opener::new(&context.keys.sealing)?;
    let mut opened = Vec::with_capacity(copied.len());
    for record in copied {
        let mut body = match &record.sealed {
            Some(sealed) => Body::open(&mut opener, scope, object, &record.id, sealed)?,
            None => Body::default(),
        };
        body.attributes.get_or_insert_default();
        body.display.get_or_insert_default();
        opened.push((record.id, body));
    }
    let records = || {
        let subject = |(id, body)| Body::subject(body, object, id);
        opened
            .iter()
            .map(|(id, body)| (id, body))
            .filter_map(subject)
    };
    let deciding = deciding(
        context,
        suppressions,
        suppressed::asked(suppressions, records()),
    )
    .await?;
    let is_erased =
        |subject: &Subject<'_>| subject.suppressed(suppressions, scope, &deciding).erased;
    let erased = records().filter(is_erased);
    Ok(erased.map(|subject| subject.id.clone()).collect())
}
