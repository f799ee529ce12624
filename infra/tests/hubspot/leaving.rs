//! Records that leave: archived, merged, erased, and deleted by HubSpot itself.

use super::*;

async fn binned(account: &Account, from: i64) -> Vec<String> {
    let (from, until) = (at(from), at(account.control().now()));
    match account
        .crm()
        .deleted(Object::Account, from, until)
        .await
        .unwrap()
    {
        Deleted::Ids(ids) => ids.iter().map(ToString::to_string).collect(),
        Deleted::Unknown => panic!("the bin is unknown"),
    }
}

#[tokio::test]
async fn what_was_archived_since_then_is_in_the_bin_and_what_was_archived_before_is_not() {
    let account = Account::start().await;
    let made: Vec<String> = (0..230)
        .map(|n| account.load("companies", json!({ "name": format!("Werk {n}") })))
        .collect();
    for id in &made[..120] {
        account.control().archive("companies", id).unwrap();
    }
    account.advance(SignedDuration::from_hours(24));
    let day = account.control().now();
    account.advance(SignedDuration::from_secs(1));
    for id in &made[120..225] {
        account.control().archive("companies", id).unwrap();
    }
    assert_eq!(binned(&account, day).await.len(), 105);
    assert_eq!(binned(&account, NOW).await.len(), 225);
    assert_eq!(ids(&*account.crm(), Object::Account).await, made[225..]);
}

#[tokio::test]
async fn a_bin_that_is_too_long_is_unknown_so_that_all_ids_are_compared() {
    let account = Account::start().await;
    for n in 0..5 {
        let id = account.load("companies", json!({ "name": format!("Werk {n}") }));
        account.control().archive("companies", &id).unwrap();
    }
    let options = Options {
        list_page: 2,
        bin_pages: 2,
        ..options()
    };
    let crm = account.crm_with(options);
    let deleted = crm.deleted(Object::Account, at(NOW - 1), at(NOW + 1)).await;
    assert!(matches!(deleted.unwrap(), Deleted::Unknown));
}

#[tokio::test]
async fn a_merge_is_told_by_its_survivor_in_either_form() {
    for new_id in [false, true] {
        let account = Account::start().await;
        let one = account.load(
            "contacts",
            json!({ "lastname": "Muster", "email": "a@werk.example" }),
        );
        let two = account.load(
            "contacts",
            json!({ "lastname": "Muster", "email": "b@werk.example" }),
        );
        account.advance(SignedDuration::from_secs(1));
        let survivor = account
            .control()
            .merge("contacts", &one, &two, new_id)
            .unwrap();
        assert_eq!(survivor == one, !new_id);
        account.advance(SignedDuration::from_secs(1));
        let crm = account.crm();
        let all = items(&*crm, Object::Contact, &since(&account, Some(NOW))).await;
        let gone = gone(&all);
        assert_eq!(gone.get(&two), Some(&Some(survivor.clone())));
        assert_eq!(gone.contains_key(&one), new_id);
        assert!(live(all).contains_key(&survivor));
        assert_eq!(ids(&*crm, Object::Contact).await, [survivor]);
    }
}

#[tokio::test]
async fn a_merged_id_that_answers_with_its_survivor_is_not_fetched() {
    let mut behaviour = Config::default().behaviour;
    behaviour.batch_read_follows_merges = true;
    let account = Account::with(Config {
        behaviour,
        ..Config::default()
    })
    .await;
    let one = account.load("companies", json!({ "name": "Werk" }));
    let two = account.load("companies", json!({ "name": "Werk" }));
    account
        .control()
        .merge("companies", &one, &two, false)
        .unwrap();
    let crm = account.crm();
    let fetched = crm.fetch(Object::Account, &[id(&two)]).await.unwrap();
    assert!(fetched.is_empty(), "another record's row");
    let fetched = crm.fetch(Object::Account, &[id(&one), id(&two)]).await;
    assert_eq!(live(fetched.unwrap()).len(), 1);
}

#[tokio::test]
async fn what_vanishes_without_a_trace_is_missing_from_the_ids_and_what_is_restored_is_back() {
    let account = Account::start().await;
    let kept = account.load("contacts", json!({ "lastname": "Kept" }));
    let erased = account.load("contacts", json!({ "lastname": "Erased" }));
    let restored = account.load("contacts", json!({ "lastname": "Restored" }));
    let crm = account.crm();
    account.control().purge("contacts", &erased).unwrap();
    account.control().archive("contacts", &restored).unwrap();
    assert_eq!(
        ids(&*crm, Object::Contact).await,
        std::slice::from_ref(&kept)
    );
    account.control().restore("contacts", &restored).unwrap();
    assert_eq!(ids(&*crm, Object::Contact).await, [kept, restored]);
}

#[tokio::test]
async fn a_lead_that_loses_its_last_contact_is_gone_from_the_ids() {
    let account = Account::start().await;
    let contact = account.load("contacts", json!({ "lastname": "Muster" }));
    let name = json!({ "hs_lead_name": "Halls" });
    let primary = [("contacts", &*contact, true)];
    let lead = account
        .control()
        .create("leads", name.as_object().unwrap(), &primary);
    let lead = lead.unwrap();
    let crm = account.crm();
    assert_eq!(ids(&*crm, Object::Lead).await, std::slice::from_ref(&lead));
    account
        .control()
        .dissociate(("leads", &lead), ("contacts", &contact))
        .unwrap();
    assert!(ids(&*crm, Object::Lead).await.is_empty());
}

#[tokio::test]
async fn without_sales_hub_leads_are_not_there_and_nothing_fails() {
    let account = Account::with(Config {
        sales_hub: false,
        ..Config::default()
    })
    .await;
    let crm = account.crm();
    assert_eq!(crm.describe(Object::Lead).await.unwrap(), None);
    assert!(crm.rights(Object::Lead).await.unwrap().is_none());
    for object in [
        Object::Account,
        Object::Contact,
        Object::Task,
        Object::Opportunity,
    ] {
        assert!(crm.describe(object).await.unwrap().is_some(), "{object}");
    }
}
