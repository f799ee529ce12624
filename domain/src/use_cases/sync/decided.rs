//! Carries out decisions about held-back deletions: the records are taken out of the copy, or left in it.

use crate::{
    fault::Outcome,
    ports::{Known, MAX_GONE, MAX_HELD_BACK},
    record::RecordId,
    sync::{context::Context, flow::Flow, state::State},
    vanished::{Answer, Decided, HeldBack},
};

/// Carries out the decision about an object's held-back deletions.
pub(super) async fn pass(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    if state.summary.held_back.run.is_some() {
        let (store, scope) = (&context.ports().store, context.scope());
        if let Some(decided) = store.deletions_decided(scope).await?
            && carry_out(context, state, &decided).await? == Flow::OutOfTime
        {
            return Ok(Flow::OutOfTime);
        }
    }
    state.cursor.advance();
    Ok(Flow::Done)
}

async fn carry_out(context: &Context<'_>, state: &mut State, decided: &Decided) -> Outcome<Flow> {
    let (store, scope) = (&context.ports().store, context.scope());
    let mut after = None;
    loop {
        if context.out_of_time() {
            return Ok(Flow::OutOfTime);
        }
        let (held, next) = store
            .held_back(scope, state.object, after.as_ref(), MAX_HELD_BACK)
            .await?;
        let held: Vec<HeldBack> = held
            .into_iter()
            .filter(|held| decided.concerns(held))
            .collect();
        for held in held.chunks(MAX_GONE) {
            if context.out_of_time() {
                return Ok(Flow::OutOfTime);
            }
            state.summary.decided = Some(decided.clone());
            match decided.answer {
                Answer::Confirm => take_out(context, state, held).await?,
                Answer::Leave => {
                    // The decision is noted first. So a slice that takes over has nothing left to do.
                    state.checkpoint(context, 0, &[]).await?;
                    store.leave(scope, state.object, held).await?;
                }
            }
        }
        after = next;
        if after.is_none() {
            return Ok(Flow::Done);
        }
    }
}

/// Takes confirmed records out. Only then it forgets that their deletions were held back.
async fn take_out(context: &Context<'_>, state: &mut State, held: &[HeldBack]) -> Outcome<()> {
    let (store, scope) = (&context.ports().store, context.scope());
    let ids: Vec<RecordId> = held.iter().map(|held| held.id.clone()).collect();
    let known = store.known(scope, state.object, &ids).await?;
    let gone: Vec<(RecordId, Known)> = ids
        .iter()
        .cloned()
        .zip(known)
        .filter_map(|(id, known)| Some((id, known?)))
        .collect();
    state.summary.deleted += gone.len() as u64;
    state.summary.by_order += gone.len() as u64;
    state.checkpoint(context, 0, &gone).await?;
    store.release(scope, state.object, &ids).await
}
