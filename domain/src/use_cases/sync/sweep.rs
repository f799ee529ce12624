//! Compares all ids of an object, and repairs differences: fetches missing and stale records, and takes out superfluous ones.
//!
//! It keeps 16 bytes in memory for each record of the CRM. If ids are missing, the ids are listed a second time.

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

/// The end of a sweep.
pub(super) enum Swept {
    /// It has repaired all that it could. The CRM listed this many ids.
    Mended(u64),
    /// The slice's time is up. The next slice begins with the sweep.
    OutOfTime,
    /// A whole slice is too short for it.
    TooLong,
}

/// Sixty-four bits of an id. Among a million ids, two agree once in 40 million sweeps.
fn short(id: &RecordId) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}

/// Sweeps.
pub(super) async fn mend(context: &Context<'_>, state: &mut State) -> Outcome<Swept> {
    let Some(mut theirs) = list(context, state).await? else {
        return Ok(cut_off(context, state));
    };
    let listed = theirs.len() as u64;
    let Some(ours) = compare(context, state, &mut theirs).await? else {
        return Ok(Swept::OutOfTime);
    };
    // The copy was just counted. This count replaces the stored one.
    let recount =
        i64::try_from(ours.n).unwrap_or(i64::MAX) - i64::try_from(state.held).unwrap_or(0);
    let withheld = state.cursor.withholding.withheld();
    let are_withheld =
        theirs.len() == withheld.len() && withheld.iter().all(|id| theirs.contains_key(&short(id)));
    // A sweep that was requested despite agreeing counts may have to fetch records that are no longer withheld.
    let may_be_lifted = state.cursor.comparison.must_sweep() && !withheld.is_empty();
    if recount == 0
        && are_withheld
        && !may_be_lifted
        && ours.left_over.is_empty()
        && ours.stale.is_empty()
        && ours.n_put == 0
    {
        // All missing records are withheld, and the rest agrees. So nothing has to be written.
        state.cursor.comparison.swept(0);
        return Ok(Swept::Mended(listed));
    }
    // All missing records are fetched now, including withheld ones. So those that the CRM no longer has are dropped from the list.
    state.cursor.withholding.lift_all();
    // From here on the counts may agree before all is repaired. So a slice that takes over sweeps again.
    state.cursor.comparison.ask_for_sweep();
    // The records that an interrupted sweep put have the number of the next page, and are counted here. The next page gets another
    // number. Otherwise it would count them as its own.
    state.cursor.reading.page_stored();
    state.summary.seen += ours.n_put;
    state.summary.written += ours.n_put;
    state.summary.repaired += ours.n_put;
    state.checkpoint(context, recount, &[]).await?;
    // Each checkpoint counts the records that it takes out, so the counts are right wherever the sweep is interrupted.
    for ids in ours.left_over.chunks(MAX_GONE) {
        state.summary.repaired += ids.len() as u64;
        page::take_out(context, state, 0, ids, BTreeSet::new()).await?;
    }

    let missing: HashSet<u64> = theirs.into_keys().collect();
    let before = state.summary.seen;
    let Some(unkeepable) = fetch(context, state, missing, ours.stale).await? else {
        // What was fetched is not missing any more, so the next slice comes further.
        return Ok(match state.summary.seen > before {
            true => Swept::OutOfTime,
            false => cut_off(context, state),
        });
    };
    state.cursor.comparison.swept(unkeepable);
    Ok(Swept::Mended(listed))
}

/// Returns what a sweep is that had to stop before it came anywhere.
fn cut_off(context: &Context<'_>, state: &State) -> Swept {
    match state.began == Stage::Verify && context.had_a_whole_slice() {
        true => Swept::TooLong,
        false => Swept::OutOfTime,
    }
}

/// Returns the CRM's ids in short form, with the milliseconds of their last changes. `None` if the time is up.
async fn list(context: &Context<'_>, state: &State) -> Outcome<Option<HashMap<u64, i64>>> {
    let mut theirs = HashMap::new();
    let mut token: Option<PageToken> = None;
    loop {
        if context.must_stop() {
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

/// The differences that the copy's list shows: superfluous and stale records.
#[derive(Default)]
struct Ours {
    n: u64,
    left_over: Vec<RecordId>,
    stale: Vec<RecordId>,
    /// Records that an interrupted sweep put and did not count.
    n_put: u64,
}

/// Removes the copy's ids from `theirs`, and repairs relations that differ from their records. `None` if the time is up. The deletion
/// guard holds superfluous records above its limit back as they are found, so that they do not fill the memory.
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
            // Repaired records no longer differ, so the next slice comes further.
            return Ok(None);
        }
        ours.n += listed.held.len() as u64;
        let mut held_back = Vec::new();
        for held in listed.held {
            let is_held_back = held.vanished.is_some();
            match theirs.remove(&short(&held.id)) {
                None if is_held_back => held_back.push(held.id),
                None => ours.left_over.push(held.id),
                // A record that is back is fetched. Then its deletion is no longer held back.
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

/// Fetches stale and missing records. Returns how many of the missing ones could not be kept. `None` if the CRM's share is used up: the
/// next sweep finds fewer of them. The time is not asked here, because a sweep that has listed and compared must come to its end.
async fn fetch(
    context: &Context<'_>,
    state: &mut State,
    missing: HashSet<u64>,
    stale: Vec<RecordId>,
) -> Outcome<Option<u64>> {
    for ids in stale.chunks(fetched::MOST) {
        if context.exhausted().is_some() {
            return Ok(None);
        }
        // A record that became unreadable is quarantined and stays in the copy in its older state, as if a page had brought it. Both
        // sides have it.
        fetched::store(context, state, ids).await?;
    }
    let mut unkeepable = 0;
    let mut token: Option<PageToken> = None;
    while !missing.is_empty() {
        if context.exhausted().is_some() {
            return Ok(None);
        }
        let IdPage { ids, next } = context.crm.ids(state.object, token.as_ref()).await?;
        let wanted: Vec<RecordId> = ids
            .into_iter()
            .map(|(id, _)| id)
            .filter(|id| missing.contains(&short(id)))
            .collect();
        for ids in wanted.chunks(fetched::MOST) {
            if context.exhausted().is_some() {
                return Ok(None);
            }
            unkeepable += fetched::store(context, state, ids).await?;
        }
        token = next;
        if token.is_none() {
            break;
        }
    }
    Ok(Some(unkeepable))
}
