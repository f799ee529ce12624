//! The progress of a removal.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    asker::Asker,
    marks::{Marks, mark},
    revoked::Revoked,
    stage::Stage,
    what::{Leftover, Part, What},
};

/// The user who asked, and the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The user.
    pub by: Asker,
    /// The time.
    pub at: Timestamp,
}

/// The result of revoking the grant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Attempts begun.
    pub tries: u32,
    /// Whether the CRM confirmed it. `None` while this is not settled.
    pub confirmed: Option<bool>,
    /// The code of the fault that prevented a confirmation.
    pub code: Option<String>,
    /// The effect according to the CRM, if it is less than the end of all tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achieved: Option<Revoked>,
}

/// The state of a removal: ids, counts and times, and fingerprints of keys while these are being deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// The user who asked, and the time.
    pub asked: Asked,
    /// The stage.
    pub stage: Stage,
    /// The number of records in the copy when the removal began, by the Ledger's own count. `None` if it has not been read yet.
    pub expected: Option<u64>,
    /// The time until which an export that was begun earlier may have been writing. `None` if there was no such export, or this has
    /// not been read yet.
    #[serde(default)]
    pub exporting_until: Option<Timestamp>,
    /// The result of revoking the grant.
    pub revocation: Revocation,
    /// The number of deleted things of each kind so far.
    pub deleted: BTreeMap<What, u64>,
    /// Entries that are counted in `deleted` but may not be deleted yet, by part. This is stored before the deletion begins, so
    /// that an interrupted slice leaves nothing uncounted and nothing counted twice.
    pub open: BTreeMap<Part, Marks>,
    /// The names of the key versions that were destroyed.
    pub keys: BTreeSet<String>,
    /// The time at which the last key version was destroyed.
    pub keys_destroyed: Option<Timestamp>,
    /// The time at which everything had been deleted for the first time.
    pub swept: Option<Timestamp>,
    /// The time from which no writer can be active any more.
    pub writers_gone: Option<Timestamp>,
    /// The time at which everything had been deleted for the second time.
    pub swept_again: Option<Timestamp>,
    /// What the verification after that found, by part.
    pub left: BTreeMap<Part, u64>,
    /// The time at which the verification found nothing.
    pub verified: Option<Timestamp>,
    /// Slices begun.
    pub slices: u32,
}

impl Removal {
    /// Creates a removal of which nothing is done yet.
    pub fn begin(asked: Asked) -> Self {
        Self {
            asked,
            stage: Stage::Revoking,
            expected: None,
            exporting_until: None,
            revocation: Revocation::default(),
            deleted: BTreeMap::new(),
            open: BTreeMap::new(),
            keys: BTreeSet::new(),
            keys_destroyed: None,
            swept: None,
            writers_gone: None,
            swept_again: None,
            left: BTreeMap::new(),
            verified: None,
            slices: 0,
        }
    }

    /// Returns when it came into its stage. For [`Stage::Destroying`], which nothing notes, when it was asked for.
    pub fn in_stage_since(&self) -> Timestamp {
        let noted = match self.stage {
            Stage::Revoking | Stage::Destroying => None,
            Stage::Sweeping => self.keys_destroyed,
            Stage::Waiting => self.swept,
            Stage::SweepingAgain => self.writers_gone,
            Stage::Verifying => self.swept_again,
            Stage::Signing | Stage::Done => self.verified,
        };
        noted.unwrap_or(self.asked.at)
    }

    /// Counts entries of a part that are about to be deleted. An entry that an earlier slice counted and did not delete is not
    /// counted again.
    pub fn count(&mut self, part: Part, found: &[Leftover]) {
        let counted = self.open.remove(&part).unwrap_or_default();
        let mut marks = BTreeSet::new();
        for leftover in found {
            let mark = mark(&leftover.key);
            if !counted.0.contains(&mark) {
                *self.deleted.entry(leftover.what).or_default() += 1;
            }
            marks.insert(mark);
        }
        self.open.insert(part, Marks(marks));
    }

    /// Records that the entries counted last in a part are deleted.
    pub fn confirm(&mut self, part: Part) {
        self.open.remove(&part);
    }

    /// Estimates the end of the removal. `None` if it is over. The estimate assumes one relation for every three records, each
    /// deleted by itself.
    pub fn estimated_end(
        &self,
        now: Timestamp,
        deletes_per_second: u32,
        settle: SignedDuration,
    ) -> Option<Timestamp> {
        if self.stage == Stage::Done {
            return None;
        }
        let left = self
            .expected
            .unwrap_or_default()
            .saturating_sub(self.n_deleted(What::Record));
        let seconds = left.saturating_mul(4) / 3 / u64::from(deletes_per_second.max(1));
        let swept = self.swept.unwrap_or_else(|| {
            let work = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
            now.saturating_add(work).unwrap_or(Timestamp::MAX)
        });
        let destroyed = self.keys_destroyed.unwrap_or(now);
        let settled = destroyed.saturating_add(settle).unwrap_or(Timestamp::MAX);
        let exported = self.exporting_until.unwrap_or(now);
        Some(swept.max(settled).max(exported).max(now))
    }

    /// Returns how many things of a kind were deleted.
    pub fn n_deleted(&self, what: What) -> u64 {
        self.deleted.get(&what).copied().unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn removal() -> Removal {
        Removal::begin(Asked {
            by: Asker::stored("u-1").unwrap(),
            at: Timestamp::UNIX_EPOCH,
        })
    }

    fn found(keys: &[&str]) -> Vec<Leftover> {
        keys.iter()
            .map(|key| Leftover {
                what: What::Record,
                key: (*key).to_owned(),
            })
            .collect()
    }

    #[test]
    fn an_entry_counted_and_not_deleted_is_not_counted_again() {
        let mut removal = removal();
        removal.count(Part::Pages, &found(&["a", "b"]));
        // The slice ends, and the next one reads its state.
        let text = serde_json::to_string(&removal).unwrap();
        let mut removal: Removal = serde_json::from_str(&text).unwrap();
        removal.count(Part::Pages, &found(&["b", "c"]));
        assert_eq!(removal.n_deleted(What::Record), 3);
        removal.confirm(Part::Pages);
        removal.count(Part::Pages, &found(&["b"]));
        assert_eq!(
            removal.n_deleted(What::Record),
            4,
            "put again, and deleted again"
        );
    }

    #[test]
    fn the_estimated_end_depends_on_the_rest_and_on_the_wait() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let end = |removal: &Removal| {
            removal.estimated_end(at(1_000), 100, SignedDuration::from_secs(300))
        };
        let mut removal = removal();
        assert_eq!(end(&removal), Some(at(1_300)));
        removal.expected = Some(90_000);
        assert_eq!(end(&removal), Some(at(2_200)));
        removal.deleted.insert(What::Record, 90_000);
        removal.keys_destroyed = Some(at(900));
        assert_eq!(end(&removal), Some(at(1_200)));
        removal.exporting_until = Some(at(1_900));
        assert_eq!(
            end(&removal),
            Some(at(1_900)),
            "who writes an export is waited for"
        );
        removal.stage = Stage::Done;
        assert_eq!(end(&removal), None);
    }

    #[test]
    fn parts_are_counted_apart() {
        let mut removal = removal();
        removal.count(Part::Pages, &found(&["a"]));
        removal.count(Part::Ledger, &found(&["a"]));
        removal.count(Part::Pages, &found(&["a"]));
        assert_eq!(removal.n_deleted(What::Record), 2);
    }
}
