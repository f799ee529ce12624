//! Holds the copy against the CRM's own count.

use crate::{
    fault::Outcome,
    progress::Verdict,
    sync::{
        context::{Context, State},
        object::{Flow, conclude, hold},
        sweep::{self, Swept},
    },
};

/// Counts, sweeps where the counts differ, and comes to a verdict.
pub(super) async fn compare(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let count = context.crm.count(state.object).await?;
    state.summary.crm_count = Some(count);
    let unkeepable = state.cursor.unkeepable;
    let kept_away = unkeepable + state.cursor.withheld.len() as u64;
    if !state.cursor.must_sweep && count == state.held + kept_away {
        return conclude(context, state, verdict(unkeepable)).await;
    }
    match sweep::mend(context, state).await? {
        Swept::OutOfTime => Ok(Flow::OutOfTime),
        Swept::TooLong => {
            let ours = state.held + state.cursor.withheld.len() as u64;
            let apart = count.abs_diff(ours).max(1);
            conclude(context, state, Verdict::Drift(apart)).await
        }
        Swept::Held(n) => hold(context, state, n).await,
        Swept::Mended => {
            let count = context.crm.count(state.object).await?;
            state.summary.crm_count = Some(count);
            // What changed in the CRM during the sweep is the next run's matter, but it is no match.
            let ours = state.held + state.cursor.withheld.len() as u64;
            let apart = count.abs_diff(ours).max(state.cursor.unkeepable);
            conclude(context, state, verdict(apart)).await
        }
    }
}

fn verdict(apart: u64) -> Verdict {
    match apart {
        0 => Verdict::Verified,
        n => Verdict::Drift(n),
    }
}
