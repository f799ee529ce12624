//! A record on its way into a CRM: as somebody wants it, as the connector reads it, and as it may be sent.

use serde::{Deserialize, Serialize};

use super::{Fields, KeptBases};
use crate::{
    cleared::Clearance,
    fault::{Code, Fault, Outcome},
    people::People,
    person::Person,
    record::{MatchingAttributes, Object, RecordId},
};

/// A record that somebody wants to create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The object.
    pub object: Object,
    /// Its fields.
    pub fields: Fields,
    /// The records that it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// A record that a new one belongs to: a Contact's Account, the person whom a Task is about. The connector knows whether the CRM
/// keeps it in a field or beside the record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The object of the record that the new one belongs to.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
}

impl Draft {
    /// The draft in the spelling that it shares with all that say the same: numbers in one spelling, links in one order.
    #[must_use]
    pub fn in_one_spelling(&self) -> Self {
        let mut links = self.links.clone();
        links.sort_unstable();
        Self {
            object: self.object,
            fields: self.fields.in_one_spelling(),
            links,
        }
    }
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
    /// The people that the record points at, by field or by link.
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
    /// Links that the CRM does not accept, by their places in the draft, with the reasons.
    pub refused_links: Vec<(usize, LinkProblem)>,
    /// Whether the CRM has a field for an external id.
    pub has_external_id: bool,
    /// The legal bases that the CRM keeps in the record itself.
    pub kept_bases: KeptBases,
}

impl Checked {
    /// What [`Self::missing`] says if the record has to belong to another one, and the draft has no link to it.
    pub const LINKS: &str = "links";

    /// Returns whether the record names a person and so needs clearances.
    pub fn names_somebody(&self) -> bool {
        self.person.is_some() || !self.others.is_empty() || !self.people.is_empty()
    }

    /// Adds the records that a draft is linked to, to those that it points at. A person who is linked needs a clearance as
    /// much as one whom a field points at, whatever the connector makes of the link.
    pub fn add_links(&mut self, links: &[Link]) {
        for link in links {
            if link.object.is_always_a_person() {
                self.people.push((link.object, link.id.clone()));
            }
            if link.object == Object::Account {
                self.accounts.push(link.id.clone());
                self.account.get_or_insert_with(|| link.id.clone());
            }
        }
        self.people.sort_unstable();
        self.people.dedup();
        self.accounts.sort_unstable();
        self.accounts.dedup();
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
    /// The field takes only the values of a list, and this is none of them.
    NoSuchOption,
    /// The CRM sets the field itself from the record that the new one belongs to. A link says which that is.
    LinkInstead,
}

/// Why the CRM does not accept a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkProblem {
    /// Records of the object cannot belong to records of that object, or the connected user may not say so in a new record.
    NotPossible,
    /// There is room for one such link, and another one has it.
    Taken,
    /// A field of the draft names another record in the same place.
    Contradicted,
    /// No record of the CRM can have that id.
    NoSuchId,
}

/// A record that may be sent. A record that names people can be built only with a [`Clearance`] for each of them.
#[derive(Clone)]
pub struct NewRecord {
    draft: Draft,
    clearances: Vec<Clearance>,
    external_id: Option<String>,
    chosen_id: Option<RecordId>,
}

impl NewRecord {
    /// Builds a record from a draft, for the people whom [`Writing::check`](super::Writing::check) found in it.
    ///
    /// # Errors
    /// Permanent if one of `people` has no clearance, or a linked person is not among them. That would be a bug, and is stopped here.
    pub fn cleared(
        draft: &Draft,
        checked: &Checked,
        people: &[Person],
        clearances: Vec<Clearance>,
    ) -> Outcome<Self> {
        let is_cleared = |person: &Person| clearances.iter().any(|one| one.is_for(person));
        let pointed = &checked.people;
        let is_person = |link: &&Link| link.object.is_always_a_person();
        let linked = draft.links.iter().filter(is_person);
        let forgotten = linked.filter(|link| {
            let mut pointed = pointed.iter();
            !pointed.any(|(object, id)| (*object, id) == (link.object, &link.id))
        });
        let named = usize::from(checked.person.is_some()) + checked.others.len() + pointed.len();
        if people.len() < named + forgotten.count() || !people.iter().all(is_cleared) {
            return Err(Fault::of(Code::CreateNotCleared));
        }
        Ok(Self {
            draft: draft.clone(),
            clearances,
            external_id: None,
            chosen_id: None,
        })
    }

    /// Gives the record an id of ours, where the CRM has a place for it.
    #[must_use]
    pub fn with_external_id(mut self, external_id: Option<String>) -> Self {
        self.external_id = external_id;
        self
    }

    /// Chooses the CRM's own id of the record, where the CRM lets us.
    #[must_use]
    pub fn with_chosen_id(mut self, chosen_id: Option<RecordId>) -> Self {
        self.chosen_id = chosen_id;
        self
    }

    /// Returns the object.
    pub fn object(&self) -> Object {
        self.draft.object
    }

    /// Returns the fields.
    pub fn fields(&self) -> &Fields {
        &self.draft.fields
    }

    /// Returns the draft.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Returns the clearances of the people in it.
    pub fn clearances(&self) -> &[Clearance] {
        &self.clearances
    }

    /// Returns our id of the record.
    pub fn external_id(&self) -> Option<&str> {
        self.external_id.as_deref()
    }

    /// Returns the CRM's id of the record, if we chose it.
    pub fn chosen_id(&self) -> Option<&RecordId> {
        self.chosen_id.as_ref()
    }
}
