//! Which verdict the comparison of an object with the CRM comes to, and what the verdict rests on.

use crate::{
    ports::Count,
    progress::{Proof, Verdict},
    sync::state::State,
};

/// What the copy accounts for: what it has, and what the CRM has and the copy may not.
pub(super) fn ours(state: &State) -> u64 {
    state.held + state.cursor.withholding.withheld().len() as u64
}

/// Whether a count of the CRM's agrees with the copy, of which `held_back` records are gone from the CRM.
pub(super) fn agrees(state: &State, count: u64, held_back: u64) -> bool {
    count + held_back == ours(state) + state.cursor.comparison.unkeepable()
}

/// The verdict where the counts were compared, and the ids were not: only an exact count proves anything.
pub(super) fn by_count(state: &mut State, count: Count, held_back: u64) -> Verdict {
    match count.exact() {
        Some(_) => {
            state.summary.proof = Some(Proof::Count);
            of(held_back, unkept(state))
        }
        None if held_back > 0 => Verdict::Held(held_back),
        None => Verdict::Unproven,
    }
}

/// The verdict after all ids were compared and mended. What changed in the CRM meanwhile is the next run's matter, but then the
/// copy is no match.
pub(super) fn by_ids(state: &mut State, now: u64, held_back: u64) -> Verdict {
    state.summary.proof = Some(Proof::Ids);
    let apart = (now + held_back).abs_diff(ours(state));
    let missing = state.cursor.comparison.unkeepable();
    of(
        held_back,
        apart.max(missing) + state.cursor.comparison.outdated(),
    )
}

/// The verdict where the counts differ and a whole slice is too short to compare the ids: at least one record differs.
pub(super) fn unmended(state: &State, count: Count, held_back: u64) -> Verdict {
    let apart = count
        .exact()
        .map_or(1, |n| (n + held_back).abs_diff(ours(state)));
    of(held_back, apart.max(1))
}

/// The records that the copy lacks, or has in an older state, because they could not be kept.
fn unkept(state: &State) -> u64 {
    let comparison = &state.cursor.comparison;
    comparison.unkeepable() + comparison.outdated()
}

/// Deletions that are held back come first: the next run looks for a difference again, but held-back deletions wait for somebody.
fn of(held_back: u64, apart: u64) -> Verdict {
    match (held_back, apart) {
        (0, 0) => Verdict::Verified,
        (0, n) => Verdict::Drift(n),
        (n, _) => Verdict::Held(n),
    }
}
