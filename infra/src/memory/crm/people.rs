//! Decides which records are people.

use domain::{
    people::{People, Role},
    record::{Object, RecordId},
};

/// Returns the people of a record. Contacts and Leads are people, and so is an Account whose field `Person` is filled. `Also`
/// is the address of another person, `Assistant` the name of another person, `Same` the account that is the same
/// person, and `Copied` the contact of which the record is a copy.
pub(super) fn people<'f>(
    object: Object,
    fields: impl Iterator<Item = (&'f str, &'f str)> + Clone,
) -> People {
    let find = |name: &str| {
        let mut fields = fields.clone();
        fields.find(|(one, _)| *one == name).map(|(_, value)| value)
    };
    let mut people = People::default();
    let is_person = match object {
        Object::Contact | Object::Lead => true,
        Object::Account => find("Person").is_some(),
        Object::Task | Object::Opportunity => false,
    };
    if is_person {
        people.role = Role::Person;
        people.account = find("Same").and_then(|id| RecordId::parse(id).ok());
        people.contact = find("Copied").and_then(|id| RecordId::parse(id).ok());
        people.add_name(find("Name").unwrap_or_default());
        people.add_name(find("Assistant").unwrap_or_default());
        for (_, value) in fields {
            people.add_reach(value);
        }
    } else {
        for email in ["Email", "Also"].into_iter().filter_map(find) {
            people.role = Role::Names;
            people.add_reach(email);
        }
    }
    people
}
