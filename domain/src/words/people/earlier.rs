//! The people of records whose body does not list them. Bodies of formats before 4 are of this kind. They were written when there
//! was one connector, so the field names here are that connector's. A sync rewrites these bodies. Until then, this module errs on
//! the side of suppression.

use serde_json::{Map, Value};

use super::{People, Role};
use crate::{attributes::MatchingAttributes, object::Object};

/// Returns the people in a record, as far as its fields tell.
pub(super) fn people(
    object: Object,
    attributes: &MatchingAttributes,
    label: Option<&str>,
    fields: &str,
) -> People {
    let mut people = People::default();
    let fields = match serde_json::from_str(fields) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let is_person = match object {
        Object::Contact | Object::Lead => true,
        Object::Account => is_person_account(&fields),
        Object::Task | Object::Opportunity => false,
    };
    if !is_person {
        return people;
    }
    people.role = Role::Person;
    let is_of_an_account = fields.get("IsPersonAccount") == Some(&Value::Bool(true));
    if object != Object::Account && is_of_an_account {
        people.account = attributes.parent.as_ref().map(|parent| parent.id().clone());
    }
    people.add_name(label.unwrap_or_default());
    people.add_name(text(&fields, "AssistantName").unwrap_or_default());
    people.add_name(text(&fields, "PersonAssistantName").unwrap_or_default());
    people.add_reach(attributes.email.as_deref().unwrap_or_default());
    people.add_phones(attributes.phone.as_deref().unwrap_or_default());
    for value in fields.values().filter_map(Value::as_str) {
        people.add_reach(value);
    }
    people
}

/// Returns whether an account is a person. An organisation that has person accounts has a flag for it, and a person account has a
/// surname.
fn is_person_account(fields: &Map<String, Value>) -> bool {
    fields.get("IsPersonAccount") == Some(&Value::Bool(true)) || text(fields, "LastName").is_some()
}

fn text<'f>(fields: &'f Map<String, Value>, name: &str) -> Option<&'f str> {
    fields.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(object: Object, fields: &str) -> People {
        people(
            object,
            &MatchingAttributes::default(),
            Some("Erika Muster"),
            fields,
        )
    }

    #[test]
    fn every_address_and_number_of_a_contact_belongs_to_the_person() {
        let fields = r#"{"MobilePhone":"+49 170 1234567","Second__c":"erika@home.example","CreatedDate":"2026-11-24T00:00:00Z",
            "Zip":"10115","Description":"write to a@b.example","Amount":12345678}"#;
        let people = of(Object::Contact, fields);
        assert!(people.is_person());
        assert!(people.phones == [Box::from("+49 170 1234567")]);
        assert!(people.emails == [Box::from("erika@home.example")]);
    }

    #[test]
    fn an_account_is_a_person_if_its_fields_say_so() {
        let person = r#"{"IsPersonAccount":true,"PersonEmail":"erika@home.example","PersonMobilePhone":"+49 170 1234567"}"#;
        let person = of(Object::Account, person);
        assert!(person.is_person());
        assert!(person.emails == [Box::from("erika@home.example")]);
        assert!(of(Object::Account, r#"{"LastName":"Muster"}"#).is_person());
        for company in [
            r#"{"Name":"Werk GmbH","Email__c":"info@werk.example"}"#,
            r#"{"Name":"Werk GmbH","IsPersonAccount":false}"#,
            "{}",
            "null",
        ] {
            assert!(of(Object::Account, company) == People::default());
        }
        assert!(!of(Object::Task, r#"{"Mail":"erika@home.example"}"#).is_person());
    }
}
