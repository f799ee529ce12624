//! Holds the copy against the CRM's own count, and from time to time against its ids. The relations in the copy are held against
//! its records with the ids, and after each new version of the company database.

use crate::{
    fault::Outcome,
    ports::Count,
    sync::{
        conclude::conclude,
        context::Context,
        flow::Flow,
        holding, relations,
        state::State,
        sweep::{self, Swept},
        verdict,
    },
};

/// Counts, sweeps where the counts differ or the ids are to be compared, and comes to a verdict.
///
/// No CRM says more of its ids than the ids themselves, so a record that was missed and one that was left over would hide
/// each other from the count. Listing all ids costs a request for each 2,000: a run over few changes to many records would
/// do nothing else. Hence each run for small objects, and each week for large ones.
///
/// A CRM that does not count as of now proves nothing by its count: there only the ids do, and a run that does not compare them
/// says so.
pub(super) async fn compare(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    let count = count(context, state).await?;
    let held_back = holding::count(context, state).await?;
    let is_other = |n| !verdict::agrees(state, n, held_back);
    let is_off = state.cursor.comparison.must_sweep() || count.exact().is_some_and(is_other);
    if !is_off && !ids_are_due(context, state, count).await? {
        if relations::compare(context, state).await? == Flow::OutOfTime {
            return out_of_time(context, state).await;
        }
        if !state.cursor.comparison.must_sweep() {
            let verdict = verdict::by_count(state, count, held_back);
            return conclude(context, state, verdict).await;
        }
    }
    let verdict = match sweep::mend(context, state).await? {
        Swept::OutOfTime => return out_of_time(context, state).await,
        // So many ids that a whole slice does not list them, and nothing that speaks against the copy: the counts have to
        // do, and the summary says since when.
        Swept::TooLong if !is_off => verdict::by_count(state, count, held_back),
        Swept::TooLong => verdict::unmended(state, count, held_back),
        Swept::Mended(listed) => {
            let comparison = &mut state.cursor.comparison;
            comparison.ids_were_compared(context.last_look());
            let counted = self::count(context, state).await?.exact();
            let held_back = holding::count(context, state).await?;
            verdict::by_ids(state, counted.unwrap_or(listed), held_back)
        }
    };
    conclude(context, state, verdict).await
}

/// The CRM's count, which the summary keeps where it is one of now.
async fn count(context: &Context<'_>, state: &mut State) -> Outcome<Count> {
    let count = context.crm.count(state.object).await?;
    state.summary.crm_count = count.exact();
    Ok(count)
}

/// Leaves the comparison to the next slice, which knows by the stage that it has all its time for it.
async fn out_of_time(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::OutOfTime)
}

/// Whether it is time to compare all ids.
async fn ids_are_due(context: &Context<'_>, state: &State, count: Count) -> Outcome<bool> {
    // Where the CRM does not say how many there are, there are about as many as the copy has.
    let at_least = count.at_least().unwrap_or(state.held);
    if at_least == 0 && state.held == 0 && count.exact().is_some() {
        return has_uncounted(context, state).await;
    }
    let settings = context.slice.settings;
    let is_old = |at| context.last_look().duration_since(at) >= settings.compare_ids_every;
    Ok(at_least <= settings.compare_ids_up_to
        || state.cursor.comparison.ids_compared().is_none_or(is_old))
}

/// Whether the copy has records of an object of which it counts none. A page that was cut off before its checkpoint is stored
/// and not counted; where its records are deleted before it is read again, the counts of both sides agree at zero.
async fn has_uncounted(context: &Context<'_>, state: &State) -> Outcome<bool> {
    let mut token = None;
    loop {
        let store = &context.ports().store;
        let listed = store
            .held(context.scope(), state.object, token.as_ref())
            .await?;
        token = listed.next;
        if !listed.held.is_empty() || token.is_none() {
            return Ok(!listed.held.is_empty());
        }
    }
}
