use std::collections::BTreeMap;

use domain::{
    people::Role,
    record::{Item, Object, OptOut, Parent, Record, RecordId},
};

use super::{
    super::{field::Kind, shape::ObjectShape},
    *,
};

const ID: &str = "6e2f5b36-0000-4000-8000-000000000001";
const OTHER: &str = "6e2f5b36-0000-4000-8000-000000000002";

fn id(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

fn shape(object: Object, columns: &[(&str, Kind)]) -> ObjectShape {
    let columns: BTreeMap<String, Kind> = columns
        .iter()
        .map(|(name, kind)| ((*name).to_owned(), *kind))
        .collect();
    ObjectShape::new(object, columns, Vec::new(), None)
}

fn of(shape: &ObjectShape, row: &str) -> Item {
    let answer = format!(r#"{{"@odata.context":"x","value":[{row}]}}"#);
    let mut all = Vec::new();
    for row in parse(answer.as_bytes()).ok().unwrap().rows {
        items(shape, row, &mut all);
    }
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn live(shape: &ObjectShape, row: &str) -> Record {
    match of(shape, row) {
        Item::Live(record) => record,
        Item::Bad { reason, .. } => panic!("{reason}: {row}"),
        Item::Gone { .. } => panic!("gone: {row}"),
    }
}

fn contact() -> ObjectShape {
    shape(
        Object::Contact,
        &[
            ("contactid", Kind::Code),
            ("modifiedon", Kind::Time),
            ("firstname", Kind::Text),
            ("lastname", Kind::Text),
            ("emailaddress1", Kind::Text),
            ("emailaddress2", Kind::Text),
            ("telephone1", Kind::Phone),
            ("donotemail", Kind::Boolean),
            ("creditlimit", Kind::Number),
            ("birthdate", Kind::Time),
            ("_parentcustomerid_value", Kind::Lookup),
            ("_ownerid_value", Kind::Lookup),
        ],
    )
}

#[test]
fn a_row_becomes_a_record_with_one_spelling_of_each_value() {
    let row = format!(
        r#"{{"@odata.etag":"W/\"536530\"","contactid":"{}","modifiedon":"2016-09-28T22:57:53Z",
        "lastname":"Muster","firstname":"Erika \"E\"","emailaddress1":"erika@werk.example","emailaddress2":null,
        "telephone1":"+49 30 1234567","donotemail":true,"creditlimit":5000000.0000,"birthdate":"1990-02-01",
        "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname":"account",
        "_parentcustomerid_value":"{OTHER}","_ownerid_value":null,"unasked":1}}"#,
        ID.to_uppercase()
    );
    let record = live(&contact(), &row);
    assert_eq!(record.id.as_str(), ID);
    assert_eq!(record.modified.to_string(), "2016-09-28T22:57:53Z");
    let fields = format!(
        r#"{{"_parentcustomerid_value":"{OTHER}","birthdate":"1990-02-01","contactid":"{}","creditlimit":5000000,"donotemail":true,"emailaddress1":"erika@werk.example","firstname":"Erika \"E\"","lastname":"Muster","modifiedon":"2016-09-28T22:57:53.000Z","telephone1":"+49 30 1234567"}}"#,
        ID.to_uppercase()
    );
    assert_eq!(&*record.fields, fields);
    assert_eq!(
        record.attributes.parent,
        Some(Parent::of(Object::Account, id(OTHER)))
    );
    assert_eq!(record.display.opt_out, [OptOut::Email]);
    assert_eq!(record.people.role, Role::Person);
    assert!(record.people.phones.contains(&"+49 30 1234567".into()));
}

#[test]
fn a_parent_has_the_table_that_the_answer_says_and_none_that_is_not_copied() {
    let row = |table: &str| {
        format!(
            r#"{{"contactid":"{ID}","modifiedon":"2016-09-28T22:57:53Z","_parentcustomerid_value":"{OTHER}",
            "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname":"{table}"}}"#
        )
    };
    let parent = |table: &str| live(&contact(), &row(table)).attributes.parent;
    assert_eq!(
        parent("contact"),
        Some(Parent::of(Object::Contact, id(OTHER)))
    );
    assert_eq!(
        parent("account"),
        Some(Parent::of(Object::Account, id(OTHER)))
    );
    assert_eq!(parent("new_project"), None);
}

