//! What users decided during a run, laid over the copy once more before the run's end.

use jiff::SignedDuration;

use crate::{
    decision,
    fault::Outcome,
    ports::DecisionsOf,
    sync::{
        context::Context,
        merged,
        state::{State, earlier},
    },
};

/// How far the clocks of two functions may be apart, and how long a call of the API may take.
const APART: SignedDuration = SignedDuration::from_mins(10);

/// Lays what users decided during the run over the copy once more: a slice that began before a decision may have put the
/// record after it. Then decisions follow records that were merged. From here on this run puts no record of the object.
pub(super) async fn settle(context: &Context<'_>, state: &State) -> Outcome<()> {
    let since = earlier(context.begun, APART);
    let (store, scope) = (&context.ports().store, context.scope());
    let decisions = store
        .decisions(scope, DecisionsOf::Object(state.object))
        .await?;
    let mut ids: Vec<_> = decisions
        .iter()
        .filter(|decision| decision.at >= since)
        .map(|decision| &decision.id)
        .collect();
    ids.dedup();
    for id in ids {
        let record = (state.object, id);
        decision::settle(store.as_ref(), &context.keys, scope, record, None).await?;
    }
    merged::carry(context, state, &decisions).await
}
