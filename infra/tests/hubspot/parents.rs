//! The companies that records belong to.

use super::*;

fn parent(record: &Record) -> Option<&str> {
    record.attributes.parent.as_ref().map(RecordId::as_str)
}

#[tokio::test]
async fn a_deal_belongs_to_its_primary_company_whichever_way_it_is_read() {
    let account = Account::start().await;
    let companies: Vec<String> = (0..3)
        .map(|n| account.load("companies", json!({ "name": format!("Werk {n}") })))
        .collect();
    let deal = account.load("deals", json!({ "dealname": "Halls" }));
    let alone = account.load("deals", json!({ "dealname": "Alone" }));
    let control = account.control();
    for company in &companies {
        control
            .associate(("deals", &deal), ("companies", company), false)
            .unwrap();
    }
    control
        .associate(("deals", &deal), ("companies", &companies[2]), true)
        .unwrap();
    account.advance(SignedDuration::from_secs(1));
    let crm = account.crm();
    let first = live(items(&*crm, Object::Opportunity, &since(&account, None)).await);
    let ids = [id(&deal), id(&alone)];
    let fetched = live(crm.fetch(Object::Opportunity, &ids).await.unwrap());
    for all in [first, fetched] {
        assert_eq!(parent(&all[&deal]), Some(&*companies[2]));
        assert_eq!(parent(&all[&alone]), None);
    }
}

#[tokio::test]
async fn a_task_belongs_to_its_company_and_never_to_a_contact_of_the_same_number() {
    let account = Account::start().await;
    let company = account.load("companies", json!({ "name": "Werk" }));
    let contact = account.load("contacts", json!({ "lastname": "Muster" }));
    assert_eq!(company, contact, "ids are unique within an object only");
    let subject = json!({ "hs_task_subject": "Call", "hs_timestamp": "2026-12-01T09:00:00Z" });
    let (at_company, at_contact) = (
        account.load("tasks", subject.clone()),
        account.load("tasks", subject),
    );
    let control = account.control();
    control
        .associate(("tasks", &at_company), ("companies", &company), false)
        .unwrap();
    control
        .associate(("tasks", &at_contact), ("contacts", &contact), false)
        .unwrap();
    account.advance(SignedDuration::from_secs(1));
    let all = live(items(&*account.crm(), Object::Task, &since(&account, None)).await);
    assert_eq!(parent(&all[&at_company]), Some(&*company));
    assert_eq!(parent(&all[&at_contact]), None);
}

#[tokio::test]
async fn a_company_that_is_set_moved_or_removed_is_answered_though_no_time_stamp_moves() {
    let account = Account::start().await;
    let (deal, other) = (
        account.load("deals", json!({ "dealname": "Halls" })),
        account.load("deals", json!({ "dealname": "Other" })),
    );
    let companies: Vec<String> = (0..2)
        .map(|n| account.load("companies", json!({ "name": format!("Werk {n}") })))
        .collect();
    let crm = account.crm();
    let before = account.control().get("deals", &deal).unwrap();
    let asked = [id("nobody"), id(&other), id(&deal)];
    let mut linked: Option<&String> = None;
    for company in companies.iter().map(Some).chain([None]) {
        if let Some(linked) = linked {
            let ends = (("deals", &*deal), ("companies", &**linked));
            account.control().dissociate(ends.0, ends.1).unwrap();
        }
        if let Some(company) = company {
            let ends = (("deals", &*deal), ("companies", &**company));
            account.control().associate(ends.0, ends.1, true).unwrap();
        }
        linked = company;
        let parents = crm.parents(Object::Opportunity, &asked).await.unwrap();
        let wanted = company.map(|company| id(company));
        assert_eq!(parents, [None, None, wanted]);
    }
    let stamp = "hs_lastmodifieddate";
    let after = account.control().get("deals", &deal).unwrap();
    assert_eq!(before[stamp], after[stamp], "no time stamp moves");
}

#[tokio::test]
async fn a_page_of_associations_that_ends_too_early_is_read_to_its_end() {
    let account = Account::with(Config {
        association_page: 2,
        ..Config::default()
    })
    .await;
    let deal = account.load("deals", json!({ "dealname": "Halls" }));
    let mut last = String::new();
    for n in 0..7 {
        last = account.load("companies", json!({ "name": format!("Werk {n}") }));
        account
            .control()
            .associate(("deals", &deal), ("companies", &last), false)
            .unwrap();
    }
    account
        .control()
        .associate(("deals", &deal), ("companies", &last), true)
        .unwrap();
    account.advance(SignedDuration::from_secs(1));
    let all = live(items(&*account.crm(), Object::Opportunity, &since(&account, None)).await);
    assert_eq!(parent(&all[&deal]), Some(&*last));
}

#[tokio::test]
async fn a_contact_and_a_lead_say_their_company_themselves() {
    let account = Account::start().await;
    let company = account.load("companies", json!({ "name": "Werk" }));
    let name = json!({ "lastname": "Muster" });
    let at_company = [("companies", &*company, true)];
    let contact = account
        .control()
        .create("contacts", name.as_object().unwrap(), &at_company);
    let name = json!({ "hs_lead_name": "Halls" });
    let lead = account
        .control()
        .create("leads", name.as_object().unwrap(), &at_company);
    account.advance(SignedDuration::from_secs(1));
    let crm = account.crm();
    for (object, made) in [(Object::Contact, contact), (Object::Lead, lead)] {
        let before = account.control().count_requests("/crm/associations");
        let all = live(items(&*crm, object, &since(&account, None)).await);
        assert_eq!(parent(&all[&made.unwrap()]), Some(&*company), "{object}");
        assert_eq!(
            account.control().count_requests("/crm/associations"),
            before
        );
    }
}
