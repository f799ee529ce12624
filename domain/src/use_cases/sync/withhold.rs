//! Keeps the records of people who were erased out of the copy, whatever the CRM sends.
//!
//! What a page brings is held against the suppressions as it comes ([`keep_away()`](super::keep_away::keep_away)). Where marks were made or lifted since the last
//! time, the whole copy is held against them once ([`pass`]): a page that was read before an erasure may have put the person
//! back, and a suppression may concern more records than were found when it was made. Before an object's run comes to its verdict it
//! is asked whether that has happened meanwhile ([`is_due`]), so that the run itself takes out what it put there.

use std::collections::BTreeSet;

use crate::{
    body::Body,
    fault::Outcome,
    legal::Suppressions,
    ports::{Copied, HeldToken},
    record::{Object, RecordId},
    seal::Opener,
    suppressed::{self, Subject},
    sync::{context::Context, flow::Flow, keep_away::accounts, page, state::State},
};

/// Records in one step: what is read between two checkpoints.
const STEP: usize = 200;

/// Whether suppressions were made or taken back since the copy was held against them. Asked last of all: whoever is erased after this
/// finds everything in the copy that this run has put there.
pub(super) async fn is_due(context: &Context<'_>, state: &State) -> Outcome<bool> {
    let suppressions = context.current_suppressions().await?;
    Ok(suppressions.fingerprint() != state.cursor.withholding.suppressions())
}

/// Goes on with holding the copy against the suppressions, or finds that they are those of the last time.
pub(super) async fn pass(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let suppressions = context.current_suppressions().await?;
    let fingerprint = suppressions.fingerprint();
    let withholding = &state.cursor.withholding;
    // A pass that began for other suppressions checked for those: what lies before its position has to be checked again.
    let pass = withholding.pass(&fingerprint);
    if fingerprint == withholding.suppressions() && pass.is_none() {
        state.cursor.withholding.end_pass();
        state.cursor.advance();
        return Ok(Flow::Done);
    }
    // Of what is withheld something may have been lifted: the sweep fetches it.
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
    // Who was erased left the copy without being counted: the sweep counts, and finds out whom to withhold.
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
    let accounts = accounts(
        context,
        suppressions,
        suppressed::asked(suppressions, records()),
    )
    .await?;
    let is_erased =
        |subject: &Subject<'_>| subject.suppressed(suppressions, scope, &accounts).erased;
    let erased = records().filter(is_erased);
    Ok(erased.map(|subject| subject.id.clone()).collect())
}
