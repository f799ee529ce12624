//! Matches the copy anew with another version of the company database, without asking the CRM.
//!
//! All of it is read and decided again: which companies a version added, changed or dropped is not kept anywhere, so that
//! no record can be left out. Only records whose relations become others are written.

use matching::Relation;

use crate::{
    body::Body,
    fault::Outcome,
    ports::{Copied, HeldToken, StoredRecord},
    record::Object,
    seal::Opener,
    steps::{Matched, Says, seal_again},
    sync::{context::Context, flow::Flow, page::relate, state::State},
};

/// Records in one step: what is read, matched and written between two checkpoints.
const STEP: usize = 200;

/// Goes on with the pass over the copy, or finds that none is due.
pub(super) async fn pass(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let (version, mut after) = match state.cursor.rematching.pass() {
        Some(begun) => begun,
        None => match due(context, state).await? {
            Some(version) => (version, None),
            None => {
                state.cursor.advance();
                return Ok(Flow::Done);
            }
        },
    };
    loop {
        state.cursor.rematching.reached(&version, after.as_deref());
        if context.out_of_time() {
            return Ok(Flow::OutOfTime);
        }
        let token = after.map(HeldToken);
        let store = &context.ports().store;
        let (copied, next) = store
            .scan(context.scope(), state.object, token.as_ref(), STEP)
            .await?;
        let n = step(context, state, copied).await?;
        state.summary.rematched += n;
        after = next.map(|token| token.0);
        if after.is_none() {
            break;
        }
        state.cursor.rematching.reached(&version, after.as_deref());
        state.checkpoint(context, 0, &[]).await?;
    }
    state.cursor.rematching.done(version);
    // Records whose companies stay the same were not written: whether their relations are there shows when those are compared.
    state.cursor.comparison.ask_for_relations();
    state.cursor.advance();
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

/// The version that the copy has to be matched with; none: it is already, or no record of the object is matched at all.
async fn due(context: &Context<'_>, state: &mut State) -> Outcome<Option<String>> {
    if !state.object.is_matched() {
        return Ok(None);
    }
    let published = context.ports().companies.published().await?;
    let published = published.map(|version| version.0);
    Ok(published.filter(|version| state.cursor.rematching.matched() != Some(version)))
}

/// Matches some records; answers how many became others.
async fn step(context: &Context<'_>, state: &mut State, copied: Vec<Copied>) -> Outcome<u64> {
    // What a put that was cut off left without an end, only the CRM can complete.
    if copied.iter().any(|record| record.known.is_unfinished()) {
        state.cursor.comparison.ask_for_sweep();
    }
    let object = state.object;
    let mut stored = Vec::new();
    for (record, body, matched) in matched(context, object, copied).await? {
        if !is_same(&body.relations, &matched.relations)
            && let Some(record) = again(context, record, &body, &matched)?
        {
            stored.push(record);
        }
    }
    let n = stored.len() as u64;
    if n > 0 {
        let store = &context.ports().store;
        store.put(context.scope(), object, stored).await?;
    }
    Ok(n)
}

/// Opens records of the copy and matches them with the company database of today. Those whose bodies are on their way, or do
/// not say what relations depend on, are left out.
pub(super) async fn matched(
    context: &Context<'_>,
    object: Object,
    copied: Vec<Copied>,
) -> Outcome<Vec<(Copied, Body, Matched)>> {
    let mut opener = Opener::new(&context.keys.sealing)?;
    let mut opened: Vec<(Copied, Body)> = Vec::with_capacity(copied.len());
    for record in copied {
        let Some(sealed) = &record.sealed else {
            continue;
        };
        let body = Body::open(&mut opener, context.scope(), object, &record.id, sealed)?;
        if body.attributes.is_some() && body.display.is_some() {
            opened.push((record, body));
        }
    }
    let subject = opened
        .iter()
        .filter_map(|(record, body)| body.subject(object, &record.id));
    let says: Vec<Says<'_>> = subject
        .map(|subject| (subject.attributes, subject.people()))
        .collect();
    let matched = relate(context, object, says.into_iter()).await?;
    let opened = opened.into_iter().zip(matched);
    Ok(opened
        .map(|((record, body), matched)| (record, body, matched))
        .collect())
}

/// A record of the copy as it goes back into it with these relations.
pub(super) fn again(
    context: &Context<'_>,
    record: Copied,
    body: &Body,
    matched: &Matched,
) -> Outcome<Option<StoredRecord>> {
    context.sealing(|sealer| {
        let sealing = context.sealing_for(record.object, sealer);
        seal_again(sealing, record, body, matched)
    })
}

/// Whether the rule comes to the same companies, as sure as before. Evidence that says the same in other weights is not
/// worth a write.
fn is_same(before: &[Relation], after: &[Relation]) -> bool {
    let told = |relation: &Relation| (relation.company.clone(), relation.status, relation.score);
    before.iter().map(told).eq(after.iter().map(told))
}
