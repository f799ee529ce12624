//! The legal bases of people, noted in the CRM beside the records that were made of them.

use super::Written;
use crate::{
    fault::Outcome,
    grounds::clearance::ClearedBy,
    record::{Object, RecordId},
};

/// A part of [`Crm`](super::Crm). Like records, notes are never sent twice by a connector itself, unless the CRM said that it
/// did nothing.
#[port::port]
pub trait Bases: Send + Sync {
    /// Whether the CRM has a place for them where the connected user may write.
    async fn has_bases(&self) -> Outcome<bool>;

    /// Notes bases, each with a verdict, in the order given; at most [`super::MAX_BATCH`]. A fault means that nobody knows
    /// which of them were noted.
    async fn note_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<Written>>;

    /// Whether each of these is noted, in the order given.
    async fn find_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<bool>>;
}

/// What a record's person was cleared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasisOf {
    /// The record's object.
    pub object: Object,
    /// The record.
    pub id: RecordId,
    /// What cleared the person.
    pub by: ClearedBy,
}
