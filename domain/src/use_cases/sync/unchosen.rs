//! Clears the copy of objects that the administrator no longer chooses.

use crate::{
    fault::Outcome,
    ports::MAX_GONE,
    progress::{HeldBackCounts, Progress},
    record::{Object, RecordId},
    sync::{context::Context, flow::Flow, holding, state::State},
};

/// Clears an object that is not chosen. If it is chosen again, it is read from the beginning.
pub(super) async fn clear(
    context: &Context<'_>,
    object: Object,
    progress: &Progress,
) -> Outcome<Flow> {
    let mut state = State::load(context, object, Some(progress));
    if state.held == 0 && !state.cursor.reading.is_begun() {
        return Ok(Flow::Done);
    }
    let store = &context.ports().store;
    let mut token = None;
    loop {
        let listed = store.held(context.scope(), object, token.as_ref()).await?;
        store
            .drop_orphans(context.scope(), object, &listed.orphans)
            .await?;
        let ids: Vec<RecordId> = listed.held.into_iter().map(|held| held.id).collect();
        for ids in ids.chunks(MAX_GONE) {
            if context.out_of_time() {
                return Ok(Flow::OutOfTime);
            }
            let known = store.known(context.scope(), object, ids).await?;
            let gone: Vec<_> = ids
                .iter()
                .cloned()
                .zip(known)
                .filter_map(|(id, known)| Some((id, known?)))
                .collect();
            state.summary.deleted += gone.len() as u64;
            state.checkpoint(context, 0, &gone).await?;
        }
        token = listed.next;
        if token.is_none() {
            break;
        }
    }
    holding::forget(context, object).await?;
    state.summary.held_back = HeldBackCounts::default();
    state.cursor = state.cursor.emptied();
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}
