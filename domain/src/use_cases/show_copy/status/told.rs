//! The status of a company, as it is told.

use jiff::Timestamp;
use matching::{CompanyId, RelationStatus};

use crate::record::{Object, OptOut, RecordId};

/// Whether a company is in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InCrm {
    /// A record is that company, by an automatic relation or by a user's decision.
    Yes,
    /// A record may be that company. A user has to decide.
    Perhaps,
    /// No record is that company.
    No,
}

/// A record that is related to a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedRecord {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
    /// The relation's status.
    pub status: RelationStatus,
    /// The relation's score.
    pub score: u16,
    /// The opt-outs of the person that it is.
    pub opt_out: Vec<OptOut>,
}

/// A company's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyStatus {
    /// The company.
    pub company: CompanyId,
    /// Whether it is in the CRM.
    pub in_crm: InCrm,
    /// Its records, the strongest relation first.
    pub records: Vec<RelatedRecord>,
    /// The total number of its records.
    pub n_records: usize,
    /// The CRM's id of its owner: the owner of the strongest record that has one.
    pub owner: Option<Box<str>>,
    /// Opportunities that are not closed.
    pub open_opportunities: usize,
    /// Tasks that are not done.
    pub open_tasks: usize,
    /// Whether there are more records than were counted, so that the counts are too low.
    pub is_partial: bool,
    /// The day of the last activity in the copy, `2026-11-24`.
    pub last_activity: Option<Box<str>>,
    /// The time at which the oldest part of this response was last confirmed.
    pub confirmed: Option<Timestamp>,
}
