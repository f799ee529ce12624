//! The records of an object that left the copy and had children there.
//!
//! When a company is merged or deleted in the CRM, what belonged to it belongs to another company or to none. That may move no time
//! stamp, so no page brings it. Therefore each object's cursor lists its own records that left, and says how far the children have
//! followed the lists of other objects. Records on the lists are counted from the first one on, so that a position is a number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::{Object, RecordId};

/// The most records on the list of one run: a cursor is one item of the Ledger, which has at most 400 KB.
pub const MAX_DEPARTED: usize = 2_000;

/// The records of an object that left the copy and had children there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departed {
    /// Those of this run.
    #[serde(default, rename = "departed", skip_serializing_if = "Vec::is_empty")]
    now: Vec<RecordId>,
    /// Those of the run before, because children may have had their turn before they left.
    #[serde(
        default,
        rename = "departed_earlier",
        skip_serializing_if = "Vec::is_empty"
    )]
    earlier: Vec<RecordId>,
    /// The number of records that were on the list and are not any more.
    #[serde(default, rename = "departed_dropped", skip_serializing_if = "is_zero")]
    dropped: u64,
    /// Up to which number on the list of each object the children here were read again.
    #[serde(
        default,
        rename = "departed_followed",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    followed: BTreeMap<Object, u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Departed {
    /// Begins a list in place of one that was lost. `number` is larger than any on that list, so that nobody has followed this one.
    pub(super) fn begin_at(number: u64) -> Self {
        Self {
            dropped: number,
            ..Self::default()
        }
    }

    /// Begins the list of another run.
    pub(super) fn begin_run(&mut self) {
        self.dropped += self.earlier.len() as u64;
        self.earlier = std::mem::take(&mut self.now);
    }

    /// Lists records that leave. A record that this run has listed already is skipped. Too many drop the oldest ones.
    pub fn note(&mut self, ids: &[RecordId]) {
        for id in ids {
            if !self.now.contains(id) {
                self.now.push(id.clone());
            }
        }
        let surplus = self.now.len().saturating_sub(MAX_DEPARTED);
        if surplus > 0 {
            self.dropped += (self.earlier.len() + surplus) as u64;
            self.earlier.clear();
            self.now.drain(..surplus);
        }
    }

    /// Returns how many records were ever on the list.
    pub fn total(&self) -> u64 {
        self.dropped + (self.earlier.len() + self.now.len()) as u64
    }

    /// Returns the records on the list from number `from` on. `None` if some of them are not on the list any more.
    pub fn since(&self, from: u64) -> Option<Vec<RecordId>> {
        let skipped = usize::try_from(from.checked_sub(self.dropped)?).ok()?;
        let all = self.earlier.iter().chain(&self.now);
        Some(all.skip(skipped).cloned().collect())
    }

    /// Returns up to which number on another object's list the children here were read again.
    pub fn followed(&self, object: Object) -> u64 {
        self.followed.get(&object).copied().unwrap_or(0)
    }

    /// Records that the children here were read again up to this number on another object's list.
    pub fn follow(&mut self, object: Object, up_to: u64) {
        self.followed.insert(object, up_to);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn id(n: usize) -> RecordId {
        RecordId::parse(&n.to_string()).unwrap()
    }

    fn ids(range: std::ops::Range<usize>) -> Vec<RecordId> {
        range.map(id).collect()
    }

    #[test]
    fn a_list_is_there_for_its_run_and_the_next_one_and_positions_stay() {
        let mut departed = Departed::default();
        departed.note(&ids(0..3));
        departed.note(&ids(2..4));
        assert_eq!((departed.total(), departed.since(1)), (4, Some(ids(1..4))));
        departed.begin_run();
        departed.note(&[id(7)]);
        assert_eq!(departed.since(3), Some(vec![id(3), id(7)]));
        departed.begin_run();
        assert_eq!(
            (departed.total(), departed.since(4)),
            (5, Some(vec![id(7)]))
        );
        assert_eq!(
            departed.since(3),
            None,
            "who is so far behind does not know them"
        );
        assert_eq!(departed.since(5), Some(Vec::new()));
    }

    #[test]
    fn a_list_in_place_of_a_lost_one_was_followed_by_nobody() {
        let mut departed = Departed::begin_at(1_000);
        departed.note(&[id(1)]);
        assert_eq!(departed.since(1), None);
        assert_eq!(departed.since(1_000), Some(vec![id(1)]));
    }

    #[test]
    fn too_many_records_drop_the_oldest_ones() {
        let mut departed = Departed::default();
        departed.note(&ids(0..1));
        departed.begin_run();
        departed.note(&ids(1..MAX_DEPARTED + 3));
        assert_eq!(departed.total(), MAX_DEPARTED as u64 + 3);
        assert_eq!(departed.since(2), None);
        assert_eq!(departed.since(3).unwrap().len(), MAX_DEPARTED);
    }

    #[test]
    fn a_cursor_without_departed_records_is_stored_as_before() {
        assert_eq!(serde_json::to_string(&Departed::default()).unwrap(), "{}");
        let mut departed = Departed::default();
        departed.note(&[id(1)]);
        departed.follow(Object::Account, 3);
        let text = serde_json::to_string(&departed).unwrap();
        assert_eq!(serde_json::from_str::<Departed>(&text).unwrap(), departed);
    }
}
