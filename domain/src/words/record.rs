//! Records of the customer's CRM, in types that fit every CRM.

use jiff::Timestamp;

use crate::people::People;
pub use crate::{
    attributes::{DisplayFields, MatchingAttributes, OptOut},
    object::{Object, RecordId},
    parent::Parent,
};

/// An entry of a page, as the connector parsed it.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every item is a record: a box for each would cost more than the room that the others leave empty"
)]
pub enum Item {
    /// A record as it stands in the CRM now.
    Live(Record),
    /// A record that is gone: deleted, or merged into `survivor`. A CRM may report a merge in the row of the merged record, or in
    /// the survivor's row. In the latter case the row yields one item for each merged record, beside the survivor's.
    Gone {
        /// The record that is gone.
        id: RecordId,
        /// The record into which it was merged, if the CRM tells.
        survivor: Option<RecordId>,
    },
    /// An entry that cannot be kept. It is quarantined, and the run goes on.
    Bad {
        /// Its id, if at least that could be parsed.
        id: Option<RecordId>,
        /// The problem, as a stable code without content.
        reason: &'static str,
    },
}

/// One copied instance of an object. Holds personal data: it has no `Debug` and leaves memory only sealed.
#[derive(Clone)]
pub struct Record {
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of the last change, to the millisecond.
    pub modified: Timestamp,
    /// The fields as one JSON object under the CRM's own names, without empty fields. Order and spelling depend only on the values,
    /// not on the way they were fetched, so equal records have equal text.
    pub fields: Box<str>,
    /// The matching attributes, under names that are the same for all CRMs.
    pub attributes: MatchingAttributes,
    /// The display fields, under names that are the same for all CRMs.
    pub display: DisplayFields,
    /// The people in the record.
    pub people: People,
}
