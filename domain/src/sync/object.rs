//! One object's way through the stages.

use crate::{
    fault::{Fault, Outcome},
    progress::{Stage, Verdict},
    sync::{
        changes,
        context::{Context, State},
        deletions, verify,
    },
};

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// This is done, what comes next may begin.
    Done,
    /// The slice's time is up.
    OutOfTime,
}

/// Takes an object from the stage it is at to its verdict.
pub(super) async fn walk(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    loop {
        if state.cursor.stage != Stage::Done && context.out_of_time() {
            return Ok(Flow::OutOfTime);
        }
        let flow = match state.cursor.stage {
            Stage::Changes => changes::read(context, state).await?,
            Stage::Deletions => deletions::apply(context, state).await?,
            Stage::Verify => verify::compare(context, state).await?,
            Stage::Done => return Ok(Flow::Done),
        };
        if flow == Flow::OutOfTime {
            return Ok(flow);
        }
    }
}

/// Ends an object's run with a verdict. The cursor stays: the next run begins where this one stopped.
pub(super) async fn conclude(
    context: &Context<'_>,
    state: &mut State,
    verdict: Verdict,
) -> Outcome<Flow> {
    state.cursor.stage = Stage::Done;
    state.summary.verdict = Some(verdict);
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::Done)
}

/// Ends an object's run in which more would vanish than may: nothing of the last step is kept, so that the next run comes
/// to it again.
pub(super) async fn hold(context: &Context<'_>, state: &mut State, n: u64) -> Outcome<Flow> {
    state.rewind();
    conclude(context, state, Verdict::Held(n)).await
}

/// Ends an object's run that cannot go on.
pub(super) async fn give_up(
    context: &Context<'_>,
    state: &mut State,
    fault: &Fault,
) -> Outcome<Flow> {
    state.rewind();
    conclude(context, state, Verdict::Failed(fault.code().to_owned())).await
}
