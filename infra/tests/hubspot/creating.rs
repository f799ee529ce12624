//! Creates records: singly and in batches, with their associations, and with a clear answer to what HubSpot does not take.

use domain::{
    legal::{Assessment, Basis, Clearance, Named, Person, Register, assessment::Purpose, clear},
    ports::{
        Checked, Crm, Draft, Duplicates, FieldProblem, Fields, Link, LinkProblem, NewRecord,
        Written,
    },
    record::{Item, Object, Parent, RecordId},
    tenant::TenantId,
};
use infra::memory::{MemoryKeys, MemoryStore};
use jiff::Timestamp;
use serde_json::{Value, json};
use simulator::hubspot::{Fault, Rule};

use super::{Account, id, options};

pub(super) fn draft(object: Object, fields: Value, links: &[(Object, &str)]) -> Draft {
    let links = links.iter().map(|(object, text)| Link {
        object: *object,
        id: id(text),
    });
    Draft {
        object,
        fields: Fields::from(fields.as_object().unwrap().clone()),
        links: links.collect(),
    }
}

pub(super) fn company(name: &str) -> Draft {
    draft(Object::Account, json!({"name": name}), &[])
}

pub(super) fn deal(name: &str, links: &[(Object, &str)]) -> Draft {
    let fields =
        json!({"dealname": name, "dealstage": "appointmentscheduled", "pipeline": "default"});
    draft(Object::Opportunity, fields, links)
}

pub(super) async fn clearance(person: &Person) -> Clearance {
    let (store, keys) = (MemoryStore::new(), MemoryKeys::new());
    let tenant = TenantId::parse("acme").unwrap();
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    let register = Register::open(&store, &keys, &tenant).await.unwrap();
    let purpose = Purpose::parse("outreach").unwrap();
    let assessment = Assessment {
        person: person.clone(),
        purpose: purpose.clone(),
        basis: Basis::Contract {
            reference: "order 17".to_owned(),
            necessity: "delivery".to_owned(),
            ended: false,
        },
        source: "the order".to_owned(),
        reviewer: "sales".to_owned(),
        assessed: "2026-09-01".parse().unwrap(),
        review: "2027-09-01".parse().unwrap(),
        template: None,
    };
    register.file(&assessment, now).await.unwrap();
    let people = &[Named::from(person.clone())];
    let cleared = clear(&store, &register, &tenant, people, &purpose, now).await;
    cleared.unwrap().remove(0).unwrap()
}

pub(super) async fn check(crm: &dyn Crm, draft: &Draft) -> Checked {
    let checked = crm.check(std::slice::from_ref(draft)).await;
    checked.unwrap().remove(0)
}

/// Returns a record that may be sent, with a clearance for everybody whom it names.
pub(super) async fn cleared(crm: &dyn Crm, draft: &Draft) -> NewRecord {
    let checked = check(crm, draft).await;
    let own = checked.person.clone().into_iter();
    let mut people: Vec<Person> = own.chain(checked.others.clone()).collect();
    for (_, id) in &checked.people {
        people.push(Person {
            emails: vec![format!("{id}@werk.example")],
            ..Person::default()
        });
    }
    let mut clearances = Vec::new();
    for person in &people {
        clearances.push(clearance(person).await);
    }
    NewRecord::cleared(draft, &checked, &people, clearances).unwrap()
}

pub(super) async fn create(crm: &dyn Crm, drafts: &[Draft]) -> Vec<Written> {
    let mut records = Vec::new();
    for draft in drafts {
        records.push(cleared(crm, draft).await);
    }
    crm.create(&records, Duplicates::Refuse).await.unwrap()
}

pub(super) fn made(written: &Written) -> RecordId {
    match written {
        Written::Created(id) => id.clone(),
        other => panic!("{other:?}"),
    }
}

pub(super) fn anna() -> Draft {
    let fields = json!({"firstname": "Anna", "lastname": "Muster", "email": "anna@werk.example", "mobilephone": "+49 170 1234567", "company": "Werk GmbH"});
    draft(Object::Contact, fields, &[])
}

