//! The companies and contacts that records belong to.

use super::*;

/// The parent's text: `5` for company 5, and `Contact/5` for contact 5.
fn parent(record: &Record) -> Option<String> {
    let parent = record.attributes.parent.as_ref();
    parent.map(|parent| parent.key().into_owned())
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
        assert_eq!(parent(&all[&deal]).as_ref(), Some(&companies[2]));
        assert_eq!(parent(&all[&alone]), None);
    }
}

#[tokio::test]
async fn a_label_that_an_account_made_makes_no_company_the_primary_one() {
    let account = Account::start().await;
    let companies: Vec<String> = (0..3)
        .map(|n| account.load("companies", json!({ "name": format!("Werk {n}") })))
        .collect();
    let control = account.control();
    let labels = ["a", "b", "deal_with_company"]
        .map(|one| control.add_label("deals", "companies", one).unwrap());
    assert_eq!(labels[2], 5, "the id of the primary company's type");
    let deals = ["with a primary company", "without"]
        .map(|name| account.load("deals", json!({ "dealname": name })));
    for deal in &deals {
        for company in &companies {
            control
                .associate(("deals", deal), ("companies", company), false)
                .unwrap();
        }
        control
            .label(("deals", deal), ("companies", &companies[1]), labels[2])
            .unwrap();
    }
    control
        .associate(("deals", &deals[0]), ("companies", &companies[2]), true)
        .unwrap();
    account.advance(SignedDuration::from_secs(1));
    let crm = account.crm();
    let first = live(items(&*crm, Object::Opportunity, &since(&account, None)).await);
    let ids = deals.clone().map(|deal| id(&deal));
    let fetched = live(crm.fetch(Object::Opportunity, &ids).await.unwrap());
    for all in [first, fetched] {
        let of = deals.each_ref().map(|deal| parent(&all[deal]).unwrap());
        assert_eq!(of, [companies[2].clone(), companies[0].clone()]);
    }
}

#[tokio::test]
async fn without_a_company_a_task_or_deal_belongs_to_its_contact_which_may_have_a_company_s_number()
{
    let account = Account::start().await;
    let company = account.load("companies", json!({ "name": "Werk" }));
    let contact = account.load("contacts", json!({ "lastname": "Muster" }));
    let other = account.load("contacts", json!({ "lastname": "Beispiel" }));
    assert_eq!(company, contact, "ids are unique within an object only");
    let control = account.control();
    for (object, path, values) in [
        (
            Object::Task,
            "tasks",
            json!({ "hs_task_subject": "Call", "hs_timestamp": "2026-12-01T09:00:00Z" }),
        ),
        (Object::Opportunity, "deals", json!({ "dealname": "Halls" })),
    ] {
        let made: Vec<String> = (0..3).map(|_| account.load(path, values.clone())).collect();
        let [at_company, at_contacts, alone] = &made[..] else {
            panic!("three records");
        };
        for (record, to, end) in [
            (at_company, "companies", &company),
            (at_company, "contacts", &other),
            (at_contacts, "contacts", &other),
            (at_contacts, "contacts", &contact),
        ] {
            control.associate((path, record), (to, end), false).unwrap();
        }
        account.advance(SignedDuration::from_secs(1));
        let crm = account.crm();
        let first = live(items(&*crm, object, &since(&account, None)).await);
        let ids: Vec<RecordId> = made.iter().map(|made| id(made)).collect();
        let fetched = live(crm.fetch(object, &ids).await.unwrap());
        let at_contact = Some(format!("Contact/{contact}"));
        for all in [first, fetched] {
            assert_eq!(parent(&all[at_company]).as_ref(), Some(&company));
            assert_eq!(parent(&all[at_contacts]), at_contact);
            assert_eq!(parent(&all[alone]), None);
        }
        let asked = crm.parents(object, &ids).await.unwrap();
        let keys = asked
            .iter()
            .map(|one| Some(one.as_ref()?.key().into_owned()));
        let wanted = vec![Some(company.clone()), at_contact, None];
        assert_eq!(keys.collect::<Vec<_>>(), wanted);
    }
}

#[tokio::test]
async fn contacts_are_requested_only_of_records_without_a_company() {
    let account = Account::start().await;
    let company = account.load("companies", json!({ "name": "Werk" }));
    let deal = account.load("deals", json!({ "dealname": "Halls" }));
    let ends = (("deals", &*deal), ("companies", &*company));
    account.control().associate(ends.0, ends.1, true).unwrap();
    let crm = account.crm();
    crm.parents(Object::Opportunity, &[id(&deal)])
        .await
        .unwrap();
    let control = account.control();
    assert_eq!(control.count_requests("/crm/associations"), 1);
    account.control().dissociate(ends.0, ends.1).unwrap();
    crm.parents(Object::Opportunity, &[id(&deal)])
        .await
        .unwrap();
    assert_eq!(control.count_requests("/crm/associations"), 3);
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
        let wanted = company.map(|company| Parent::of(Object::Account, id(company)));
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
    assert_eq!(parent(&all[&deal]), Some(last));
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
        let parent = parent(&all[&made.unwrap()]);
        assert_eq!(parent.as_ref(), Some(&company), "{object}");
        assert_eq!(
            account.control().count_requests("/crm/associations"),
            before
        );
    }
}
