//! Compares all ids of an object, and mends what differs: fetches what is missing or stale, takes out what is left over.
//!
//! Memory holds 16 bytes for each record of the CRM; ids themselves are listed a second time where some are missing.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
};

use crate::{
    fault::Outcome,
    ports::{IdPage, MAX_GONE},
    progress::{PageToken, Stage},
    record::RecordId,
    sync::{context::Context, departed, fetched, holding, page, relations, state::State},
};

/// How a sweep ended.
pub(super) enum Swept {
    /// All that could be mended is. The CRM listed so many ids.
    Mended(u64),
    /// The slice's time is up; the next one begins with the sweep.
    OutOfTime,
    /// A whole slice is too short for it.
    TooLong,
}

/// Sixty-four bits of an id: two of a million ids agree once in 40 million sweeps.
fn short(id: &RecordId) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}

/// Sweeps.
pub(super) async fn mend(context: &Context<'_>, state: &mut State) -> Outcome<Swept> {
    let Some(mut theirs) = list(context, state).await? else {
        return Ok(if state.began == Stage::Verify {
            Swept::TooLong
        } else {
            Swept::OutOfTime
        });
    };
    let listed = theirs.len() as u64;
    let Some(ours) = compare(context, state, &mut theirs).await? else {
        return Ok(Swept::OutOfTime);
    };
    // The copy was just counted: that is the truth, whatever was noted.
    let recount =
        i64::try_from(ours.n).unwrap_or(i64::MAX) - i64::try_from(state.held).unwrap_or(0);
    let withheld = state.cursor.withholding.withheld();
    let are_withheld =
        theirs.len() == withheld.len() && withheld.iter().all(|id| theirs.contains_key(&short(id)));
    // A sweep that is asked for whatever the counts say may be for the sake of what is withheld no longer.
    let may_be_lifted = state.cursor.comparison.must_sweep() && !withheld.is_empty();
    if recount == 0
        && are_withheld
        && !may_be_lifted
        && ours.left_over.is_empty()
        && ours.stale.is_empty()
        && ours.n_put == 0
    {
        // What is missing is withheld, and all else is as it should be: that costs no write.
        state.cursor.comparison.swept(0);
        return Ok(Swept::Mended(listed));
    }
    // All that is missing is fetched now, what is withheld among it: what the CRM no longer has drops out so.
    state.cursor.withholding.lift_all();
    // From here on the counts may agree before all is mended: whoever takes over a sweep that was cut off sweeps again.
    state.cursor.comparison.ask_for_sweep();
    // What such a sweep had put carries the number of the page that comes next, and is counted here: the page that
    // comes next gets another number, or it would count it as its own.
    state.cursor.reading.page_stored();
    state.summary.seen += ours.n_put;
    state.summary.written += ours.n_put;
    state.summary.repaired += ours.n_put;
    state.checkpoint(context, recount, &[]).await?;
    // Each checkpoint counts what it takes out, wherever the sweep is cut off.
    for ids in ours.left_over.chunks(MAX_GONE) {
        state.summary.repaired += ids.len() as u64;
        page::take_out(context, state, 0, ids, BTreeSet::new()).await?;
    }

    let missing: HashSet<u64> = theirs.into_keys().collect();
    let unkeepable = fetch(context, state, missing, ours.stale).await?;
    state.cursor.comparison.swept(unkeepable);
    Ok(Swept::Mended(listed))
}

/// The CRM's ids in short, with the milliseconds of their last changes; none: out of time.
async fn list(context: &Context<'_>, state: &State) -> Outcome<Option<HashMap<u64, i64>>> {
    let mut theirs = HashMap::new();
    let mut token: Option<PageToken> = None;
    loop {
        if context.out_of_time() {
            return Ok(None);
        }
        let IdPage { ids, next } = context.crm.ids(state.object, token.as_ref()).await?;
        theirs.extend(
            ids.iter()
                .map(|(id, modified)| (short(id), modified.as_millisecond())),
        );
        token = next;
        if token.is_none() {
            return Ok(Some(theirs));
        }
    }
}

/// What the copy has that the CRM has not, or has newer.
#[derive(Default)]
struct Ours {
    n: u64,
    left_over: Vec<RecordId>,
    stale: Vec<RecordId>,
    /// Records that a sweep put which was cut off before it could count them.
    n_put: u64,
}

/// Takes out of `theirs` what the copy has, and mends relations that are not those of their records; none: out of time. Left-over
/// ids beyond what may vanish are held back as they are found, so that they do not add up in memory.
async fn compare(
    context: &Context<'_>,
    state: &mut State,
    theirs: &mut HashMap<u64, i64>,
) -> Outcome<Option<Ours>> {
    let mut ours = Ours::default();
    let mut token = None;
    loop {
        let store = &context.ports().store;
        let listed = store
            .held(context.scope(), state.object, token.as_ref())
            .await?;
        let n_mended = relations::mend(context, state, &listed).await?;
        if n_mended > 0 && context.out_of_time() {
            // What is mended shows no difference any more: the next slice comes further.
            return Ok(None);
        }
        ours.n += listed.held.len() as u64;
        let mut held_back = Vec::new();
        for held in listed.held {
            let is_held_back = held.vanished.is_some();
            match theirs.remove(&short(&held.id)) {
                None if is_held_back => held_back.push(held.id),
                None => ours.left_over.push(held.id),
                // A record that is there again is fetched: no longer is anything held back then.
                Some(changed) if is_held_back || changed > held.modified.as_millisecond() => {
                    ours.stale.push(held.id);
                }
                Some(_) => ours.n_put += u64::from(held.page == state.cursor.reading.pages()),
            }
        }
        let n_left_over = ours.left_over.len();
        if n_left_over > 0 && holding::holds_back(context, state, n_left_over).await? {
            departed::note(context, state, &ours.left_over).await?;
            held_back.append(&mut ours.left_over);
        }
        holding::hold_back(context, state, &held_back).await?;
        token = listed.next;
        if token.is_none() {
            state.cursor.comparison.relations_were_compared();
            return Ok(Some(ours));
        }
    }
}

/// Fetches what is stale and what is missing; answers how many of the missing could not be kept.
async fn fetch(
    context: &Context<'_>,
    state: &mut State,
    missing: HashSet<u64>,
    stale: Vec<RecordId>,
) -> Outcome<u64> {
    for ids in stale.chunks(fetched::MOST) {
        // One that became unreadable stays in the copy as it was, like one that a page brings: it is quarantined, and both sides have it.
        fetched::store(context, state, ids).await?;
    }
    let mut unkeepable = 0;
    let mut token: Option<PageToken> = None;
    while !missing.is_empty() {
        let IdPage { ids, next } = context.crm.ids(state.object, token.as_ref()).await?;
        let wanted: Vec<RecordId> = ids
            .into_iter()
            .map(|(id, _)| id)
            .filter(|id| missing.contains(&short(id)))
            .collect();
        for ids in wanted.chunks(fetched::MOST) {
            unkeepable += fetched::store(context, state, ids).await?;
        }
        token = next;
        if token.is_none() {
            break;
        }
    }
    Ok(unkeepable)
}