#[tokio::test]
async fn each_record_belongs_to_what_it_is_linked_to_from_the_beginning() {
    let account = Account::start().await;
    let crm = account.crm();
    let werk = account.load("companies", json!({"name": "Werk GmbH"}));
    let hof = account.load("companies", json!({"name": "Hof GmbH"}));
    let ben = account.load("contacts", json!({"lastname": "Ben"}));
    let old = account.load("deals", json!({"dealname": "old"}));
    let companies = [(Object::Account, werk.as_str()), (Object::Account, &hof)];
    let contact = Draft {
        links: draft(Object::Contact, json!({}), &companies).links,
        ..anna()
    };
    let all = [(Object::Contact, ben.as_str()), (Object::Account, &werk)];
    let due = json!({"hs_timestamp": "2026-12-01T09:00:00Z", "hs_task_subject": "call"});
    let with_deal = [all[0], all[1], (Object::Opportunity, &old)];
    let lead = json!({"hs_lead_name": "Werk: new plant"});
    let drafts = [
        contact,
        deal("new", &all),
        draft(Object::Task, due, &with_deal),
        draft(Object::Lead, lead, &all),
    ];
    let written = create(&*crm, &drafts).await;
    for ((object, draft), written) in ["contacts", "deals", "tasks", "leads"]
        .iter()
        .zip(&drafts)
        .zip(&written)
    {
        let id = made(written);
        for link in &draft.links {
            let to = match link.object {
                Object::Account => "companies",
                Object::Contact => "contacts",
                _ => "deals",
            };
            let there = account.control().associated((*object, id.as_str()), to);
            assert!(
                there.unwrap().contains(&link.id.to_string()),
                "{object} {link:?}"
            );
        }
    }
    let parent = |object, written: &Written| {
        let (crm, id) = (account.crm(), made(written));
        async move { crm.parents(object, &[id]).await.unwrap().remove(0) }
    };
    assert_eq!(
        parent(Object::Opportunity, &written[1]).await,
        Some(Parent::of(Object::Account, id(&werk)))
    );
    let of_task = parent(Object::Task, &written[2]).await;
    assert_eq!(of_task, Some(Parent::of(Object::Account, id(&werk))));
    let contact = account
        .control()
        .get("contacts", made(&written[0]).as_str());
    assert_eq!(
        contact.unwrap()["associatedcompanyid"],
        werk,
        "the first one is primary"
    );
    let lead = account.control().get("leads", made(&written[3]).as_str());
    assert_eq!(lead.unwrap()["hs_primary_contact_id"], ben);
}

#[tokio::test]
async fn records_are_sent_a_hundred_at_a_time_and_told_in_their_order() {
    let account = Account::start().await;
    let crm = account.crm();
    let drafts: Vec<Draft> = (0..150).map(|n| company(&format!("Werk {n}"))).collect();
    let written = create(&*crm, &drafts).await;
    for (n, written) in written.iter().enumerate() {
        let there = account.control().get("companies", made(written).as_str());
        assert_eq!(there.unwrap()["name"], format!("Werk {n}"));
    }
    let n = account
        .control()
        .count_requests("/crm/objects/companies/batch/create");
    assert_eq!(n, 2);
}

#[tokio::test]
async fn a_person_is_read_out_of_a_draft_and_reaches_hubspot() {
    let account = Account::start().await;
    let crm = account.crm();
    let mut with_other = anna();
    let other = json!({"assistant_email": "ben@werk.example"});
    account
        .control()
        .add_property("contacts", "assistant_email", &[])
        .unwrap();
    with_other
        .fields
        .0
        .extend(draft(Object::Contact, other, &[]).fields.0);
    let checked = check(&*crm, &with_other).await;
    let person = checked.person.clone().unwrap();
    assert_eq!(person.emails, ["anna@werk.example"]);
    assert_eq!(person.phones, ["+49 170 1234567"]);
    assert_eq!(person.name.as_deref(), Some("Anna Muster"));
    assert_eq!(person.company.as_deref(), Some("Werk GmbH"));
    assert_eq!(checked.others[0].emails, ["ben@werk.example"]);
    assert!(checked.reached.is_person());
    assert_eq!(
        checked.attributes.email.as_deref(),
        Some("anna@werk.example")
    );
    assert!(NewRecord::cleared(&with_other, &checked, &[], Vec::new()).is_err());
    let written = create(&*crm, &[with_other]).await;
    let there = account
        .control()
        .get("contacts", made(&written[0]).as_str());
    assert_eq!(there.unwrap()["assistant_email"], "ben@werk.example");
}

