use domain::{
    ports::Fields,
    record::{Parent, RecordId},
};
use serde_json::{Value, json};

use super::{super::shape::WriteField, *};

fn checked(object: Object, createable: bool, fields: &Value) -> Checked {
    let field = |is_email| WriteField {
        kind: Some(Kind::Text),
        is_email,
        createable: true,
        required: false,
        longest: None,
        points_at_people: false,
        is_reference: false,
    };
    let names = ["LastName", "Name", "Phone", "PersonMobilePhone"];
    let emails = ["Assistant_Email__c", "Email", "PersonEmail"];
    let required = object == Object::Account;
    let all = names.map(|name| {
        let field = WriteField {
            required: required && name == "Name",
            ..field(false)
        };
        (name.to_owned(), field)
    });
    let emails = emails.map(|name| (name.to_owned(), field(true)));
    let shape = WriteShape {
        object,
        createable,
        fields: all.into_iter().chain(emails).collect(),
        external: None,
        basis: None,
    };
    let fields = Fields::from(fields.as_object().unwrap().clone());
    let links = Vec::new();
    check(
        &shape,
        &Draft {
            object,
            fields,
            links,
        },
    )
}

#[test]
fn the_own_address_says_who_it_is_and_each_other_one_names_somebody() {
    let fields = json!({"LastName": "Muster", "Email": "anna@werk.example", "Assistant_Email__c": "ben@werk.example"});
    let contact = checked(Object::Contact, true, &fields);
    assert_eq!(contact.person.unwrap().emails, ["anna@werk.example"]);
    let others: Vec<_> = contact.others.iter().map(|one| &one.emails).collect();
    assert_eq!(others, [&["ben@werk.example".to_owned()]]);
    let task = checked(
        Object::Task,
        true,
        &json!({"Assistant_Email__c": "ben@werk.example"}),
    );
    assert_eq!(task.person.unwrap().emails, ["ben@werk.example"]);
}

#[test]
fn an_account_with_a_surname_is_a_person_with_numbers_and_a_company_has_none() {
    let person = json!({"LastName": "Muster", "PersonMobilePhone": "+49 170 1234567"});
    let person = checked(Object::Account, true, &person).person.unwrap();
    assert_eq!(person.phones, ["+49 170 1234567"]);
    let company = json!({"Name": "Werk GmbH", "Phone": "+49 30 1234567"});
    assert!(!checked(Object::Account, true, &company).names_somebody());
}

#[test]
fn a_person_account_needs_no_name_of_a_company_and_a_company_does() {
    let missing = |fields| checked(Object::Account, true, &fields).missing;
    assert!(missing(json!({"LastName": "Muster"})).is_empty());
    assert_eq!(missing(json!({"Phone": "+49 30 1234567"})), ["Name"]);
}

#[test]
fn an_id_in_another_spelling_is_the_record_that_the_copy_has() {
    for id in ["001xx000003DGb2", "001XX000003DGB2AAG"] {
        let checked = checked(Object::Contact, true, &json!({"AccountId": id}));
        let spelt = RecordId::parse("001xx000003DGb2AAG").unwrap();
        assert_eq!(checked.account.as_ref(), Some(&spelt), "{id}");
        let parent = Some(Parent::named_by_id(spelt));
        assert_eq!(checked.attributes.parent, parent, "{id}");
    }
    let none = checked(
        Object::Contact,
        true,
        &json!({"AccountId": "001xx000003DGb2ABG"}),
    );
    assert_eq!(none.account.unwrap().as_str(), "001xx000003DGb2ABG");
}

#[test]
fn of_an_object_that_may_not_be_created_each_field_says_so() {
    let checked = checked(Object::Account, false, &json!({"Name": "Werk GmbH"}));
    assert_eq!(
        checked.refused,
        [("Name".to_owned(), FieldProblem::NotCreateable)]
    );
}
