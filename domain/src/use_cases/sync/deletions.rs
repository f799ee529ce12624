//! Deletions that the CRM only keeps a list of: what was deleted for good shows in no page of changes.

use std::collections::BTreeSet;

use crate::{
    fault::Outcome,
    ports::Deleted,
    sync::{
        context::Context,
        flow::Flow,
        page,
        state::{State, earlier},
    },
};

/// Takes out what the CRM's list says is gone, and moves on to the comparison.
pub(super) async fn apply(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let until = context.crm.clock().await?;
    let since = state
        .cursor
        .deletions
        .from()
        .unwrap_or_else(|| earlier(until, state.lag));
    let gone = match context.crm.deleted(state.object, since, until).await? {
        Deleted::Ids(ids) => ids,
        Deleted::Unknown => {
            state.cursor.comparison.ask_for_sweep();
            Vec::new()
        }
    };
    let next = earlier(until, state.lag);
    state.cursor.deletions.go_on_from(next);
    state.cursor.advance();
    if !state.are_associated {
        // Parents come with the records: there is nothing more to compare.
        state.cursor.advance();
    }
    page::take_out(context, state, 0, &gone, BTreeSet::new()).await?;
    Ok(Flow::Done)
}
