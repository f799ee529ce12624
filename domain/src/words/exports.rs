//! Exports: the file with which a controller gets its copy back (Art. 28(3)(g)), and the progress of writing it.
//!
//! An export is one file in the bucket Pages: NDJSON in gzip members, written as the parts of one multipart upload. It is the only
//! thing in the system that holds records in clear (apart from the bucket's own encryption). So it is short-lived, only an
//! administrator can get it, and a removal deletes it first.
//!
//! # To change how long exports are kept
//!
//! 1. [`OFFERED_DAYS`], and [`REMEMBERED`] with it: a row outlives its file, which the compiler holds you to.
//! 2. `template.yaml`: the lifecycle rule `exports` of the bucket Pages. `tests/template` compares the two.
//! 3. For people: the table in `infra/docs/operate.md`, which a test compares, and `CHANGELOG.md`, which none does.
//!
//! What the API says of an export, and what `facts` tells about retention, follow from these.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{record::Object, removal::Asked, tenant::ExportId};

/// How long a finished export can be downloaded. The bucket's lifecycle rule deletes it at the next midnight (UTC).
pub const OFFERED: SignedDuration = SignedDuration::from_hours(24 * OFFERED_DAYS);
/// [`OFFERED`] in days, the unit of the bucket's lifecycle rule in `template.yaml`. A test compares the two, and `facts` tells it.
pub const OFFERED_DAYS: i64 = 1;
/// How long an export's file may lie in the bucket, counted from the request: it is written, offered for [`OFFERED`], and deleted at
/// the midnight after that.
pub const LIES: SignedDuration = SignedDuration::from_hours(24 * OFFERED_DAYS + 24 + 12);
/// How long the row of an export is kept, unless a removal deletes it earlier.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(7 * 24);
// A row that goes before its file would leave a file that nobody can find.
const _: () = assert!(REMEMBERED.as_secs() > OFFERED.as_secs());
/// An order for an export counts as lost if nobody holds the lease and the export has not moved for this long.
pub const LOST: SignedDuration = SignedDuration::from_mins(2);

/// The phase of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It is being written.
    Writing,
    /// The file is complete.
    Done,
    /// It was given up. Somebody has to request a new one.
    Failed,
}

/// The progress of an export, in ids, counts and times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// The user who requested it, and the time.
    pub asked: Asked,
    /// The phase.
    pub phase: Phase,
    /// The code of the fault that ended it.
    pub failure: Option<String>,
    /// The multipart upload of the file. `None` if it has not begun.
    pub upload: Option<String>,
    /// The tags of the parts written so far, in order.
    pub parts: Vec<String>,
    /// The object, and the place among its records, at which the next part begins. `None` once everything is written.
    pub next: Option<(Object, Option<String>)>,
    /// Records written.
    pub records: u64,
    /// Relations written.
    pub relations: u64,
    /// Records left out because a person in them was erased.
    pub withheld: u64,
    /// Records left out because a sync was just moving their body.
    pub unsettled: u64,
    /// Bytes written, compressed.
    pub bytes: u64,
    /// Consecutive slices that completed no part.
    pub idle: u32,
    /// The time of its last progress.
    pub moved: Timestamp,
    /// The time at which it was finished or given up.
    pub ended: Option<Timestamp>,
}

impl Export {
    /// Creates an export of which nothing is written yet.
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

    /// Returns the time until which the file can be downloaded. `None` if there is no complete file.
    pub fn offered_until(&self) -> Option<Timestamp> {
        let ended = self.ended.filter(|_| self.phase == Phase::Done)?;
        ended.checked_add(OFFERED).ok()
    }
}

/// An export, and the time until which a slice may be writing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredExport {
    /// The export.
    pub export: Export,
    /// The deadline of the slice that holds the lease.
    pub leased_until: Option<Timestamp>,
}

impl StoredExport {
    /// Returns whether its order is lost at `now` and has to be given again.
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
            by: Asker::stored("u-1").unwrap(),
            at: at(0),
        };
        Export::begin(ExportId::begin(at(0), 1), asked)
    }

    #[test]
    fn an_order_is_given_again_only_without_a_lease_and_without_progress() {
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
        assert_eq!(export.offered_until(), Some(at(100 + OFFERED.as_secs())));
        export.phase = Phase::Failed;
        assert_eq!(export.offered_until(), None);
    }

    #[test]
    fn the_page_for_operators_says_how_long_an_export_is_offered() {
        let page = include_str!("../../../infra/docs/operate.md");
        let told = format!("offered for {} hours after it is done", OFFERED.as_hours());
        assert!(page.contains(&told), "{told}");
    }

    #[test]
    fn a_stored_export_is_read_back() {
        let mut export = export();
        export.next = Some((Object::Task, Some("3 00T1".to_owned())));
        let text = serde_json::to_string(&export).unwrap();
        assert_eq!(serde_json::from_str::<Export>(&text).unwrap(), export);
    }
}
