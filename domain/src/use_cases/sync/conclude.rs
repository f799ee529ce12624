//! The end of an object's run.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    progress::Verdict,
    sync::{context::Context, flow::Flow, settle::settle, state::State, withhold},
};

/// Ends an object's run with a verdict, or sends it back to check the copy against suppressions that were made meanwhile. The
/// cursor stays, so the next run begins where this one stopped.
pub(super) async fn conclude(
    context: &Context<'_>,
    state: &mut State,
    verdict: Verdict,
) -> Outcome<Flow> {
    settle(context, state).await?;
    let is_whole = !matches!(verdict, Verdict::Failed(_) | Verdict::Absent);
    if is_whole && withhold::is_due(context, state).await? {
        state.cursor.withhold_again();
        state.checkpoint(context, 0, &[]).await?;
        return Ok(Flow::Done);
    }
    state.cursor.end_run();
    if verdict == Verdict::Verified {
        state.summary.verified_at = Some(read_up_to(context, state));
    }
    if verdict != Verdict::Verified {
        state.summary.proof = None;
    }
    state.summary.ids_compared = state.cursor.comparison.ids_compared();
    state.summary.verdict = Some(verdict);
    state.summary.trouble = None;
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

/// Returns the time up to which the copy has the CRM's changes: the end of the window, however long the run took since. Later
/// changes are in the next window.
fn read_up_to(context: &Context<'_>, state: &State) -> Timestamp {
    let next = state.cursor.reading.next();
    let until = next.and_then(|next| next.at.checked_add(state.lag).ok());
    let now = context.last_look();
    until.map_or(now, |until| until.min(now))
}
