//! The part of a customer's CRM that creates records.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fields;
use crate::{
    cleared::Clearance,
    fault::{Code, Fault, Outcome},
    people::People,
    person::Person,
    record::{MatchingAttributes, Object, RecordId},
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

    /// Lets the CRM's own rules check the records without keeping any. The verdicts are those of [`Self::create`], except that a
    /// record that would be made is [`Written::Rehearsed`].
    async fn rehearse(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>>;

    /// Returns the records that may have been made from each of these, in the order given. They are found by external id if there
    /// is one, and otherwise by the sent content, our own user and the time of creation. `None` if there are [`MAX_FOUND`] or more,
    /// or if nothing was sent that tells the record from others.
    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<Option<Vec<RecordId>>>>;

    /// Returns how long after it was sent a request may still take effect and become visible. A lookup that finds nothing before
    /// that time proves nothing.
    fn settles(&self) -> SignedDuration;
}

/// The most records that a lookup for one record finds. It is more than a request creates, so there is room for the records of
/// several requests.
pub const MAX_FOUND: usize = 500;

/// The most records that one request of ours creates.
pub const MAX_BATCH: usize = 200;

/// A record that somebody wants to create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The object.
    pub object: Object,
    /// Its fields.
    pub fields: Fields,
}

/// The connector's reading of a draft.
#[derive(Clone, Default)]
pub struct Checked {
    /// The matching attributes.
    pub attributes: MatchingAttributes,
    /// The person that the record is, or that it names by e-mail address.
    pub person: Option<Person>,
    /// Other people to whom further e-mail addresses in it may belong. They are written to the CRM as well.
    pub others: Vec<Person>,
    /// The people that the record points at.
    pub people: Vec<(Object, RecordId)>,
    /// Accounts that the record points at. The accounts themselves tell whether they are people.
    pub accounts: Vec<RecordId>,
    /// The people in the record, as [`Record::people`](crate::record::Record::people) will list them, derived from the fields that
    /// the CRM accepts.
    pub reached: People,
    /// The account of the person.
    pub account: Option<RecordId>,
    /// Fields that the CRM requires and the draft leaves out.
    pub missing: Vec<String>,
    /// Fields that the CRM does not accept, with the reasons.
    pub refused: Vec<(String, FieldProblem)>,
    /// Whether the CRM has a field for an external id.
    pub has_external_id: bool,
    /// Whether the CRM keeps the legal basis in the record itself.
    pub keeps_basis: bool,
}

impl Checked {
    /// Returns whether the record names a person and so needs clearances.
    pub fn names_somebody(&self) -> bool {
        self.person.is_some() || !self.others.is_empty() || !self.people.is_empty()
    }
}

/// Why the CRM does not accept a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldProblem {
    /// The object has no such field, or the connected user may not see it.
    Unknown,
    /// The connected user may not set the field in a new record.
    NotCreateable,
    /// The value has another type than the field, or is a number that no field can hold.
    WrongType,
    /// The value is longer than the field.
    TooLong,
}

/// A record that may be sent. A record that names people can be built only with a [`Clearance`] for each of them.
#[derive(Clone)]
pub struct NewRecord {
    object: Object,
    fields: Fields,
    clearances: Vec<Clearance>,
    external_id: Option<String>,
}

impl NewRecord {
    /// Builds a record from a draft, for the people whom [`Writing::check`] found in it.
    ///
    /// # Errors
    /// Permanent if one of `people` has no clearance. That would be a bug, and is stopped here.
    pub fn cleared(
        draft: &Draft,
        checked: &Checked,
        people: &[Person],
        clearances: Vec<Clearance>,
    ) -> Outcome<Self> {
        let is_cleared = |person: &Person| clearances.iter().any(|one| one.is_for(person));
        let named =
            usize::from(checked.person.is_some()) + checked.others.len() + checked.people.len();
        if people.len() < named || !people.iter().all(is_cleared) {
            return Err(Fault::of(Code::CreateNotCleared));
        }
        Ok(Self {
            object: draft.object,
            fields: draft.fields.clone(),
            clearances,
            external_id: None,
        })
    }

    /// Gives the record an id of ours, where the CRM has a place for it.
    #[must_use]
    pub fn with_external_id(mut self, external_id: Option<String>) -> Self {
        self.external_id = external_id;
        self
    }

    /// Returns the object.
    pub fn object(&self) -> Object {
        self.object
    }

    /// Returns the fields.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Returns the clearances of the people in it.
    pub fn clearances(&self) -> &[Clearance] {
        &self.clearances
    }

    /// Returns the external id.
    pub fn external_id(&self) -> Option<&str> {
        self.external_id.as_deref()
    }
}

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
    /// It would have been made.
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

/// A record that may have been made.
pub struct Sought {
    /// The draft that was sent.
    pub draft: Draft,
    /// The external id.
    pub external_id: Option<String>,
    /// The earliest time at which it was sent.
    pub since: Timestamp,
    /// The latest time at which it can have been made.
    pub until: Timestamp,
}