#[tokio::test]
async fn what_hubspot_would_not_take_is_named_before_anything_is_sent() {
    let account = Account::start().await;
    account
        .control()
        .add_property("companies", "secret_no", &["sensitive"])
        .unwrap();
    account
        .control()
        .add_property("companies", "for_us", &["hidden"])
        .unwrap();
    let crm = account.crm();
    let fields = json!({
        "nme": "x", "createdate": "2026-01-01", "days_to_close": 3, "numberofemployees": "many",
        "industry": "Machinery", "city": "x".repeat(65_537), "is_public": "maybe", "for_us": "x",
        "hs_object_id": "1", "description": ["x"],
    });
    let checked = check(&*crm, &draft(Object::Account, fields, &[])).await;
    assert_eq!(checked.missing, ["name"]);
    let named: Vec<_> = checked
        .refused
        .iter()
        .map(|(name, why)| (name.as_str(), *why))
        .collect();
    use FieldProblem::{NoSuchOption, NotCreateable, TooLong, Unknown, WrongType};
    let expected = [
        ("city", TooLong),
        ("createdate", NotCreateable),
        ("days_to_close", NotCreateable),
        ("description", WrongType),
        ("for_us", NotCreateable),
        ("hs_object_id", NotCreateable),
        ("industry", NoSuchOption),
        ("is_public", WrongType),
        ("nme", Unknown),
        ("numberofemployees", WrongType),
    ];
    assert_eq!(named, expected);
    let lead = draft(Object::Lead, json!({"hs_lead_name": "x"}), &[]);
    assert_eq!(check(&*crm, &lead).await.missing, [Checked::LINKS]);
    let task = draft(
        Object::Task,
        json!({}),
        &[(Object::Account, "12a"), (Object::Task, "12")],
    );
    let checked = check(&*crm, &task).await;
    assert_eq!(checked.missing, ["hs_timestamp"]);
    let links = [(0, LinkProblem::NoSuchId), (1, LinkProblem::NotPossible)];
    assert_eq!(checked.refused_links, links);
}

#[tokio::test]
async fn a_property_that_mirrors_a_link_is_refused_for_the_link() {
    let account = Account::start().await;
    let crm = account.crm();
    let werk = account.load("companies", json!({"name": "Werk GmbH"}));
    let mut contact = anna();
    let mirror = json!({"associatedcompanyid": werk});
    contact
        .fields
        .0
        .extend(draft(Object::Contact, mirror, &[]).fields.0);
    let refused = check(&*crm, &contact).await.refused;
    let named = [("associatedcompanyid".to_owned(), FieldProblem::LinkInstead)];
    assert_eq!(refused, named);
    let mirrors =
        json!({"hs_lead_name": "x", "hs_primary_contact_id": "1", "hs_primary_company_id": werk});
    let lead = draft(Object::Lead, mirrors, &[(Object::Account, &werk)]);
    let refused = check(&*crm, &lead).await.refused;
    let named = ["hs_primary_company_id", "hs_primary_contact_id"];
    assert_eq!(
        refused,
        named.map(|name| (name.to_owned(), FieldProblem::LinkInstead))
    );
    // The link sets it.
    let linked = Draft {
        links: draft(Object::Contact, json!({}), &[(Object::Account, &werk)]).links,
        ..anna()
    };
    let made = made(&create(&*crm, &[linked]).await[0]);
    let there = account.control().get("contacts", made.as_str()).unwrap();
    assert_eq!(there["associatedcompanyid"], werk);
}

#[tokio::test]
async fn the_longest_value_that_hubspot_takes_is_created_and_copied_whole() {
    let account = Account::start().await;
    let crm = account.crm();
    let longest = "ä".repeat(65_536);
    let with = |text: &str| {
        let fields = json!({"name": "Werk", "description": text});
        draft(Object::Account, fields, &[])
    };
    let too_long = check(&*crm, &with(&format!("{longest}ä"))).await.refused;
    assert_eq!(
        too_long,
        [("description".to_owned(), FieldProblem::TooLong)]
    );
    assert_eq!(check(&*crm, &with(&longest)).await.refused, []);
    let id = made(&create(&*crm, &[with(&longest)]).await[0]);
    let items = crm.fetch(Object::Account, &[id]).await.unwrap();
    let [Item::Live(record)] = &items[..] else {
        panic!("it is not kept");
    };
    let fields: Value = serde_json::from_str(&record.fields).unwrap();
    assert_eq!(fields["description"], longest);
}

#[tokio::test]
async fn without_the_scope_or_sales_hub_no_property_can_be_set() {
    let account = Account::start().await;
    account.control().set_sales_hub(false);
    let scopes = [
        "oauth",
        "crm.objects.companies.read",
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
    ];
    account.control().set_scopes(&scopes);
    let crm = account.crm();
    for draft in [
        company("Werk"),
        draft(Object::Lead, json!({"hs_lead_name": "x"}), &[]),
    ] {
        let checked = check(&*crm, &draft).await;
        let refused = checked.refused.iter().map(|(_, why)| *why);
        assert_eq!(refused.collect::<Vec<_>>(), [FieldProblem::NotCreateable]);
    }
    assert!(check(&*crm, &anna()).await.refused.is_empty());
    let rights = crm.rights(Object::Account).await.unwrap().unwrap();
    assert!(!rights.create && rights.read);
    let address = rights.fields.iter().find(|field| field.name == "address");
    assert_eq!(address.unwrap().label.as_deref(), Some("Street Address"));
}

