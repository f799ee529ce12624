//! Records that became unreadable in the CRM after they were copied. The copy keeps their older states, and the verdict says so, whether
//! a page or the comparison of ids met them.

use crate::{
    fault::Outcome,
    record::RecordId,
    steps::Sorted,
    sync::{context::Context, state::State},
};

/// Notes which records of a step are outdated from now on, and which are no longer.
pub(super) async fn note(context: &Context<'_>, state: &mut State, sorted: &Sorted) -> Outcome<()> {
    if state.cursor.comparison.outdated() > 0 {
        for record in &sorted.live {
            state.cursor.comparison.is_renewed(&record.id);
        }
        for id in &sorted.gone {
            state.cursor.comparison.is_renewed(id);
        }
    }
    let bad = sorted.bad.iter();
    let bad: Vec<RecordId> = bad.filter_map(|(id, _)| id.clone()).collect();
    if bad.is_empty() {
        return Ok(());
    }
    let store = &context.ports().store;
    let known = store.known(context.scope(), state.object, &bad).await?;
    let there = bad.into_iter().zip(known);
    let there = there.filter_map(|(id, known)| known.map(|_| id));
    state.cursor.comparison.note_outdated(there);
    Ok(())
}