#[test]
fn what_was_merged_or_deleted_is_gone_and_what_is_inactive_is_not() {
    let gone = |row: &str| match of(&contact(), row) {
        Item::Gone { id, survivor } => (id.to_string(), survivor.map(|id| id.to_string())),
        _ => panic!("{row}"),
    };
    let merged = format!(
        r#"{{"contactid":"{ID}","modifiedon":"2016-09-28T22:57:53Z","_masterid_value":"{OTHER}","merged":true,"statecode":1}}"#
    );
    assert_eq!(gone(&merged), (ID.to_owned(), Some(OTHER.to_owned())));
    for told in [ID.to_owned(), format!("contacts({ID})")] {
        let deleted = format!(
            r#"{{"@odata.context":"https://x/$metadata#contacts/$deletedEntity","id":"{told}","reason":"deleted"}}"#
        );
        assert_eq!(gone(&deleted), (ID.to_owned(), None));
    }
    let inactive = format!(
        r#"{{"contactid":"{ID}","modifiedon":"2016-09-28T22:57:53Z","statecode":1,"_masterid_value":null,"merged":false}}"#
    );
    live(&contact(), &inactive);
}

#[test]
fn a_qualified_lead_is_ended_and_belongs_to_what_it_became() {
    let lead = shape(
        Object::Lead,
        &[
            ("leadid", Kind::Code),
            ("modifiedon", Kind::Time),
            ("lastname", Kind::Text),
            ("statecode", Kind::Number),
            ("_parentaccountid_value", Kind::Lookup),
            ("_parentcontactid_value", Kind::Lookup),
        ],
    );
    let row = |state: u8| {
        format!(
            r#"{{"leadid":"{ID}","modifiedon":"2016-09-28T22:57:53Z","lastname":"Muster","statecode":{state},
            "_parentaccountid_value":"{OTHER}","_parentcontactid_value":"{ID}"}}"#
        )
    };
    let qualified = live(&lead, &row(1));
    assert_eq!(qualified.display.open, Some(false));
    assert_eq!(live(&lead, &row(0)).display.open, Some(true));
    assert_eq!(
        qualified.attributes.parent,
        Some(Parent::of(Object::Account, id(OTHER)))
    );
    assert_eq!(qualified.people.contact, Some(id(ID)));
}

#[test]
fn an_amount_has_the_code_of_its_currency() {
    let mut deal = shape(
        Object::Opportunity,
        &[
            ("opportunityid", Kind::Code),
            ("modifiedon", Kind::Time),
            ("estimatedvalue", Kind::Number),
            ("_transactioncurrencyid_value", Kind::Lookup),
        ],
    );
    let row = format!(
        r#"{{"opportunityid":"{ID}","modifiedon":"2016-09-28T22:57:53Z","estimatedvalue":1250.5000,"_transactioncurrencyid_value":"{OTHER}"}}"#
    );
    assert_eq!(live(&deal, &row).display.currency, None);
    deal.currencies.insert(id(OTHER), "EUR".into());
    let shown = live(&deal, &row).display;
    assert_eq!(shown.amount.as_deref(), Some("1250.5"));
    assert_eq!(shown.currency.as_deref(), Some("EUR"));
}

#[test]
fn a_bad_row_is_told_and_spoils_no_other() {
    for (row, reason) in [
        ("[]".to_owned(), "record.unreadable"),
        (r#"{"contactid":"7"}"#.to_owned(), "record.id_malformed"),
        (
            format!(r#"{{"contactid":"{ID}"}}"#),
            "record.time_malformed",
        ),
        (
            format!(
                r#"{{"contactid":"{ID}","modifiedon":"2016-09-28T22:57:53Z","creditlimit":"much"}}"#
            ),
            "record.field_type",
        ),
    ] {
        match of(&contact(), &row) {
            Item::Bad { reason: told, .. } => assert_eq!(told, reason, "{row}"),
            _ => panic!("{row}"),
        }
    }
}
