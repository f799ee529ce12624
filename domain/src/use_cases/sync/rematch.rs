//! Matches the copy again with another version of the company database. The CRM gets no request.
//!
//! All records are read. Only those with a key that the version changed are decided again: whatever stands under the keys of the
//! others is as it was. Only records whose relations change are written.

use matching::Relation;

use crate::{
    body::Body,
    fault::Outcome,
    ports::{ChangedKeys, Copied, HeldToken, StoredRecord, Version},
    record::Object,
    seal::Opener,
    steps::{Matched, Says, lookup_keys, seal_again},
    sync::{context::Context, flow::Flow, page::relate, state::State},
};

/// The number of records that are read, matched and written between two checkpoints.
const STEP: usize = 200;

/// How many times records are read before those that were found are matched, however few they are, so that the pass gets a position.
const READINGS: usize = 32;

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
    let changed = changed(context, state, &version).await?;
    state.cursor.rematching.reached(&version, after.as_deref());
    let (mut found, mut n_readings) = (Vec::new(), 0);
    loop {
        let is_late = context.out_of_time();
        if is_late || found.len() >= STEP || n_readings >= READINGS {
            let is_moved = n_readings > 0;
            n_readings = 0;
            state.summary.rematched += step(context, state, std::mem::take(&mut found)).await?;
            state.cursor.rematching.reached(&version, after.as_deref());
            if is_late {
                return Ok(Flow::OutOfTime);
            }
            if is_moved {
                state.checkpoint(context, 0, &[]).await?;
            }
        }
        let token = after.map(HeldToken);
        let store = &context.ports().store;
        let (copied, next) = store
            .scan(context.scope(), state.object, token.as_ref(), STEP)
            .await?;
        n_readings += 1;
        // An interrupted put may have left a record incomplete. Only the CRM can complete it.
        if copied.iter().any(|record| record.known.is_unfinished()) {
            state.cursor.comparison.ask_for_sweep();
        }
        let opened = open(context, state.object, copied)?.into_iter();
        found.extend(opened.filter(|(_, body)| is_touched(changed.as_ref(), state.object, body)));
        after = next.map(|token| token.0);
        if after.is_none() {
            break;
        }
    }
    state.summary.rematched += step(context, state, found).await?;
    state.cursor.rematching.done(version);
    // Records with the same companies as before were not written. The comparison of relations checks their rows.
    state.cursor.comparison.ask_for_relations();
    state.cursor.advance();
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

/// Returns the match keys that changed since the version with which the copy is matched. `None` if all of it has to be matched.
async fn changed(
    context: &Context<'_>,
    state: &State,
    version: &str,
) -> Outcome<Option<ChangedKeys>> {
    let Some(from) = state.cursor.rematching.matched() else {
        return Ok(None);
    };
    let (from, to) = (Version(from.to_owned()), Version(version.to_owned()));
    context.ports().companies.changed(&from, &to).await
}

/// Returns whether a record may find something else than before.
fn is_touched(changed: Option<&ChangedKeys>, object: Object, body: &Body) -> bool {
    changed.is_none_or(|changed| {
        let attributes = body.attributes.as_ref();
        attributes.is_some_and(|attributes| changed.touch(&lookup_keys(object, attributes)))
    })
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
async fn step(
    context: &Context<'_>,
    state: &mut State,
    opened: Vec<(Copied, Body)>,
) -> Outcome<u64> {
    let object = state.object;
    let mut stored = Vec::new();
    for (record, body, matched) in match_opened(context, object, opened).await? {
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
    match_opened(context, object, open(context, object, copied)?).await
}

/// Opens records of the copy. Those whose bodies are being moved or lack the matching attributes are left out.
fn open(
    context: &Context<'_>,
    object: Object,
    copied: Vec<Copied>,
) -> Outcome<Vec<(Copied, Body)>> {
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
    Ok(opened)
}

async fn match_opened(
    context: &Context<'_>,
    object: Object,
    opened: Vec<(Copied, Body)>,
) -> Outcome<Vec<(Copied, Body, Matched)>> {
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
