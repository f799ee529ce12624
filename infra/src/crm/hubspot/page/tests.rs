use std::collections::BTreeMap;

use domain::{
    people::Role,
    record::{Item, Object, OptOut, Parent, Record, RecordId},
};

use super::{
    super::{field::Kind, shape::ObjectShape},
    *,
};

fn shape(object: Object, names: &[&str]) -> ObjectShape {
    let kind = |name: &str| match name {
        "phone" | "mobilephone" => Kind::Phone,
        "createdate"
        | "lastmodifieddate"
        | "hs_lastmodifieddate"
        | "hs_timestamp"
        | "closedate" => Kind::Time,
        "amount" | "hs_is_closed" | "associatedcompanyid" | "hs_object_id" => Kind::Code,
        _ => Kind::Text,
    };
    let names = names.iter();
    let properties: BTreeMap<String, Kind> =
        names.map(|name| ((*name).to_owned(), kind(name))).collect();
    ObjectShape::new(object, properties, Vec::new(), None)
}

fn of(shape: &ObjectShape, row: &str) -> Vec<Item> {
    let answer = format!(r#"{{"results":[{row}]}}"#);
    let mut all = Vec::new();
    for row in parse(answer.as_bytes()).ok().unwrap().rows {
        items(shape, row, &Parents::default(), &mut all);
    }
    all
}

fn live(shape: &ObjectShape, row: &str) -> Record {
    match of(shape, row).into_iter().next() {
        Some(Item::Live(record)) => record,
        _ => panic!("{row}"),
    }
}

fn gone(items: &[Item]) -> Vec<(String, Option<String>)> {
    let gone = items.iter().filter_map(|item| match item {
        Item::Gone { id, survivor } => {
            Some((id.to_string(), survivor.as_ref().map(ToString::to_string)))
        }
        _ => None,
    });
    gone.collect()
}

const CONTACT: [&str; 11] = [
    "associatedcompanyid",
    "company",
    "createdate",
    "email",
    "firstname",
    "hs_additional_emails",
    "hs_merged_object_ids",
    "hs_calculated_merged_vids",
    "lastmodifieddate",
    "lastname",
    "phone",
];

#[test]
fn a_contact_is_a_person_who_is_reached_by_each_of_its_addresses() {
    let record = live(
        &shape(Object::Contact, &CONTACT),
        r#"{"id":"512","properties":{"email":"erika@werk.example","hs_additional_emails":"e.muster@home.example;info@muster.example",
            "firstname":"Erika","lastname":"Muster","phone":"030 1234567","company":"Werk GmbH","associatedcompanyid":"9",
            "lastmodifieddate":"2026-11-24T09:00:00.123Z","createdate":"2026-01-01T00:00:00Z","unknown":"x"},
            "createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-11-24T09:00:00.123Z","archived":false}"#,
    );
    assert_eq!(record.people.role, Role::Person);
    let emails: Vec<&str> = record.people.emails.iter().map(|one| &**one).collect();
    assert_eq!(
        emails,
        [
            "erika@werk.example",
            "e.muster@home.example",
            "info@muster.example"
        ]
    );
    assert!(record.people.names == [Box::from("Erika Muster")]);
    assert!(record.people.phones == [Box::from("030 1234567")]);
    let parent = record.attributes.parent.as_ref();
    assert_eq!(parent.map(Parent::key).as_deref(), Some("9"));
    assert_eq!(record.attributes.company.as_deref(), Some("Werk GmbH"));
    assert_eq!(record.display.label.as_deref(), Some("Erika Muster"));
    assert_eq!(record.modified.to_string(), "2026-11-24T09:00:00.123Z");
    // Times have one spelling, and properties that were not requested are not kept.
    assert!(
        record
            .fields
            .contains(r#""createdate":"2026-01-01T00:00:00.000Z""#)
    );
    assert!(!record.fields.contains("unknown"));
}

