//! The end of an object's run.

use jiff::{SignedDuration, Timestamp};

use crate::{
    decision,
    fault::Outcome,
    ports::DecisionsOf,
    progress::{Stage, Verdict},
    sync::{
        context::{Context, State, earlier},
        flow::Flow,
        merged, withhold,
    },
};

/// How far the clocks of two functions may be apart, and how long a call of the API may take.
const APART: SignedDuration = SignedDuration::from_mins(10);

/// Ends an object's run with a verdict, or sends it back to hold the copy against suppressions that were made meanwhile. The cursor
/// stays: the next run begins where this one stopped.
pub(super) async fn conclude(
    context: &Context<'_>,
    state: &mut State,
    verdict: Verdict,
) -> Outcome<Flow> {
    settle(context, state).await?;
    let is_whole = !matches!(verdict, Verdict::Failed(_) | Verdict::Absent);
    if is_whole && withhold::is_due(context, state).await? {
        state.cursor.stage = Stage::Withhold;
        state.checkpoint(context, 0, &[]).await?;
        return Ok(Flow::Done);
    }
    state.cursor.stage = Stage::Done;
    if verdict == Verdict::Verified {
        state.summary.verified_at = Some(read_up_to(context, state));
    }
    if verdict != Verdict::Verified {
        state.summary.proof = None;
    }
    state.summary.ids_compared = state.cursor.ids_compared;
    state.summary.verdict = Some(verdict);
    state.summary.trouble = None;
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

/// Up to when the copy has what the CRM had: what changed there after the window's end, however long this run took since,
/// is in the next window.
fn read_up_to(context: &Context<'_>, state: &State) -> Timestamp {
    let next = state.cursor.next.as_ref();
    let until = next.and_then(|next| next.at.checked_add(state.lag).ok());
    let now = context.last_look();
    until.map_or(now, |until| until.min(now))
}

/// Lays what users decided during the run over the copy once more: a slice that began before a decision may have put the
/// record after it. Then decisions follow records that were merged. From here on this run puts no record of the object.
async fn settle(context: &Context<'_>, state: &State) -> Outcome<()> {
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
