//! How far a sync has come: the cursor of each object, and the counts that people see.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    record::{Object, RecordId},
    seal::Sealed,
    tenant::RunId,
    vanished::Decided,
};

/// A place in an object's changes, in the order (time of the last change, id). Everything up to and with it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Time of the last change, to the millisecond.
    pub at: Timestamp,
    /// The id among records of that time; none: nothing of that time is stored yet.
    pub id: Option<RecordId>,
}

/// The changes that are read in one go: after `after`, before `until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Where to begin; none: at the beginning of time.
    pub after: Option<Position>,
    /// Where to end, exclusive: the CRM's clock when the window was opened.
    pub until: Timestamp,
}

/// A connector's own mark of the page that comes next. Opaque to the rules; it may be lost by the CRM at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(pub String);

/// What a run does with an object, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Changed records and deletions that are still shown, page by page.
    Changes,
    /// Deletions that the CRM only keeps a list of.
    Deletions,
    /// The whole copy against the company database, where that has changed.
    Rematch,
    /// The whole copy against the suppressions, where those have changed.
    Withhold,
    /// What was said about deletions that are held back is carried out.
    Decided,
    /// The CRM's count against the copy's; an id sweep where they differ.
    Verify,
    /// The verdict is known.
    Done,
}

/// Where the sync of one object stands. Kept sealed: a vendor's token may hold values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// What the run is at.
    pub stage: Stage,
    /// The window that is being read, and the page in it that comes next.
    pub open: Option<(Window, Option<PageToken>)>,
    /// Where the next window begins.
    pub next: Option<Position>,
    /// The CRM's own token of where the last window ended, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<PageToken>,
    /// Where the next list of deletions begins; none: nothing was ever copied.
    pub deletions_from: Option<Timestamp>,
    /// Whether what is read cannot be in the copy yet: the first reading of a generation, as long as nothing made it
    /// begin again. Its pages need no comparison.
    pub first_reading: bool,
    /// Whether something (a list of deletions cut short) calls for an id sweep whatever the counts say.
    pub must_sweep: bool,
    /// When the copy's ids were held against the CRM's last, by a sweep or by reading all of them into an empty copy;
    /// none: never, or not yet.
    #[serde(default)]
    pub ids_compared: Option<Timestamp>,
    /// Whether the copy's relations have to be held against its records before the next verdict. The default is for cursors of
    /// before 30 November 2026: a put that was cut off could lose relations then, and nobody noticed.
    #[serde(default = "yes")]
    pub compare_relations: bool,
    /// Records that the last id sweep found missing and could not keep: that difference needs no new sweep.
    pub unkeepable: u64,
    /// Pages stored so far in this generation: marks the records that a page brought in, so that a page stored twice
    /// is counted once.
    pub pages: u64,
    /// The fields that were read last time; one that is gone is reported, a new one is fetched for all records.
    pub fields: Vec<String>,
    /// Fields that the CRM names but refused a query for: the copy is without them, and each run asks for them again.
    #[serde(default)]
    pub refused: Vec<String>,
    /// How the administrator's mapping of fields stood; empty: there was none. A new one makes all records be read again.
    #[serde(default)]
    pub mapping: String,
    /// The format that the bodies in the copy have; an older one than is written now makes all records be read and
    /// written again.
    #[serde(default)]
    pub format: u32,
    /// Whether that is being done.
    #[serde(default)]
    pub rewriting: bool,
    /// The version of the company database that all records of the copy were matched with; none: with no one version.
    #[serde(default)]
    pub matched: Option<String>,
    /// The pass over the copy that matches it with another version: which, and where it goes on.
    #[serde(default)]
    pub rematch: Option<(String, Option<String>)>,
    /// Records that the CRM has and the copy may not: those of people who were erased.
    #[serde(default)]
    pub withheld: BTreeSet<RecordId>,
    /// Records that were counted as quarantined in this run: a page, a page read again and an id sweep may all meet one.
    #[serde(default)]
    pub quarantined: BTreeSet<RecordId>,
    /// The suppressions that the copy was held against last; empty: there were none.
    #[serde(default, rename = "marks")]
    pub suppressions: String,
    /// Where holding the copy against other suppressions goes on, and how many records it has found there to keep.
    #[serde(default)]
    pub withholding: Option<(String, u64)>,
}

impl Cursor {
    /// Nothing was ever read.
    pub fn start() -> Self {
        Self {
            stage: Stage::Done,
            open: None,
            next: None,
            resume: None,
            deletions_from: None,
            first_reading: true,
            must_sweep: false,
            ids_compared: None,
            compare_relations: false,
            unkeepable: 0,
            pages: 0,
            fields: Vec::new(),
            refused: Vec::new(),
            mapping: String::new(),
            format: 0,
            rewriting: false,
            matched: None,
            rematch: None,
            withheld: BTreeSet::new(),
            quarantined: BTreeSet::new(),
            suppressions: String::new(),
            withholding: None,
        }
    }
}

fn yes() -> bool {
    true
}

