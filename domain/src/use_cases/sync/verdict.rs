//! The verdict of comparing an object with the CRM, and its proof.

use crate::{
    ports::Count,
    progress::{Proof, Verdict},
    sync::state::State,
};

/// Returns the number of records for which the copy accounts: those that it has, and those of the CRM that it may not have.
pub(super) fn ours(state: &State) -> u64 {
    state.held + state.cursor.withholding.withheld().len() as u64
}

/// Returns whether a count of the CRM agrees with the copy, of which `held_back` records are gone from the CRM.
pub(super) fn agrees(state: &State, count: u64, held_back: u64) -> bool {
    count + held_back == ours(state) + state.cursor.comparison.unkeepable()
}

/// Returns the verdict if only the counts were compared. Only an exact count proves anything.
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

/// Returns the verdict after all ids were compared and differences repaired. If the CRM changed meanwhile, the copy does not match,
/// and the next run brings the changes.
pub(super) fn by_ids(state: &mut State, now: u64, held_back: u64) -> Verdict {
    state.summary.proof = Some(Proof::Ids);
    let apart = (now + held_back).abs_diff(ours(state));
    let missing = state.cursor.comparison.unkeepable();
    of(
        held_back,
        apart.max(missing) + state.cursor.comparison.outdated(),
    )
}

/// Returns the verdict if the counts differ and a whole slice is too short to compare the ids. At least one record differs.
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

/// Held-back deletions have precedence: the next run compares the copy again in any case, but held-back deletions wait for a decision.
fn of(held_back: u64, apart: u64) -> Verdict {
    match (held_back, apart) {
        (0, 0) => Verdict::Verified,
        (0, n) => Verdict::Drift(n),
        (n, _) => Verdict::Held(n),
    }
}
