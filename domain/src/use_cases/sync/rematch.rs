//! Matches the copy again with another version of the company database. The CRM gets no request.
//!
//! All records are read and decided again, because it is not stored which companies a version added, changed or dropped. Only
//! records whose relations change are written.

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

/// The number of records that are read, matched and written between two checkpoints.
const STEP: usize = 200;

/// Continues the pass over the copy, if one is due.
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
    // Records with the same companies as before were not written. The comparison of relations checks their rows.
    state.cursor.comparison.ask_for_relations();
    state.cursor.advance();
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

/// Returns the version with which the copy must be matched. `None` if it is matched with that version already, or if the object is
/// never matched.
async fn due(context: &Context<'_>, state: &mut State) -> Outcome<Option<String>> {
    if !state.object.is_matched() {
        return Ok(None);
    }
    let published = context.ports().companies.published().await?;
    let published = published.map(|version| version.0);
    Ok(published.filter(|version| state.cursor.rematching.matched() != Some(version)))
}

/// Matches some records. Returns how many changed.
async fn step(context: &Context<'_>, state: &mut State, copied: Vec<Copied>) -> Outcome<u64> {
    // An interrupted put may have left a record incomplete. Only the CRM can complete it.
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

/// Opens records of the copy and matches them with the current company database. Records whose bodies are being moved or lack the
/// matching attributes are left out.
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

/// Returns a record of the copy with other relations, ready to be put.
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

/// Returns whether matching finds the same companies with the same status. Other weights in the evidence are not worth a write.
fn is_same(before: &[Relation], after: &[Relation]) -> bool {
    let told = |relation: &Relation| (relation.company.clone(), relation.status, relation.score);
    before.iter().map(told).eq(after.iter().map(told))
}
