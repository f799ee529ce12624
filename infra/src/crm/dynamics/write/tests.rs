use domain::{
    ports::{Checked, Draft, FieldProblem, Fields, Link, LinkProblem, NewRecord},
    record::{Object, RecordId},
};
use serde_json::{Value, json};

use super::{
    super::metadata::Table,
    check::check,
    details::Details,
    send::body,
    shape::{WriteShape, shape_of},
};

const ACCOUNT: &str = "6e2f5b36-0000-4000-8000-000000000001";
const CONTACT: &str = "6e2f5b36-0000-4000-8000-000000000002";
const OWNER: &str = "6e2f5b36-0000-4000-8000-000000000003";

fn shape(object: Object) -> WriteShape {
    let column = |name: &str, kind: &str| {
        json!({"LogicalName": name, "AttributeTypeName": {"Value": kind}, "AttributeOf": null,
            "IsValidForRead": true, "IsValidForCreate": true, "IsSecured": name == "new_secret"})
    };
    let columns = [
        ("name", "StringType"),
        ("subject", "StringType"),
        ("firstname", "StringType"),
        ("lastname", "StringType"),
        ("emailaddress1", "StringType"),
        ("new_assistantemail", "StringType"),
        ("telephone1", "StringType"),
        ("new_secret", "StringType"),
        ("new_basis", "StringType"),
        ("modifiedon", "DateTimeType"),
        ("contactid", "UniqueidentifierType"),
        ("ownerid", "OwnerType"),
        ("parentcustomerid", "CustomerType"),
    ];
    let columns: Vec<Value> = columns
        .iter()
        .map(|(name, kind)| column(name, kind))
        .collect();
    let table: Table = serde_json::from_value(json!({ "Attributes": columns })).unwrap();
    let navigation = |attribute: &str, target: &str, name: &str| {
        serde_json::from_value(
            json!({"ReferencingAttribute": attribute, "ReferencedEntity": target,
            "ReferencingEntityNavigationPropertyName": name}),
        )
        .unwrap()
    };
    let details = Details {
        navigations: vec![
            navigation("ownerid", "systemuser", "ownerid"),
            navigation("parentcustomerid", "account", "parentCustomerId_account"),
            navigation("parentcustomerid", "contact", "parentCustomerId_contact"),
        ],
        ..Details::default()
    };
    shape_of(object, Some(&table), details, Some("new_basis"), true)
}

fn draft(object: Object, fields: Value, links: &[(Object, &str)]) -> Draft {
    let links = links.iter().map(|(object, id)| Link {
        object: *object,
        id: RecordId::parse(id).unwrap(),
    });
    Draft {
        object,
        fields: Fields::from(fields.as_object().unwrap().clone()),
        links: links.collect(),
    }
}

fn checked(object: Object, fields: Value, links: &[(Object, &str)]) -> Checked {
    check(&shape(object), &draft(object, fields, links))
}

#[test]
fn a_lookup_of_what_is_copied_is_a_link_and_any_other_is_bound_by_its_own_name() {
    let fields =
        json!({"lastname": "Muster", "_ownerid_value": OWNER, "_parentcustomerid_value": ACCOUNT});
    let refused = checked(Object::Contact, fields, &[]).refused;
    let wanted = [(
        "_parentcustomerid_value".to_owned(),
        FieldProblem::LinkInstead,
    )];
    assert_eq!(refused, wanted);

    let fields = json!({"_ownerid_value": OWNER, "name": "Werk", "subject": null});
    let links = [(Object::Account, ACCOUNT)];
    let draft = draft(Object::Opportunity, fields, &links);
    let shape = shape(Object::Opportunity);
    let found = check(&shape, &draft);
    let record = NewRecord::cleared(&draft, &found, &[], Vec::new()).unwrap();
    let sent = serde_json::to_value(body(&shape, &record)).unwrap();
    let wanted = json!({
        "name": "Werk",
        "ownerid@odata.bind": format!("/systemusers({OWNER})"),
        "parentaccountid@odata.bind": format!("/accounts({ACCOUNT})"),
    });
    assert_eq!(sent, wanted);
}

#[test]
fn a_links_name_is_the_one_of_the_metadata_in_its_own_capitals() {
    let draft = draft(Object::Contact, json!({}), &[(Object::Account, ACCOUNT)]);
    let bound = super::links::linked(&shape(Object::Contact), &draft).bound;
    let (name, record) = &bound[0];
    assert_eq!(name, "parentCustomerId_account@odata.bind");
    assert_eq!(*record, format!("/accounts({ACCOUNT})"));
}

#[test]
fn a_task_is_about_one_record_and_a_second_link_says_so() {
    let links = [(Object::Contact, CONTACT), (Object::Account, ACCOUNT)];
    let task = checked(Object::Task, json!({"subject": "call"}), &links);
    assert_eq!(task.refused_links, [(1, LinkProblem::Taken)]);
    // Whoever is linked is named all the same.
    assert_eq!(task.people.len(), 1);
    assert_eq!(task.account.unwrap().as_str(), ACCOUNT);
    let turned = [(Object::Account, ACCOUNT), (Object::Contact, CONTACT)];
    let task = checked(Object::Task, json!({"subject": "call"}), &turned);
    assert_eq!(task.refused_links, [(0, LinkProblem::Taken)]);
    let links = [
        (Object::Task, CONTACT),
        (Object::Account, "1"),
        (Object::Account, ACCOUNT),
    ];
    let contact = checked(Object::Contact, json!({"lastname": "x"}), &links);
    let wanted = [(0, LinkProblem::NotPossible), (1, LinkProblem::NoSuchId)];
    assert_eq!(contact.refused_links, wanted);
}

#[test]
fn a_person_is_named_by_own_addresses_and_each_other_address_names_somebody() {
    let fields = json!({"firstname": "Erika", "lastname": "Muster", "emailaddress1": "erika@werk.example",
        "telephone1": "030 1234567", "new_assistantemail": "ben@werk.example"});
    let lead = checked(Object::Lead, fields, &[]);
    let person = lead.person.unwrap();
    assert_eq!(person.emails, ["erika@werk.example"]);
    assert_eq!(person.name.as_deref(), Some("Erika Muster"));
    assert_eq!(person.phones, ["030 1234567"]);
    assert_eq!(lead.others.len(), 1);
    assert_eq!(lead.missing, ["subject"]);
    assert!(lead.kept_bases.has("contract"));
    let task = checked(Object::Task, json!({"subject": "x"}), &[]);
    assert!(!task.names_somebody());
}

#[test]
fn columns_that_nobody_may_set_and_ids_are_refused_by_name() {
    let fields = json!({"lastname": "x", "new_secret": "y", "contactid": CONTACT, "new_none": 1});
    let refused = checked(Object::Contact, fields, &[]).refused;
    let wanted = [
        ("contactid".to_owned(), FieldProblem::NotCreateable),
        ("new_none".to_owned(), FieldProblem::Unknown),
        ("new_secret".to_owned(), FieldProblem::NotCreateable),
    ];
    assert_eq!(refused, wanted);
}
