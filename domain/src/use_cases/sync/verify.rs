//! Compares the copy with the CRM's own count, and from time to time with its ids. The relations in the copy are compared with the
//! records together with the ids, and after each new version of the company database.

use crate::{
    fault::Outcome,
    ports::{Count, Counting},
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

/// Compares the counts. Compares the ids, too, if the counts differ or if the comparison is due. Then decides on the verdict.
///
/// Agreeing counts alone can hide an error, if one record was missed and another was left over. A list of all ids costs a request
/// for each 2,000 of them, which would be most of the work in a run with few changes to many records. Therefore the ids of small
/// objects are compared in each run, and those of large objects each week.
///
/// The count of a CRM that does not count as of now proves nothing. There only the ids do, and a run that does not compare them says
/// so in its verdict.
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
        // A whole slice cannot list all ids, and nothing speaks against the copy. So the counts decide, and the summary says since
        // when the ids were not compared.
        Swept::TooLong if !is_off => verdict::by_count(state, count, held_back),
        Swept::TooLong => verdict::unmended(state, count, held_back),
        Swept::Mended(listed) => {
            let comparison = &mut state.cursor.comparison;
            comparison.ids_were_compared(context.last_look());
            let counted = if counting(context, state).may_be_exact() {
                self::count(context, state).await?.exact()
            } else {
                None
            };
            let held_back = holding::count(context, state).await?;
            verdict::by_ids(state, counted.unwrap_or(listed), held_back)
        }
    };
    conclude(context, state, verdict).await
}

/// Returns the CRM's count. The summary keeps it if it is a current count. A late count can only show that so many records vanished
/// that the ids can be compared in each run. Where they are compared anyway, it is not requested.
async fn count(context: &Context<'_>, state: &mut State) -> Outcome<Count> {
    let is_large = state.held > context.slice.settings.compare_ids_up_to;
    let count = match counting(context, state) {
        Counting::Late if !is_large => Count::Unknown,
        _ => context.crm.count(state.object).await?,
    };
    state.summary.crm_count = count.exact();
    Ok(count)
}

fn counting(context: &Context<'_>, state: &State) -> Counting {
    context.crm.abilities().reading(state.object).counting
}

/// Leaves the comparison to the next slice. The stage tells that slice that it has all of its time for the comparison.
async fn out_of_time(context: &Context<'_>, state: &mut State) -> Outcome<Flow> {
    state.checkpoint(context, 0, &[]).await?;
    Ok(Flow::OutOfTime)
}

/// Returns whether the comparison of all ids is due.
async fn ids_are_due(context: &Context<'_>, state: &State, count: Count) -> Outcome<bool> {
    // Without a count of the CRM, the copy's own count is a good estimate.
    let at_least = count.at_least().unwrap_or(state.held);
    if at_least == 0 && state.held == 0 && count.exact().is_some() {
        return has_uncounted(context, state).await;
    }
    let settings = context.slice.settings;
    let is_old = |at| context.last_look().duration_since(at) >= settings.compare_ids_every;
    Ok(at_least <= settings.compare_ids_up_to
        || state.cursor.comparison.ids_compared().is_none_or(is_old))
}

/// Returns whether the copy has records of an object whose own count is zero. A page that was interrupted before its checkpoint is
/// stored and not counted. If its records are deleted before it is read again, both counts agree at zero.
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
