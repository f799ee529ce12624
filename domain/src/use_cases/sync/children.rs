//! Reads the children of records that left the copy again, because the CRM gave them other parents.
//!
//! The index by parent has the children under the record that left. Each of them is fetched by its id, with its present parent, and
//! stored like any record of a page. A child that was stored is no longer found under that record, so a slice that goes on finds what
//! is left.

use std::collections::BTreeSet;

use crate::{
    fault::Outcome,
    ports::{Index, Lookup, MAX_LOOKUPS},
    progress::{Stage, cursor::Departed},
    record::{Object, RecordId},
    sync::{context::Context, fetched, flow::Flow, settle::settle, state::State},
};

/// The number of children of one record that are looked up at a time.
const MOST: usize = 100;

/// The result of reading the children of some records.
#[derive(PartialEq, Eq)]
enum Read {
    /// All of them.
    All,
    /// The slice's time is up.
    OutOfTime,
    /// A whole slice is too short, and none of the children had another parent.
    TooMany,
}

/// Returns the objects whose records do not follow all lists yet. They had their turn before a parent's object, which failed
/// transiently at first.
pub(super) fn behind(context: &Context<'_>) -> Vec<Object> {
    let all = context.departed();
    let behind = all.iter().filter(|(_, own)| is_behind(context, own));
    behind.map(|(object, _)| *object).collect()
}

/// Returns whether an object does not follow all lists yet. `own` is its cursor's part.
pub(super) fn is_behind(context: &Context<'_>, own: &Departed) -> bool {
    let all = context.departed();
    all.iter()
        .any(|(object, list)| own.followed(*object) != list.total())
}

/// Follows the lists after the object's verdict. The ids are the same as before, so the verdict stays.
pub(super) async fn catch_up(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let flow = follow(context, state).await?;
    state.checkpoint(context, 0, &[]).await?;
    if flow == Flow::Done {
        settle(context, state).await?;
    }
    Ok(flow)
}

/// Follows the lists of all objects.
pub(super) async fn follow(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    for (object, departed) in context.departed() {
        let (mut at, total) = (state.cursor.departed.followed(object), departed.total());
        if at == total {
            continue;
        }
        let Some(ids) = departed.since(at) else {
            state.cursor.associations.ask();
            state.cursor.departed.follow(object, total);
            continue;
        };
        for ids in ids.chunks(MAX_LOOKUPS) {
            match read_again(context, state, object, ids).await? {
                Read::All => {}
                Read::OutOfTime => return Ok(Flow::OutOfTime),
                Read::TooMany => state.cursor.associations.ask(),
            }
            at += ids.len() as u64;
            state.cursor.departed.follow(object, at);
        }
    }
    Ok(Flow::Done)
}

/// Reads the children of these records again.
async fn read_again(
    context: &Context<'_>,
    state: &mut State,
    object: Object,
    parents: &[RecordId],
) -> Outcome<Read> {
    let written = state.summary.written;
    let mut asked: Vec<Lookup> = parents
        .iter()
        .map(|id| Lookup {
            index: Index::Parent,
            hash: context.below(object, id),
            after: None,
            most: MOST,
        })
        .collect();
    while !asked.is_empty() {
        let store = &context.ports().store;
        let found = store.hits(context.scope(), &asked).await?;
        let hits = found.iter().flat_map(|found| &found.hits);
        let children: BTreeSet<&RecordId> = hits
            .filter(|hit| hit.object == state.object)
            .map(|hit| &hit.id)
            .collect();
        let children: Vec<RecordId> = children.into_iter().cloned().collect();
        for ids in children.chunks(fetched::MOST) {
            if context.must_stop() {
                let is_too_long = matches!(state.began, Stage::Parents | Stage::Done)
                    && state.summary.written == written
                    && context.had_a_whole_slice();
                return Ok(match is_too_long {
                    true => Read::TooMany,
                    false => Read::OutOfTime,
                });
            }
            fetched::store(context, state, ids).await?;
        }
        let rest = asked.into_iter().zip(found);
        let rest = rest.filter_map(|(ask, found)| {
            let after = Some(found.next?);
            Some(Lookup { after, ..ask })
        });
        asked = rest.collect();
    }
    Ok(Read::All)
}
