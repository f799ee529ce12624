//! Exports: what a controller is given back of its copy (Art. 28(3)(g)), and how far the writing of each has come.
//!
//! An export is one file in the bucket Pages, NDJSON in gzip members, written in parts of one multipart upload. It is the
//! one thing in the house that holds records in clear (the bucket's own encryption apart), so it has a short life, is
//! nobody's but an administrator's, and is the first that a removal deletes.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{record::Object, removal::Asked, tenant::ExportId};

/// How long a finished export is offered; the bucket's lifecycle rule deletes it at the midnight (UTC) after.
pub const OFFERED: SignedDuration = SignedDuration::from_hours(24);
/// How long the row of an export is kept that nobody removes before.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(7 * 24);
/// An order for an export that nobody is at work on and that has not moved for so long is taken to be lost.
pub const LOST: SignedDuration = SignedDuration::from_mins(2);

/// What an export is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It is being written.
    Writing,
    /// The file is whole.
    Done,
    /// It was given up: somebody has to ask again.
    Failed,
}

/// How far an export has come. Ids, counts and times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// Who asked, and when.
    pub asked: Asked,
    /// What it is at.
    pub phase: Phase,
    /// Why it was given up: a fault's code.
    pub failure: Option<String>,
    /// The upload that the file is written by; none: not begun.
    pub upload: Option<String>,
    /// What each part that is written is known by, in their order.
    pub parts: Vec<String>,
    /// The object, and the place among its records, that the next part begins at; none: everything is written.
    pub next: Option<(Object, Option<String>)>,
    /// Records written.
    pub records: u64,
    /// Relations written.
    pub relations: u64,
    /// Records left out, since a person in them was erased.
    pub withheld: u64,
    /// Records left out, since their body was on its way: a sync is at work on them.
    pub unsettled: u64,
    /// Bytes written, compressed.
    pub bytes: u64,
    /// Slices in a row that came to no part.
    pub idle: u32,
    /// When it moved last.
    pub moved: Timestamp,
    /// When it was done, or given up.
    pub ended: Option<Timestamp>,
}

impl Export {
    /// Nothing is written yet.
    pub fn begin(id: ExportId, asked: Asked) -> Self {
        Self {
            id,
            moved: asked.at,
            asked,
            phase: Phase::Writing,
            failure: None,
            upload: None,
            parts: Vec::new(),
            next: Object::ALL.first().map(|object| (*object, None)),
            records: 0,
            relations: 0,
            withheld: 0,
            unsettled: 0,
            bytes: 0,
            idle: 0,
            ended: None,
        }
    }

    /// Until when the file is offered; none: it is not there yet, or never will be.
    pub fn offered_until(&self) -> Option<Timestamp> {
        let ended = self.ended.filter(|_| self.phase == Phase::Done)?;
        ended.checked_add(OFFERED).ok()
    }
}

/// An export, and until when somebody may be writing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredExport {
    /// The export.
    pub export: Export,
    /// The deadline of whoever has its lease.
    pub leased_until: Option<Timestamp>,
}

impl StoredExport {
    /// Whether its order has to be given again at `now`.
    pub fn is_stuck(&self, now: Timestamp) -> bool {
        let is_idle = self.leased_until.is_none_or(|until| until <= now);
        self.export.phase == Phase::Writing
            && is_idle
            && now.duration_since(self.export.moved) >= LOST
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::removal::Asker;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn export() -> Export {
        let asked = Asked {
            by: Asker::opaque("u-1").unwrap(),
            at: at(0),
        };
        Export::begin(ExportId::begin(at(0), 1), asked)
    }

    #[test]
    fn an_order_is_given_again_only_where_nobody_is_at_work_and_nothing_moves() {
        let stuck = |leased_until: Option<i64>, now| {
            let leased_until = leased_until.map(at);
            let export = export();
            StoredExport {
                export,
                leased_until,
            }
            .is_stuck(at(now))
        };
        assert!(!stuck(None, 60));
        assert!(stuck(None, 120));
        assert!(!stuck(Some(900), 899));
        assert!(stuck(Some(900), 900));
    }

    #[test]
    fn a_file_is_offered_for_a_day_once_it_is_whole() {
        let mut export = export();
        assert_eq!(export.offered_until(), None);
        export.ended = Some(at(100));
        assert_eq!(export.offered_until(), None, "it is still being written");
        export.phase = Phase::Done;
        assert_eq!(export.offered_until(), Some(at(100 + 86_400)));
        export.phase = Phase::Failed;
        assert_eq!(export.offered_until(), None);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let mut export = export();
        export.next = Some((Object::Task, Some("3 00T1".to_owned())));
        let text = serde_json::to_string(&export).unwrap();
        assert_eq!(serde_json::from_str::<Export>(&text).unwrap(), export);
    }
}