#[tokio::test]
async fn a_record_that_is_there_already_is_named() {
    let account = Account::start().await;
    let crm = account.crm();
    let there = account.load("contacts", json!({"email": "anna@werk.example"}));
    let duplicate = Written::Duplicate {
        of: vec![id(&there)],
        may_save: false,
    };
    assert_eq!(create(&*crm, &[anna()]).await[0], duplicate);
    let ben = draft(Object::Contact, json!({"email": "ben@werk.example"}), &[]);
    let written = create(&*crm, &[ben, anna()]).await;
    made(&written[0]);
    assert_eq!(written[1], duplicate);
    assert_eq!(account.control().counts()["contacts"].live, 2);
}

#[tokio::test]
async fn what_hubspot_refuses_costs_the_others_nothing_and_names_the_field() {
    let account = Account::start().await;
    account
        .control()
        .add_property("companies", "old", &[])
        .unwrap();
    let crm = account.crm();
    let mut records = Vec::new();
    for (name, field) in [("first", "city"), ("second", "old"), ("third", "city")] {
        let fields = json!({"name": name, field: "x"});
        records.push(cleared(&*crm, &draft(Object::Account, fields, &[])).await);
    }
    // It goes between the check and the creation.
    account
        .control()
        .add_property("companies", "old", &["archived"])
        .unwrap();
    let written = crm.create(&records, Duplicates::Refuse).await.unwrap();
    let Written::Refused { fault, fields } = &written[1] else {
        panic!("{written:?}");
    };
    assert_eq!(fault.code().to_string(), "hubspot.property_doesnt_exist");
    assert_eq!(fields, &["old"]);
    made(&written[0]);
    made(&written[2]);
    // By itself it is told the same.
    let alone = crm
        .create(&records[1..2], Duplicates::Refuse)
        .await
        .unwrap();
    assert_eq!(alone[0], written[1]);
    assert_eq!(account.control().counts()["companies"].live, 2);
}

#[tokio::test]
async fn an_administrators_rule_names_the_property_that_it_wants() {
    let account = Account::start().await;
    let rule = Rule {
        object: "companies".to_owned(),
        property: "city".to_owned(),
        when: None,
    };
    account.control().set_rules(vec![rule]);
    let mut newest = options();
    newest.version = "2026-09".to_owned();
    let crm = account.crm_with(newest);
    let written = create(&*crm, &[company("Werk")]).await;
    let Written::Refused { fault, fields } = &written[0] else {
        panic!("{written:?}");
    };
    assert_eq!(
        fault.code().to_string(),
        "hubspot.missing_required_property"
    );
    assert_eq!(fields, &["city"]);
}

fn spoil(account: &Account, path: &str, fault: Fault) {
    account.control().spoil(path, 1, fault);
}

#[tokio::test]
async fn a_batch_that_is_refused_as_a_whole_is_sent_record_by_record() {
    let account = Account::start().await;
    let crm = account.crm();
    let fault = Fault::Error {
        status: 400,
        code: "VALIDATION_ERROR".to_owned(),
        message: "Invalid input JSON".to_owned(),
        retry_after: None,
    };
    spoil(&account, "/crm/objects/companies/batch/create", fault);
    let written = create(&*crm, &[company("first"), company("second")]).await;
    written.iter().for_each(|one| {
        made(one);
    });
    assert_eq!(account.control().counts()["companies"].live, 2);
}

#[tokio::test]
async fn a_throttled_creation_was_not_sent_and_may_be_sent_again() {
    let account = Account::start().await;
    let crm = account.crm();
    for (name, n) in [
        ("limit_ten_secondly", 1),
        ("locked_423", 2),
        ("migrating_477", 1),
    ] {
        account.spoil("/crm/objects/companies", 1, name);
        let drafts: Vec<Draft> = (0..n).map(|n| company(&format!("Werk {n}"))).collect();
        for one in create(&*crm, &drafts).await {
            assert!(
                matches!(&one, Written::NotSent(fault) if fault.is_transient()),
                "{name} {one:?}"
            );
        }
    }
    assert_eq!(account.control().counts()["companies"].live, 0);
    made(&create(&*crm, &[company("Werk")]).await[0]);
}
