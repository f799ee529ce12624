//! A customer's CRM, as whoever creates records sees it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fields;
use crate::{
    fault::{Code, Fault, Outcome},
    grounds::clearance::Clearance,
    people::People,
    person::Person,
    record::{MatchingAttributes, Object, RecordId},
};

/// Creating records. A connector never sends a record twice by itself, unless the CRM said that it did nothing.
#[port::port]
pub trait Writing: Send + Sync {
    /// What drafts say, whom they name, and what the CRM would not take; in the order given. Creates nothing.
    async fn check(&self, drafts: &[Draft]) -> Outcome<Vec<Checked>>;

    /// Creates records, each with a verdict, in the order given; at most [`MAX_BATCH`]. A connector whose CRM takes fewer in one
    /// request sends several: an answer that is lost costs the other requests' records nothing, and its own are
    /// [`Written::Unknown`]. A fault means that nobody knows which of them were made.
    async fn create(&self, records: &[NewRecord], duplicates: Duplicates) -> Outcome<Vec<Written>>;

    /// Lets the CRM's own rules judge the records without keeping any of them; verdicts as [`Self::create`] would give
    /// them, but that a record which would be made is [`Written::Rehearsed`].
    async fn rehearse(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>>;

    /// The records that may have been made of these, in the order given: by external id where there is one, else by what
    /// was sent, the user that we are, and the time of their creation. None: there are [`MAX_FOUND`] or more, or nothing was
    /// sent that tells the record from others.
    async fn find(&self, sought: &[Sought]) -> Outcome<Vec<Option<Vec<RecordId>>>>;

    /// How long after it was sent a request may still take effect and be found: until then a look that finds nothing proves
    /// nothing.
    fn settles(&self) -> SignedDuration;
}

/// How many records a look for one finds at most: more than a request creates, so that those of some requests leave room.
pub const MAX_FOUND: usize = 500;

/// How many records one request of ours creates.
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

/// What a connector makes of a draft.
#[derive(Clone, Default)]
pub struct Checked {
    /// What the fields say in words that every CRM shares.
    pub attributes: MatchingAttributes,
    /// The person that the record is about or names by e-mail address.
    pub person: Option<Person>,
    /// Others whom further e-mail addresses in it may be of: whoever they are, they are written to the CRM as well.
    pub others: Vec<Person>,
    /// The people that the record points at.
    pub people: Vec<(Object, RecordId)>,
    /// Accounts that the record points at. Whether they are people, too, the accounts themselves say.
    pub accounts: Vec<RecordId>,
    /// Whether the record is a person or names people, and by what they are reached, as
    /// [`Record::people`](crate::record::Record::people) will say it: by the fields that the CRM takes.
    pub reached: People,
    /// The account that the person is met at.
    pub account: Option<RecordId>,
    /// Fields that the CRM requires and the draft leaves out.
    pub missing: Vec<String>,
    /// Fields that the CRM does not take, and why.
    pub refused: Vec<(String, FieldProblem)>,
    /// Where the CRM keeps an id of ours.
    pub has_external_id: bool,
    /// Whether the CRM keeps the legal basis in the record itself.
    pub keeps_basis: bool,
}

impl Checked {
    /// Whether the record names a person: then it needs clearances.
    pub fn names_somebody(&self) -> bool {
        self.person.is_some() || !self.others.is_empty() || !self.people.is_empty()
    }
}

/// Why the CRM does not take a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldProblem {
    /// The object has no such field, or the connected user may not see it.
    Unknown,
    /// The connected user may not set it in a new record.
    NotCreateable,
    /// The value is not of the field's type, or a number beyond any field.
    WrongType,
    /// The value is longer than the field.
    TooLong,
}

/// A record that may be sent. The only way to one that names people is a [`Clearance`] for each of them.
#[derive(Clone)]
pub struct NewRecord {
    object: Object,
    fields: Fields,
    clearances: Vec<Clearance>,
    external_id: Option<String>,
}

impl NewRecord {
    /// A record of a draft, for the people whom [`Writing::check`] found it to name.
    ///
    /// # Errors
    /// Permanent, when one of `people` has no clearance: a mistake of ours, which ends here.
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

    /// The object.
    pub fn object(&self) -> Object {
        self.object
    }

    /// The fields.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The bases that the people in it are cleared by.
    pub fn clearances(&self) -> &[Clearance] {
        &self.clearances
    }

    /// Our id of the record.
    pub fn external_id(&self) -> Option<&str> {
        self.external_id.as_deref()
    }
}

/// What the CRM's own rules about duplicates are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// Refuse them.
    Refuse,
    /// Save all the same, where the rule lets us.
    Save,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// It was made.
    Created(RecordId),
    /// It would have been made.
    Rehearsed,
    /// The CRM's own rules take it for a duplicate of these.
    Duplicate {
        /// The records; none, where the rule does not name them.
        of: Vec<RecordId>,
        /// Whether the rule lets it be saved all the same.
        may_save: bool,
    },
    /// The CRM does not take it: nothing was made.
    Refused {
        /// Why.
        fault: Fault,
        /// The fields that are meant.
        fields: Vec<String>,
    },
    /// It never reached the CRM, or the CRM did nothing: nothing was made, and it may be sent again.
    NotSent(Fault),
    /// Its answer was lost: it may have been made.
    Unknown(Fault),
}

/// A record that may have been made.
pub struct Sought {
    /// What was sent.
    pub draft: Draft,
    /// Our id of it.
    pub external_id: Option<String>,
    /// When it was sent, at the earliest.
    pub since: Timestamp,
    /// Until when it can have been made.
    pub until: Timestamp,
}