/// What a run's comparison with the CRM came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The copy has as many records as the CRM, and its ids are the CRM's, but for those that are withheld: all of them
    /// were compared at [`Summary::ids_compared`], in this run where that is cheap, and within the last week otherwise.
    Verified,
    /// So many records differ.
    Drift(u64),
    /// So many deletions are held back, by this run and earlier ones, because more would have vanished in one run than the
    /// settings allow. Everything else is as the CRM has it. Somebody has to look.
    Held(u64),
    /// The object could not be synced; the fault's code.
    Failed(String),
    /// The copy follows the CRM's changes, and nothing says that it is whole: the CRM does not count, and it is not time to
    /// compare all ids.
    Unproven,
    /// The organisation does not have the object, or the connected user may not see that it does. The copy has nothing of it.
    Absent,
}

/// What a verdict of [`Verdict::Verified`] rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The CRM's own count agrees; the ids were compared at [`Summary::ids_compared`].
    Count,
    /// All ids were compared in this run.
    Ids,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Verified => f.write_str("VERIFIED"),
            Self::Drift(n) => write!(f, "DRIFT({n})"),
            Self::Held(n) => write!(f, "HELD({n})"),
            Self::Failed(code) => write!(f, "FAILED({code})"),
            Self::Unproven => f.write_str("UNPROVEN"),
            Self::Absent => f.write_str("ABSENT"),
        }
    }
}

/// What a run did with one object. Counts, codes and names of fields: nothing personal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Records the CRM sent.
    pub seen: u64,
    /// Records written to the copy: new or changed.
    pub written: u64,
    /// Records that were in the copy just so.
    pub unchanged: u64,
    /// Records taken out of the copy.
    pub deleted: u64,
    /// Records that could not be kept, each counted once.
    pub quarantined: u64,
    /// Records that the comparison with the CRM found missing, stale or left over, or found without their relations, and repaired.
    pub repaired: u64,
    /// Relations of the written records: automatic.
    pub automatic: u64,
    /// Relations of the written records: suggested.
    pub suggested: u64,
    /// Requests to the CRM.
    pub requests: u64,
    /// What the CRM counts as used of its daily quota, by its last word, and the quota.
    pub quota: Option<(u64, u64)>,
    /// Bytes of sealed bodies and pages written.
    pub sealed_bytes: u64,
    /// The CRM's count at the end.
    pub crm_count: Option<u64>,
    /// Fields that were readable last time and are not now, and those that the CRM names but refuses queries for. Records
    /// that this run wrote are without them, whatever the verdict says of their ids.
    pub vanished_fields: Vec<String>,
    /// When all ids were compared last.
    pub ids_compared: Option<Timestamp>,
    /// What the comparison came to; none: not there yet.
    pub verdict: Option<Verdict>,
    /// What the verdict rests on, where it says that the copy is whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// Up to when a run, this one or an earlier, had read the CRM that came to [`Verdict::Verified`]: how fresh the copy is.
    pub verified_at: Option<Timestamp>,
    /// Records whose relations were found to be others with a new version of the company database.
    pub rematched: u64,
    /// Records that the CRM has and the copy may not, at the end: those of people who were erased.
    pub withheld: u64,
    /// Of the deleted ones those that somebody ordered: erased people, and deletions that were held back and confirmed. They
    /// do not count towards what may vanish.
    pub by_order: u64,
    /// Deletions that are held back, by this run and earlier ones.
    pub held_back: HeldBackCounts,
    /// The answer about held-back deletions that this run carried out.
    pub decided: Option<Decided>,
    /// The code of the transient failure that the object's last try ended with; none: it did not, or the verdict is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// Deletions of an object that are held back, as far as the last comparison counted them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldBackCounts {
    /// Those that wait for an answer.
    pub waiting: u64,
    /// Those whose records somebody said to leave.
    pub left: u64,
    /// Those that this run held back.
    pub new: u64,
    /// The last run that held any back: the one that an answer has to name. None: nothing is held back.
    pub run: Option<RunId>,
    /// When the first run began that held any back.
    pub since: Option<Timestamp>,
}

impl HeldBackCounts {
    /// All of them.
    pub fn all(&self) -> u64 {
        self.waiting + self.left
    }
}

/// What the Ledger keeps of one object.
#[derive(Clone)]
pub struct Progress {
    /// The object.
    pub object: Object,
    /// The run that `summary` is about.
    pub run: RunId,
    /// The [`Cursor`], sealed.
    pub cursor: Sealed,
    /// Records in the copy.
    pub held: u64,
    /// What the run has done so far.
    pub summary: Summary,
}

/// What a finished run leaves in the Ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// The run.
    pub run: RunId,
    /// When dispatch began it.
    pub begun: Timestamp,
    /// When its last slice ended.
    pub ended: Timestamp,
    /// Per object, in the order of [`Object::ALL`].
    pub objects: Vec<(Object, Summary)>,
    /// Why it failed, where it did: a fault's code.
    pub failure: Option<String>,
}

impl RunReport {
    /// Whether at least one object was read.
    pub fn had_success(&self) -> bool {
        self.objects.iter().any(|(_, summary)| {
            let came_to_nothing =
                |verdict: &Verdict| matches!(verdict, Verdict::Failed(_) | Verdict::Absent);
            summary
                .verdict
                .as_ref()
                .is_some_and(|verdict| !came_to_nothing(verdict))
        })
    }
}

/// A record that could not be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The object.
    pub object: Object,
    /// The record's id, where that could be read.
    pub id: Option<RecordId>,
    /// What is wrong: a stable code.
    pub reason: String,
    /// The page it was on.
    pub page: u64,
}
