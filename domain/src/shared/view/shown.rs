//! An opened record, as it is displayed.

use jiff::Timestamp;
use matching::{CompanyId, Evidence, RelationStatus};
use serde_json::value::RawValue;

use crate::{
    people::People,
    record::{DisplayFields, MatchingAttributes, Object, RecordId},
    suppressed::Subject,
    vanished::Vanished,
};

/// An opened record. It holds personal data, so it has no `Debug`.
pub struct Shown {
    /// Its object.
    pub object: Object,
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of the record's last change.
    pub modified: Timestamp,
    /// The time at which this state of the record came into the copy.
    pub copied: Option<Timestamp>,
    /// The time at which this state was last confirmed. `None` if no run was verified yet.
    pub confirmed: Option<Timestamp>,
    /// The object of the parent. `None` if there is no parent, or if its id alone names it.
    pub parent_object: Option<Object>,
    /// The matching attributes.
    pub attributes: MatchingAttributes,
    /// The display fields.
    pub display: DisplayFields,
    /// The people in it. `None` if its body is of a format that did not list them.
    pub people: Option<People>,
    /// The relations, the strongest first.
    pub relations: Vec<ShownRelation>,
    /// The fields under the CRM's own names.
    pub fields: Box<RawValue>,
    /// The state of the record's deletion in the CRM, if it is held back.
    pub vanished: Option<Vanished>,
    /// The names of fields that were left out because the response would be too large.
    pub omitted: Vec<String>,
}

impl Shown {
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject {
            object: self.object,
            id: &self.id,
            attributes: &self.attributes,
            display: &self.display,
            people: self.people.as_ref(),
            fields: self.fields.get(),
        }
    }
}

/// A relation, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRelation {
    /// The company.
    pub company: CompanyId,
    /// Its status.
    pub status: RelationStatus,
    /// Its score in thousandths.
    pub score: u16,
    /// The evidence, the heaviest first. Empty if a user linked the company by hand.
    pub evidence: Vec<Evidence>,
}
