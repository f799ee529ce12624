//! Compares the relations in the copy with its records, and repairs differences. The CRM gets no request.
//!
//! A company's status comes from rows beside the records. A record's item says which rows there should be. So the list of the
//! copy's ids shows missing, old and superfluous rows, and no body is opened for that. Only records with such rows are opened,
//! matched and written again.

use std::collections::{HashMap, HashSet};

use crate::{
    fault::Outcome,
    ports::{Listed, RelationRow},
    progress::Stage,
    record::RecordId,
    sync::{
        context::Context,
        flow::Flow,
        rematch::{again, matched},
        state::State,
    },
};

/// The number of records that are read, matched and written at a time.
const STEP: usize = 200;

/// Compares the whole copy of an object, if that is due.
pub(super) async fn compare(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    if !state.cursor.comparison.are_relations_due() {
        return Ok(Flow::Done);
    }
    let (mut after, mut n_mended) = (None, 0);
    loop {
        if context.out_of_time() {
            // Repaired records no longer differ, so the next slice comes further. If a whole slice cannot list the copy and
            // repaired nothing, the next run tries again.
            let is_too_long = n_mended == 0 && state.began == Stage::Verify;
            return Ok(if is_too_long {
                Flow::Done
            } else {
                Flow::OutOfTime
            });
        }
        let (store, scope) = (&context.ports().store, context.scope());
        let listed = store.held(scope, state.object, after.as_ref()).await?;
        n_mended += mend(context, state, &listed).await?;
        after = listed.next;
        if after.is_none() {
            break;
        }
    }
    state.cursor.comparison.relations_were_compared();
    Ok(Flow::Done)
}

/// Repairs the differences in a part of the list, and counts the repaired records. Returns how many were written.
pub(super) async fn mend(
    context: &Context<'_>,
    state: &mut State,
    listed: &Listed,
) -> Outcome<usize> {
    let astray: HashMap<&RecordId, &[RelationRow]> = listed
        .held
        .iter()
        .filter_map(|held| Some((&held.id, held.astray.as_deref()?)))
        .collect();
    let ids: Vec<&RecordId> = astray.keys().copied().collect();
    for ids in ids.chunks(STEP) {
        state.summary.repaired += mend_some(context, state, ids, &astray).await?;
    }
    if !listed.orphans.is_empty() {
        drop_orphans(context, state, listed).await?;
    }
    Ok(ids.len())
}

/// Writes records with their right relations. Returns how many had other relations.
async fn mend_some(
    context: &Context<'_>,
    state: &mut State,
    ids: &[&RecordId],
    astray: &HashMap<&RecordId, &[RelationRow]>,
) -> Outcome<u64> {
    let (store, scope, object) = (&context.ports().store, context.scope(), state.object);
    let wanted: Vec<_> = ids.iter().map(|id| (object, (*id).clone())).collect();
    let copied = store.copied(scope, &wanted).await?;
    let copied: Vec<_> = copied.into_iter().flatten().collect();
    // An interrupted put may have left a record incomplete. Only the CRM can complete it.
    if copied.iter().any(|record| record.known.is_unfinished()) {
        state.cursor.comparison.ask_for_sweep();
    }
    let (mut stored, mut n_damaged) = (Vec::new(), 0);
    for (record, body, matched) in matched(context, object, copied).await? {
        let Some(mut record) = again(context, record, &body, &matched)? else {
            continue;
        };
        let mut found = astray.get(&record.id).copied().unwrap_or_default().to_vec();
        let mut wanted: Vec<RelationRow> = record.relations.iter().map(RelationRow::from).collect();
        for row in &found {
            let is_wanted = wanted.iter().any(|one| one.company == row.company);
            if !is_wanted && !record.dropped.contains(&row.company) {
                record.dropped.push(row.company);
            }
        }
        found.sort_unstable();
        wanted.sort_unstable();
        n_damaged += u64::from(found != wanted);
        stored.push(record);
    }
    if !stored.is_empty() {
        store.put(scope, object, stored).await?;
    }
    Ok(n_damaged)
}

/// Deletes relations whose records are missing. Such a record may have been created since the list was read.
async fn drop_orphans(context: &Context<'_>, state: &State, listed: &Listed) -> Outcome<()> {
    let (store, scope, object) = (&context.ports().store, context.scope(), state.object);
    let ids: HashSet<&RecordId> = listed.orphans.iter().map(|(id, _)| id).collect();
    let ids: Vec<RecordId> = ids.into_iter().cloned().collect();
    let known = store.known(scope, object, &ids).await?;
    let there: HashSet<RecordId> = ids
        .into_iter()
        .zip(known)
        .filter_map(|(id, known)| known.map(|_| id))
        .collect();
    let mut orphans = listed.orphans.clone();
    orphans.retain(|(id, _)| !there.contains(id));
    store.drop_orphans(scope, object, &orphans).await
}
