//! Deletions that appear only in the CRM's list of deletions, and in no page of changes.

use std::collections::BTreeSet;

use crate::{
    crm_time,
    fault::Outcome,
    ports::{Deleted, Deletions},
    record::RecordId,
    sync::{
        children,
        context::Context,
        flow::Flow,
        page,
        state::{State, earlier},
        verdict,
    },
};

/// Takes out the records in the CRM's list of deletions, if it has one. Without such a list the ids are compared.
pub(super) async fn apply(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let gone = match context.crm.abilities().reading(state.object).deletions {
        Deletions::ListedForGood | Deletions::ListedInPart => listed(context, state).await?,
        Deletions::AmongChanges => Vec::new(),
        Deletions::OnlyByIds => {
            state.cursor.comparison.ask_for_sweep();
            Vec::new()
        }
    };
    state.cursor.advance();
    if !state.are_associated && !children::is_behind(context, &state.cursor.departed) {
        // Parents come with the records, and none of them left.
        state.cursor.advance();
    }
    page::take_out(context, state, 0, &gone, BTreeSet::new()).await?;
    Ok(Flow::Done)
}

/// Returns the CRM's list of deletions since the last list. It is not requested while the copy accounts for no record: no deletion
/// concerns it, and a record that arrives later was live after this moment.
async fn listed(context: &Context<'_>, state: &mut State) -> Outcome<Vec<RecordId>> {
    let until = crm_time::now(&*context.crm).await?;
    let since = state
        .cursor
        .deletions
        .from()
        .unwrap_or_else(|| earlier(until, state.lag));
    let gone = if verdict::ours(state) == 0 {
        Vec::new()
    } else {
        match context.crm.deleted(state.object, since, until).await? {
            Deleted::Ids(ids) => ids,
            Deleted::Unknown => {
                state.cursor.comparison.ask_for_sweep();
                Vec::new()
            }
        }
    };
    let next = earlier(until, state.lag);
    state.cursor.deletions.go_on_from(next);
    Ok(gone)
}