#[test]
fn a_property_that_is_null_or_empty_or_left_out_is_not_there() {
    let shape = shape(Object::Contact, &CONTACT);
    let with = |more: &str| {
        let stamp = r#""lastmodifieddate":"2026-11-24T09:00:00.000Z""#;
        let row = format!(r#"{{"id":"1","properties":{{{stamp}{more}}}}}"#);
        live(&shape, &row).fields
    };
    let none = with("");
    assert_eq!(with(r#","email":null,"phone":"""#), none);
    assert_eq!(*none, *r#"{"lastmodifieddate":"2026-11-24T09:00:00.000Z"}"#);
}

#[test]
fn a_lead_is_the_person_whose_data_was_copied_into_it() {
    const LEAD: [&str; 7] = [
        "hs_associated_contact_email",
        "hs_associated_contact_firstname",
        "hs_associated_contact_lastname",
        "hs_lastmodifieddate",
        "hs_lead_name",
        "hs_primary_company_id",
        "hs_primary_contact_id",
    ];
    let shape = shape(Object::Lead, &LEAD);
    let stamp = r#""hs_lastmodifieddate":"2026-11-24T09:00:00.000Z""#;
    let record = live(
        &shape,
        &format!(
            r#"{{"id":"1","properties":{{{stamp},"hs_associated_contact_email":"erika@werk.example",
                "hs_associated_contact_firstname":"Erika","hs_associated_contact_lastname":"Muster",
                "hs_primary_company_id":"9","hs_primary_contact_id":"5"}}}}"#
        ),
    );
    assert_eq!(record.people.role, Role::Person);
    assert!(record.people.names == [Box::from("Erika Muster")]);
    assert_eq!(record.people.contact, RecordId::parse("5").ok());
    // Leads that were copied by a release which did not see the contact are read again.
    assert!(shape.told().version > 0);
    let parent = record.attributes.parent.as_ref();
    assert_eq!(parent.map(Parent::key).as_deref(), Some("9"));
    let without_company = r#"{"id":"1","properties":{STAMP,"hs_primary_contact_id":"5"}}"#;
    let record = live(&shape, &without_company.replace("STAMP", stamp));
    let parent = record.attributes.parent.as_ref();
    assert_eq!(parent.map(Parent::key).as_deref(), Some("Contact/5"));
    let nobody = live(
        &shape,
        &format!(r#"{{"id":"1","properties":{{{stamp},"hs_lead_name":"New halls"}}}}"#),
    );
    assert_eq!(nobody.people.role, Role::Nobody);
}

#[test]
fn a_company_names_people_by_its_properties_for_addresses_alone() {
    let names = [
        "description",
        "hs_lastmodifieddate",
        "invoice_email",
        "name",
    ];
    let shape = shape(Object::Account, &names);
    let stamp = r#""hs_lastmodifieddate":"2026-11-24T09:00:00.000Z""#;
    let row = |more: &str| {
        live(
            &shape,
            &format!(r#"{{"id":"1","properties":{{{stamp},"name":"Werk"{more}}}}}"#),
        )
    };
    assert_eq!(row("").people.role, Role::Nobody);
    assert_eq!(
        row(r#","description":"a@b.example""#).people.role,
        Role::Nobody
    );
    let named = row(r#","invoice_email":"erika@werk.example""#);
    assert_eq!(named.people.role, Role::Names);
    assert!(named.people.emails == [Box::from("erika@werk.example")]);
}

#[test]
fn a_survivor_names_those_that_were_merged_into_it_in_either_form() {
    let shape = shape(Object::Contact, &CONTACT);
    let stamp = r#""lastmodifieddate":"2026-11-24T09:00:00.000Z""#;
    let merged = |more: &str| {
        let row = format!(r#"{{"id":"512","properties":{{{stamp},{more}}}}}"#);
        gone(&of(&shape, &row))
    };
    let to = |ids: &[&str]| -> Vec<_> {
        let ids = ids.iter();
        ids.map(|id| ((*id).to_owned(), Some("512".to_owned())))
            .collect()
    };
    // The survivor keeps its id. It may be in its own list, and a contact has both lists.
    let both = r#""hs_merged_object_ids":"7;512","hs_calculated_merged_vids":"7:1719839000000;8:1719839000001""#;
    assert_eq!(merged(both).len(), 2);
    for (id, survivor) in merged(both) {
        assert!(["7", "8"].contains(&&*id) && survivor.as_deref() == Some("512"));
    }
    // The survivor has a new id, so both earlier ones are named.
    assert_eq!(merged(r#""hs_merged_object_ids":"7;9""#), to(&["7", "9"]));
    assert_eq!(merged(r#""hs_merged_object_ids":"x;../7;""#), []);
}

#[test]
fn a_bad_row_spoils_no_other_and_says_what_is_wrong() {
    let shape = shape(Object::Contact, &CONTACT);
    let good = r#"{"id":"1","properties":{"lastmodifieddate":"2026-11-24T09:00:00.000Z"}}"#;
    let odd = |row: &str, reason: &str| {
        let all = of(&shape, &format!("{row},{good}"));
        assert_eq!(all.len(), 2, "{row}");
        match (&all[0], &all[1]) {
            (Item::Bad { reason: told, .. }, Item::Live(_)) => assert_eq!(*told, reason, "{row}"),
            _ => panic!("{row}"),
        }
    };
    odd("7", "record.unreadable");
    odd(r#"{"properties":{}}"#, "record.unreadable");
    for id in ["", "12a", "-1", "../1", "1/merge", "123456789012345678901"] {
        odd(
            &format!(r#"{{"id":"{id}","properties":{{}}}}"#),
            "record.id_malformed",
        );
    }
    odd(r#"{"id":"7","properties":{}}"#, "record.time_malformed");
    let long = "x".repeat(600_000);
    let row = format!(
        r#"{{"id":"7","properties":{{"lastmodifieddate":"2026-11-24T09:00:00.000Z","company":"{long}"}}}}"#
    );
    odd(&row, "record.field_too_large");
    let row = r#"{"id":"7","properties":{"lastmodifieddate":"2026-11-24T09:00:00.000Z","associatedcompanyid":"../1"}}"#;
    odd(row, "record.parent_malformed");
}

#[test]
fn a_longest_text_is_kept_as_it_is() {
    let shape = shape(Object::Contact, &CONTACT);
    let text = "ä\\\"\\n".repeat(16_384);
    let row = format!(
        r#"{{"id":"7","properties":{{"lastmodifieddate":"2026-11-24T09:00:00.000Z","company":"{text}"}}}}"#
    );
    let fields: BTreeMap<String, String> =
        serde_json::from_str(&live(&shape, &row).fields).unwrap();
    assert_eq!(fields["company"].chars().count(), 49_152);
}

#[test]
fn an_archived_row_is_gone_whatever_was_asked() {
    let all = of(
        &shape(Object::Contact, &CONTACT),
        r#"{"id":"7","properties":{},"archived":true,"archivedAt":"2026-11-24T09:00:00.000Z"}"#,
    );
    assert_eq!(gone(&all), [("7".to_owned(), None)]);
}

#[test]
fn a_matter_says_whether_it_is_open_and_when_it_is_due() {
    let deal = shape(
        Object::Opportunity,
        &[
            "amount",
            "closedate",
            "dealname",
            "hs_is_closed",
            "hs_lastmodifieddate",
        ],
    );
    let row = |closed: &str| {
        format!(
            r#"{{"id":"1","properties":{{"hs_lastmodifieddate":"2026-11-24T09:00:00.000Z","dealname":"Halls",
                "closedate":"2026-12-01T15:00:00Z","amount":"12000.50","hs_is_closed":{closed}}}}}"#
        )
    };
    let open = live(&deal, &row(r#""false""#)).display;
    assert_eq!(
        (open.open, open.due.as_deref()),
        (Some(true), Some("2026-12-01"))
    );
    assert_eq!(open.amount.as_deref(), Some("12000.50"));
    // The value is a boolean and not a text.
    assert_eq!(live(&deal, &row("true")).display.open, Some(false));
    let task = shape(Object::Task, &["hs_lastmodifieddate", "hs_task_status"]);
    let row = |status: &str| {
        format!(
            r#"{{"id":"1","properties":{{"hs_lastmodifieddate":"2026-11-24T09:00:00.000Z","hs_task_status":"{status}"}}}}"#
        )
    };
    assert_eq!(live(&task, &row("COMPLETED")).display.open, Some(false));
    assert_eq!(live(&task, &row("WAITING")).display.open, Some(true));
}

#[test]
fn a_contact_says_by_what_e_mail_it_does_not_want_to_be_reached() {
    let names = [
        "hs_email_optout",
        "hs_email_optout_4711",
        "hs_email_optout_survey_reason",
        "lastmodifieddate",
    ];
    let contact = shape(Object::Contact, &names);
    let told = |properties: &str| {
        let row = format!(
            r#"{{"id":"1","properties":{{"lastmodifieddate":"2026-11-24T09:00:00.000Z",{properties}}}}}"#
        );
        live(&contact, &row).display.opt_out
    };
    let all = r#""hs_email_optout":"true","hs_email_optout_4711":"true""#;
    assert_eq!(told(all), [OptOut::Email]);
    let some = r#""hs_email_optout":"false","hs_email_optout_4711":"true""#;
    assert_eq!(told(some), [OptOut::SomeEmail]);
    for none in [
        r#""hs_email_optout":"false","hs_email_optout_4711":null"#,
        r#""hs_email_optout":"","hs_email_optout_survey_reason":"true""#,
    ] {
        assert_eq!(told(none), [], "{none}");
    }
}

#[test]
fn an_answer_says_whether_more_follows_and_its_links_are_not_followed() {
    let more = r#"{"total":12000,"results":[],"paging":{"next":{"after":"200","link":"https://evil.example/x"}}}"#;
    let listing = parse(more.as_bytes()).ok().unwrap();
    assert_eq!(
        (listing.more, listing.after, listing.total),
        (true, Some(200), Some(12_000))
    );
    let last = parse(br#"{"results":[]}"#).ok().unwrap();
    assert!(!last.more && last.total.is_none());
    assert!(last.beside.without_trouble().is_ok());
    let nulls = br#"{"results":[],"paging":null,"total":null,"errors":null}"#;
    assert!(!parse(nulls).ok().unwrap().more);
    let row = r#"{"id":"1","properties":null,"archived":null,"associations":null,"updatedAt":"2026-11-24T09:00:00.000Z"}"#;
    live(
        &shape(Object::Account, &["name", "hs_lastmodifieddate"]),
        row,
    );
    for odd in ["", "[]", "{}", "<html>", r#"{"results":{}}"#] {
        assert!(parse(odd.as_bytes()).is_err(), "{odd}");
    }
}
