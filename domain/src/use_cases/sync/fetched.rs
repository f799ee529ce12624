//! Fetches records by their ids and stores them, because something says that the copy differs.

use crate::{
    fault::Outcome,
    parents,
    record::{Item, RecordId},
    sync::{
        context::Context,
        page::{self, Batch},
        state::State,
    },
};

/// The most ids in one call.
pub(super) const MOST: usize = 200;

/// Fetches these records and stores them. Returns those that could not be kept.
pub(super) async fn store(
    context: &Context<'_>,
    state: &mut State,
    ids: &[RecordId],
) -> Outcome<u64> {
    let mut items = context.crm.fetch(state.object, ids).await?;
    parents::complete(&*context.crm, state.object, &mut items).await?;
    let n_bad = items
        .iter()
        .filter(|item| matches!(item, Item::Bad { .. }))
        .count() as u64;
    // The copy may have these records, unlike those of a first reading.
    state.cursor.reading.may_be_in_the_copy();
    let batch = Batch {
        items,
        text: None,
        rewriting: state.cursor.fields.is_rewriting(),
    };
    page::store(context, state, batch).await?;
    Ok(n_bad)
}
