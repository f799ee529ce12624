//! The record that another record belongs to.
//!
//! In some CRMs an id names a record of any object, and in others a company and a contact may have the same number. So a parent is
//! more than an id. Its text ([`Parent::key`]) is what bodies, digests and lookups have of it: `5` for an account, or for a record
//! that its id alone names, and `Contact/5` for any other. No id has a slash. Until 30 November 2026 a parent was its id alone. All
//! such parents were accounts, or in a CRM whose ids name records, so the same text means the same parent today, and no stored row
//! had to change.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    fault::{Fault, Outcome},
    object::{Object, RecordId},
    provider::Provider,
};

/// The record that another record belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Parent {
    /// The object, unless it is an account or the id alone names the record.
    object: Option<Object>,
    id: RecordId,
}

impl Parent {
    /// Returns the record that an id alone names, in a CRM of which no two objects share an id.
    pub fn named_by_id(id: RecordId) -> Self {
        Self { object: None, id }
    }

    /// Returns the record of an object, in a CRM of which two objects may share an id.
    pub fn of(object: Object, id: RecordId) -> Self {
        let object = Some(object).filter(|object| *object != Object::Account);
        Self { object, id }
    }

    /// Returns the id.
    pub fn id(&self) -> &RecordId {
        &self.id
    }

    /// Returns the id if the parent may be an account.
    pub fn account(&self) -> Option<&RecordId> {
        self.object.is_none().then_some(&self.id)
    }

    /// Returns the text of which bodies, digests and lookups are made.
    pub fn key(&self) -> Cow<'_, str> {
        match self.object {
            None => Cow::Borrowed(self.id.as_str()),
            Some(object) => Cow::Owned(format!("{object}/{}", self.id)),
        }
    }
}

impl TryFrom<String> for Parent {
    type Error = Fault;

    fn try_from(text: String) -> Outcome<Self> {
        match text.split_once('/') {
            None => RecordId::parse(&text).map(Self::named_by_id),
            Some((object, id)) => Ok(Self::of(Object::parse(object)?, RecordId::parse(id)?)),
        }
    }
}

impl From<Parent> for String {
    fn from(parent: Parent) -> Self {
        parent.key().into_owned()
    }
}

impl Provider {
    /// Returns a record of an object as the parent of others.
    pub fn parent(self, object: Object, id: RecordId) -> Parent {
        match self.ids_name_records() {
            true => Parent::named_by_id(id),
            false => Parent::of(object, id),
        }
    }

    /// Returns the object of a parent. `None` if only the id tells it.
    pub fn object_of(self, parent: &Parent) -> Option<Object> {
        let named = parent.object.unwrap_or(Object::Account);
        (!self.ids_name_records()).then_some(named)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn id(text: &str) -> RecordId {
        RecordId::parse(text).unwrap()
    }

    #[test]
    fn records_of_two_objects_with_one_number_are_two_parents() {
        let of = |object| Provider::HubSpot.parent(object, id("5"));
        let keys = Object::ALL.map(|object| of(object).key().into_owned());
        let wanted = ["5", "Contact/5", "Lead/5", "Task/5", "Opportunity/5"];
        assert_eq!(keys, wanted);
        for object in Object::ALL {
            assert_eq!(Provider::HubSpot.object_of(&of(object)), Some(object));
            let is_account = object == Object::Account;
            assert_eq!(of(object).account().is_some(), is_account);
        }
    }

    #[test]
    fn where_an_id_names_a_record_the_object_is_no_part_of_the_parent() {
        let of = |object| Provider::Salesforce.parent(object, id("003000000000001AAA"));
        assert_eq!(of(Object::Contact), of(Object::Account));
        assert_eq!(of(Object::Contact).key(), "003000000000001AAA");
        assert_eq!(Provider::Salesforce.object_of(&of(Object::Contact)), None);
    }

    #[test]
    fn a_parent_is_stored_as_its_text_and_read_again() {
        for object in Object::ALL {
            let parent = Parent::of(object, id("5"));
            let text = serde_json::to_string(&parent).unwrap();
            assert_eq!(text, format!("\"{}\"", parent.key()));
            assert_eq!(serde_json::from_str::<Parent>(&text).unwrap(), parent);
        }
        for wrong in ["\"\"", "\"Case/5\"", "\"Contact/\"", "\"Contact/5/6\"", "5"] {
            assert!(serde_json::from_str::<Parent>(wrong).is_err(), "{wrong}");
        }
    }
}
