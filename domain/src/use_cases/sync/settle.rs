//! Applies users' decisions of the time of the run to the copy once more, before the run ends.

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

/// The largest difference between the clocks of two functions, plus the longest call of the API.
const APART: SignedDuration = SignedDuration::from_mins(10);

/// Applies the decisions that users made during the run once more, because a slice that began before a decision may have put the
/// record after it. Then carries decisions about merged records to the survivors. From here on this run puts no record of the
/// object.
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
