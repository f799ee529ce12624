//! The people of a row, whatever the fields are called.

use std::collections::BTreeMap;

use domain::{
    people::Role,
    record::{Item, Object, OptOut, Record},
};
use proptest::prelude::*;

use super::super::{
    super::{
        settings::Options,
        shape::{Kind, ObjectShape},
    },
    parse_csv, parse_rest,
};

const ID: &str = "001000000000001AAA";

fn shape(object: Object, fields: &[(&str, &str)]) -> ObjectShape {
    let usual = [("Id", "id"), ("SystemModstamp", "datetime")];
    let fields = usual.iter().chain(fields);
    let fields: BTreeMap<String, Kind> = fields
        .map(|(name, kind)| ((*name).to_owned(), Kind::of(kind).unwrap()))
        .collect();
    ObjectShape::new(object, fields, &Options::default()).unwrap()
}

/// Returns the record of a row with these fields, read by REST.
fn read(shape: &ObjectShape, fields: &serde_json::Value) -> Record {
    let mut row = fields.clone();
    row["Id"] = ID.into();
    row["SystemModstamp"] = "2026-11-24T09:00:00.123+0000".into();
    let page = format!(r#"{{"totalSize":1,"done":true,"records":[{row}]}}"#);
    match parse_rest(page.as_bytes(), shape).unwrap().items.pop() {
        Some(Item::Live(record)) => record,
        _ => panic!("not a live record"),
    }
}

const PERSON_ACCOUNT: [(&str, &str); 10] = [
    ("IsPersonAccount", "boolean"),
    ("Name", "string"),
    ("FirstName", "string"),
    ("MiddleName", "string"),
    ("LastName", "string"),
    ("Phone", "phone"),
    ("PersonEmail", "email"),
    ("PersonMobilePhone", "phone"),
    ("PersonAssistantName", "string"),
    ("Second_Address__pc", "string"),
];

#[test]
fn a_person_account_is_a_person_with_all_names_addresses_and_numbers() {
    let shape = shape(Object::Account, &PERSON_ACCOUNT);
    let fields = serde_json::json!({
        "IsPersonAccount": true, "Name": "Erika Anna Muster", "FirstName": "Erika", "MiddleName": "Anna",
        "LastName": "Muster", "Phone": "Tel. 030 1234567", "PersonEmail": "erika@home.example",
        "PersonMobilePhone": "+49 170 1234567", "PersonAssistantName": "Ben Beispiel",
        "Second_Address__pc": "e@other.example",
    });
    let record = read(&shape, &fields);
    let people = &record.people;
    assert_eq!(people.role, Role::Person);
    let texts = |texts: &[Box<str>]| texts.join(" | ");
    assert_eq!(
        texts(&people.names),
        "Erika Muster | Erika Anna Muster | Ben Beispiel"
    );
    assert_eq!(
        texts(&people.emails),
        "erika@home.example | e@other.example"
    );
    assert_eq!(texts(&people.phones), "+49 170 1234567 | Tel. 030 1234567");
    // Lists by e-mail address have it, too.
    assert_eq!(
        record.attributes.email.as_deref(),
        Some("erika@home.example")
    );
    let csv = format!(
        "\"Id\",\"SystemModstamp\",\"IsPersonAccount\",\"LastName\",\"PersonEmail\"\n\
         \"{ID}\",\"2026-11-24T09:00:00.123Z\",\"true\",\"Muster\",\"erika@home.example\"\n"
    );
    match parse_csv(csv.as_bytes(), &shape).unwrap().items.as_slice() {
        [Item::Live(record)] => assert!(record.people.is_person()),
        _ => panic!("not a live record"),
    }
}

#[test]
fn the_contact_of_a_person_account_is_the_same_person() {
    let fields = [
        ("IsPersonAccount", "boolean"),
        ("AccountId", "reference"),
        ("LastName", "string"),
    ];
    let shape = shape(Object::Contact, &fields);
    let account = |is_persons: bool| {
        let row = serde_json::json!({"IsPersonAccount": is_persons, "AccountId": ID, "LastName": "Muster"});
        let people = read(&shape, &row).people;
        assert!(people.is_person());
        people.account.map(|id| id.to_string())
    };
    assert_eq!(account(true).as_deref(), Some(ID));
    assert_eq!(account(false), None);
}

#[test]
fn a_company_is_nobody_and_names_whose_address_it_has() {
    let shape = shape(
        Object::Account,
        &[&PERSON_ACCOUNT[..], &[("CEO_Email__c", "email")]].concat(),
    );
    let company = serde_json::json!({"IsPersonAccount": false, "Name": "Werk GmbH", "Phone": "+49 30 1234567"});
    assert!(read(&shape, &company).people == domain::people::People::default());
    let named = serde_json::json!({"IsPersonAccount": false, "Name": "Werk GmbH", "CEO_Email__c": "erika@werk.example"});
    let people = read(&shape, &named).people;
    assert_eq!(people.role, Role::Names);
    assert!(people.emails == [Box::from("erika@werk.example")]);
}

#[test]
fn where_the_flag_cannot_be_read_a_persons_fields_say_it() {
    let shape = shape(Object::Account, &PERSON_ACCOUNT[1..]);
    let person = |fields| read(&shape, &fields).people.is_person();
    assert!(person(
        serde_json::json!({"Name": "Erika Muster", "LastName": "Muster"})
    ));
    assert!(person(
        serde_json::json!({"Second_Address__pc": "e@other.example"})
    ));
    assert!(!person(
        serde_json::json!({"Name": "Werk GmbH", "Phone": "030 1234567"})
    ));
}

proptest! {
    #[test]
    fn whatever_text_field_holds_an_address_or_number_reaches_the_person(
        field in "[A-Z][a-z]{2,9}(__c|__pc)?",
        kind in prop::sample::select(vec!["string", "textarea", "email", "phone", "url", "picklist", "combobox", "encryptedstring"]),
        object in prop::sample::select(vec![Object::Account, Object::Contact, Object::Lead]),
        local in "[a-z]{1,8}",
        number in "[1-9][0-9]{5,8}",
    ) {
        prop_assume!(!["Id", "Name"].contains(&field.as_str()));
        let is_phone = kind == "phone";
        let text = if is_phone { format!("0171 {number}") } else { format!("{local}@home.example") };
        let fields = [(field.as_str(), kind), ("LastName", "string"), ("IsPersonAccount", "boolean")];
        let shape = shape(object, &fields);
        let record = read(&shape, &serde_json::json!({field: text, "LastName": "Muster", "IsPersonAccount": true}));
        let found = if is_phone { &record.people.phones } else { &record.people.emails };
        prop_assert!(*found == [Box::from(text)]);
    }
}

#[test]
fn people_say_by_what_they_do_not_want_to_be_reached_in_whatever_object_they_are() {
    let fields = |stem: &str| {
        ["HasOptedOutOfEmail", "DoNotCall", "HasOptedOutOfFax"].map(|name| format!("{stem}{name}"))
    };
    for (object, stem) in [
        (Object::Contact, ""),
        (Object::Lead, ""),
        (Object::Account, "Person"),
    ] {
        let names = fields(stem);
        let kinds: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "boolean")).collect();
        let shape = shape(object, &kinds);
        let told = |values: [bool; 3]| {
            let values = names.iter().zip(values);
            let row: serde_json::Map<_, _> = values
                .map(|(name, value)| (name.clone(), value.into()))
                .collect();
            read(&shape, &row.into()).display.opt_out
        };
        assert_eq!(told([false, false, false]), [], "{object}");
        assert_eq!(told([true, false, false]), [OptOut::Email], "{object}");
        let all = [OptOut::Email, OptOut::Phone, OptOut::Fax];
        assert_eq!(told([true, true, true]), all, "{object}");
    }
}
