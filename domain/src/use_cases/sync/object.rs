//! Takes one object through the stages of its run.

use crate::{
    fault::{Fault, Outcome},
    progress::{Stage, Verdict},
    sync::{
        associations, changes, conclude::conclude, context::Context, decided, deletions, fields,
        flow::Flow, rematch, state::State, verify, withhold,
    },
};

/// Takes an object from its current stage to its verdict.
pub(super) async fn walk(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    fields::leave_out(context, state).await?;
    loop {
        if state.cursor.stage() != Stage::Done && context.must_stop() {
            return Ok(Flow::OutOfTime);
        }
        let flow = match state.cursor.stage() {
            Stage::Changes => changes::read(context, state).await?,
            Stage::Deletions => deletions::apply(context, state).await?,
            Stage::Parents => associations::pass(context, state).await?,
            Stage::Rematch => rematch::pass(context, state).await?,
            Stage::Withhold => withhold::pass(context, state).await?,
            Stage::Decided => decided::pass(context, state).await?,
            Stage::Verify => verify::compare(context, state).await?,
            Stage::Done => return Ok(Flow::Done),
        };
        if flow == Flow::OutOfTime {
            return Ok(flow);
        }
    }
}

/// Ends an object's run that cannot go on.
pub(super) async fn give_up(
    context: &Context<'_>,
    state: &mut State,
    fault: &Fault,
) -> Outcome<Flow> {
    state.rewind();
    conclude(context, state, Verdict::Failed(fault.code().to_string())).await
}
