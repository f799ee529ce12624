//! Notes which records leave the copy while others there still name them as their parents.
//!
//! Merged and deleted records leave their children to other parents, which may move no time stamp. So before such a record leaves, or is
//! held back, the copy is asked for its children. If there are any, the record is listed
//! ([`Departed`](crate::progress::cursor::Departed)), and each object's run reads the children of listed records again
//! ([`children`](super::children)).

use crate::{
    fault::Outcome,
    ports::{Index, Lookup, MAX_LOOKUPS},
    record::RecordId,
    sync::{context::Context, state::State},
};

/// Lists those of these records that have children in the copy. The list is stored before anything leaves.
pub(super) async fn note(
    context: &Context<'_>,
    state: &mut State,
    ids: &[RecordId],
) -> Outcome<()> {
    if !state.object.may_be_a_parent() {
        return Ok(());
    }
    let mut parents: Vec<RecordId> = Vec::new();
    for ids in ids.chunks(MAX_LOOKUPS) {
        let asked: Vec<Lookup> = ids
            .iter()
            .map(|id| Lookup {
                index: Index::Parent,
                hash: context.below(state.object, id),
                after: None,
                most: 1,
            })
            .collect();
        let store = &context.ports().store;
        let found = store.hits(context.scope(), &asked).await?;
        let found = ids.iter().zip(found);
        let parent = found.filter(|(_, found)| !found.hits.is_empty() || found.next.is_some());
        parents.extend(parent.map(|(id, _)| id.clone()));
    }
    if parents.is_empty() {
        return Ok(());
    }
    let note = |cursor: &mut crate::progress::Cursor, _: &mut _| cursor.departed.note(&parents);
    state.checkpoint_note(context, note).await
}
