//! The part of a customer's CRM that creates records.

use jiff::{SignedDuration, Timestamp};

use super::{Checked, Draft, NewRecord};
use crate::{
    fault::{Fault, Outcome},
    record::RecordId,
};

/// Creates records. A connector never sends a record twice by itself, unless the CRM said that it did nothing.
#[port::port]
pub trait Writing: Send + Sync {
    /// Returns for each draft, in the order given, its attributes, the people whom it names, and what the CRM would reject. Creates
    /// nothing.
    async fn check(&self, drafts: &[Draft]) -> Outcome<Vec<Checked>>;

    /// Creates records, at most [`MAX_BATCH`], and returns a verdict for each, in the order given. If the CRM takes fewer records
    /// in one request, the connector sends several. A lost answer then affects only the records of its own request, which are
    /// [`Written::Unknown`]. After a fault nobody knows which records were made.
    async fn create(&self, records: &[NewRecord], duplicates: Duplicates) -> Outcome<Vec<Written>>;

    /// Lets the CRM's own rules check the records without keeping any, as far as
    /// [`Creating::rehearsing`](super::Creating::rehearsing) says. The verdicts are those of [`Self::create`], except that a record to
    /// which nothing is opposed is [`Written::Rehearsed`]. A record that cannot be judged is [`Written::Unknown`], with the reason.
    async fn rehearse(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>>;

    /// Returns the records that may have been made from each of these, in the order given. They are found by the chosen id or the
    /// external id if there is one, and otherwise by the sent content, our own user and the time of creation.
    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>>;

    /// Returns how long after it was sent a request may still take effect. A lookup that finds nothing proves nothing before that
    /// time, and before its [`LookedUp::lag`] is over.
    fn settles(&self) -> SignedDuration;
}

/// The most records that a lookup for one record finds. It is more than a request creates, so there is room for the records of
/// several requests.
pub const MAX_FOUND: usize = 500;

/// The most records that one request of ours creates.
pub const MAX_BATCH: usize = 200;

/// What to do with a record that the CRM's own rules take for a duplicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// Refuse it.
    Refuse,
    /// Save it all the same, if the rule allows that.
    Save,
}

/// The outcome of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// It was made.
    Created(RecordId),
    /// It was rehearsed, and nothing is opposed to it.
    Rehearsed,
    /// The CRM's own rules take it for a duplicate of other records.
    Duplicate {
        /// The other records. Empty if the rule does not name them.
        of: Vec<RecordId>,
        /// Whether the rule allows it to be saved all the same.
        may_save: bool,
    },
    /// The CRM did not accept it. Nothing was made.
    Refused {
        /// The reason.
        fault: Fault,
        /// The invalid fields.
        fields: Vec<String>,
    },
    /// It never reached the CRM, or the CRM did nothing. Nothing was made, and it may be sent again.
    NotSent(Fault),
    /// The answer was lost. The record may have been made.
    Unknown(Fault),
}

/// The result of a lookup for one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedUp {
    /// The records that may have been made from it. `None` if there are [`MAX_FOUND`] or more, or if nothing was sent that tells
    /// the record from others.
    pub found: Option<Vec<RecordId>>,
    /// How long after its creation this lookup may miss a record. Zero if it read the records themselves, and not an index of them.
    pub lag: SignedDuration,
}

/// A record that may have been made.
pub struct Sought {
    /// The draft that was sent.
    pub draft: Draft,
    /// The external id, if it was sent with one.
    pub external_id: Option<String>,
    /// The CRM's id of it, if we chose it.
    pub chosen_id: Option<RecordId>,
    /// The earliest time at which it was sent.
    pub since: Timestamp,
    /// The latest time at which it can have been made.
    pub until: Timestamp,
}
