//! Answers that were lost: nothing is sent twice, and what was made is found.

use domain::{
    ports::{Crm, Draft, Duplicates, LookedUp, Sought, Written},
    record::Object,
};
use jiff::SignedDuration;
use serde_json::json;
use simulator::hubspot::{Behaviour, Fault};

use super::{
    Account, at,
    creating::{anna, check, cleared, company, create, deal, draft, made},
    options,
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn lose(account: &Account, path: &str, nth: u32, fault: Fault) {
    account.control().spoil_nth(path, nth, 1, fault);
}

/// What is looked up after a creation that began now.
fn sought(account: &Account, draft: &Draft, external_id: &str) -> Sought {
    let now = at(account.control().now());
    let slack = SignedDuration::from_mins(15);
    Sought {
        draft: draft.clone(),
        external_id: Some(external_id.to_owned()),
        chosen_id: None,
        since: now - slack,
        until: now + slack,
    }
}

async fn look(crm: &dyn Crm, sought: Sought) -> LookedUp {
    crm.find(&[sought]).await.unwrap().remove(0)
}

fn ids_of(looked_up: LookedUp) -> Option<Vec<String>> {
    let found = looked_up.found?;
    Some(found.iter().map(ToString::to_string).collect())
}

/// What a lookup in the index finds.
async fn found(crm: &dyn Crm, sought: Sought) -> Option<Vec<String>> {
    let looked_up = look(crm, sought).await;
    assert_eq!(looked_up.lag, HOUR, "it read the index");
    ids_of(looked_up)
}

/// What a lookup in the records themselves finds, which misses nothing.
async fn found_at_once(crm: &dyn Crm, sought: Sought) -> Option<Vec<String>> {
    let looked_up = look(crm, sought).await;
    assert!(looked_up.lag.is_zero(), "it need not wait for the index");
    ids_of(looked_up)
}

#[tokio::test]
async fn without_an_id_of_ours_a_record_shows_when_the_index_has_caught_up() {
    let account = Account::start().await;
    account.control().set_index_lag(3_600_000);
    let crm = account.crm();
    let sought = || sought(&account, &company("Werk"), "ours");
    let before = sought();
    lose(&account, "/crm/objects/companies", 1, Fault::AnswerLost);
    // The same company, made by hand at the same time, is no creation of ours.
    account
        .control()
        .create(
            "companies",
            json!({"name": "Werk"}).as_object().unwrap(),
            &[],
        )
        .unwrap();
    let written = create(&*crm, &[company("Werk")]).await;
    assert!(matches!(written[0], Written::Unknown(_)), "{written:?}");
    assert_eq!(
        found(&*crm, before).await,
        Some(Vec::new()),
        "the index lags"
    );
    let before = sought();
    account.advance(HOUR);
    let ids = account.control().ids("companies", false).unwrap();
    assert_eq!(found(&*crm, before).await, Some(vec![ids[1].clone()]));
}

#[tokio::test]
async fn a_record_with_an_id_of_ours_is_found_at_once_and_never_made_twice() {
    for is_409 in [true, false] {
        let account = Account::start().await;
        account.control().set_index_lag(3_600_000);
        let behaviour = Behaviour {
            unique_conflict_is_409: is_409,
            ..Behaviour::default()
        };
        account.control().set_behaviour(behaviour);
        account
            .control()
            .add_property("companies", "abgleich_id", &["unique", "hidden"])
            .unwrap();
        let mut with_id = options();
        with_id.external_id_property = Some("abgleich_id".to_owned());
        let crm = account.crm_with(with_id);
        assert!(check(&*crm, &company("Werk")).await.has_external_id);
        let record = cleared(&*crm, &company("Werk")).await;
        let records = [record.with_external_id(Some("4f1d-0".to_owned()))];
        lose(&account, "/crm/objects/companies", 1, Fault::AnswerLost);
        let written = crm.create(&records, Duplicates::Refuse).await.unwrap();
        assert!(matches!(written[0], Written::Unknown(_)), "{written:?}");
        let there = account.control().ids("companies", false).unwrap();
        let look = |id| found_at_once(&*crm, sought(&account, &company("Werk"), id));
        assert_eq!(look("4f1d-0").await, Some(there.clone()));
        assert_eq!(look("4f1d-1").await, Some(Vec::new()));
        // Even sent again, it is no second one, alone and in a batch, and nobody is told that it is another's.
        let other = cleared(&*crm, &company("Hof")).await;
        let again = crm.create(&records, Duplicates::Refuse).await.unwrap();
        assert!(matches!(again[0], Written::Unknown(_)), "{again:?}");
        let batch = [records[0].clone(), other];
        let again = crm.create(&batch, Duplicates::Refuse).await.unwrap();
        assert!(matches!(again[0], Written::Unknown(_)), "{again:?}");
        made(&again[1]);
        assert_eq!(account.control().counts()["companies"].live, 2);
    }
}

#[tokio::test]
async fn a_property_of_ours_that_is_not_unique_is_not_used() {
    let account = Account::start().await;
    account
        .control()
        .add_property("companies", "abgleich_id", &[])
        .unwrap();
    let mut with_id = options();
    with_id.external_id_property = Some("abgleich_id".to_owned());
    let crm = account.crm_with(with_id);
    assert!(!check(&*crm, &company("Werk")).await.has_external_id);
}

#[tokio::test]
async fn a_contact_is_found_at_once_by_its_address_if_it_was_made_from_what_was_sent() {
    let account = Account::start().await;
    account.control().set_index_lag(3_600_000);
    let crm = account.crm();
    lose(&account, "/crm/objects/contacts", 1, Fault::AnswerLost);
    let record = cleared(&*crm, &anna()).await;
    let written = crm.create(&[record], Duplicates::Refuse).await.unwrap();
    assert!(matches!(written[0], Written::Unknown(_)), "{written:?}");
    let there = account.control().ids("contacts", false).unwrap();
    let sent = sought(&account, &anna(), "x");
    assert_eq!(found_at_once(&*crm, sent).await, Some(there));
    // Whoever was there before, or has the address under another name, was not made by us.
    account.advance(HOUR);
    let later = sought(&account, &anna(), "x");
    assert_eq!(found_at_once(&*crm, later).await, Some(Vec::new()));
    let fields = json!({"email": "ANNA@werk.example", "lastname": "Other"});
    let other = Sought {
        since: at(account.control().now()) - HOUR * 2,
        ..sought(&account, &draft(Object::Contact, fields, &[]), "x")
    };
    assert_eq!(found_at_once(&*crm, other).await, Some(Vec::new()));
}

#[tokio::test]
async fn a_lost_batch_is_looked_up_together_and_told_apart_by_links() {
    let account = Account::start().await;
    let crm = account.crm();
    let werk = account.load("companies", json!({"name": "Werk"}));
    let hof = account.load("companies", json!({"name": "Hof"}));
    let mut drafts: Vec<Draft> = (0..30).map(|n| deal(&format!("deal {n}"), &[])).collect();
    drafts.push(deal("same", &[(Object::Account, &werk)]));
    drafts.push(deal("same", &[(Object::Account, &hof)]));
    lose(&account, "/crm/objects/deals", 1, Fault::AnswerLost);
    let written = create(&*crm, &drafts).await;
    assert!(written.iter().all(|one| matches!(one, Written::Unknown(_))));
    account.control().reset_requests();
    let all: Vec<Sought> = drafts
        .iter()
        .map(|draft| sought(&account, draft, "x"))
        .collect();
    let found = crm.find(&all).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|one| one.found).collect();
    let mut ids: Vec<_> = found.iter().map(|found| found.clone().unwrap()).collect();
    assert!(ids.iter().all(|ids| ids.len() == 1), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 32);
    assert_eq!(
        account
            .control()
            .count_requests("/crm/objects/deals/search"),
        1
    );
    let of_werk = account
        .control()
        .associated(("companies", &werk), "deals")
        .unwrap();
    assert_eq!(found[30].as_ref().unwrap()[0].to_string(), of_werk[0]);
}

#[tokio::test]
async fn whatever_request_is_lost_nothing_is_made_twice_and_what_was_made_is_found() {
    for n in 1.. {
        let mut struck = 0;
        for fault in [
            Fault::AnswerLost,
            Fault::Reset,
            Fault::Truncate { keep: 9 },
            Fault::NonUtf8,
        ] {
            let account = Account::start().await;
            let crm = account.crm();
            let werk = account.load("companies", json!({"name": "Werk"}));
            let draft = deal("deal", &[(Object::Account, &werk)]);
            let before = sought(&account, &draft, "x");
            lose(&account, "/", n, fault.clone());
            let checked = crm.check(std::slice::from_ref(&draft)).await;
            if checked.is_ok() {
                let record = cleared(&*crm, &draft).await;
                let written = crm.create(&[record], Duplicates::Refuse).await.unwrap();
                let live = account.control().counts()["deals"].live;
                match &written[0] {
                    Written::Created(_) => assert_eq!(live, 1, "{n} {fault:?}"),
                    Written::NotSent(_) | Written::Refused { .. } => {
                        assert_eq!(live, 0, "{n} {fault:?}");
                    }
                    Written::Unknown(_) => assert!(live <= 1, "{n} {fault:?}"),
                    other => panic!("{n} {fault:?}: {other:?}"),
                }
            }
            let there = account.control().ids("deals", false).unwrap();
            assert_eq!(found(&*crm, before).await, Some(there), "{n} {fault:?}");
            struck += account.control().faults()[0].struck;
        }
        if struck == 0 {
            assert!(n > 4, "{n} requests only");
            break;
        }
    }
}

async fn without_traces() -> Account {
    let account = Account::start().await;
    let behaviour = Behaviour {
        tells_traces: false,
        ..Behaviour::default()
    };
    account.control().set_behaviour(behaviour);
    account
}

#[tokio::test]
async fn results_without_trace_ids_are_told_apart_by_their_content_and_others_are_looked_up() {
    let account = without_traces().await;
    let crm = account.crm();
    let fields = json!({"name": "Werk", "domain": "https://www.WERK.example/a"});
    // "Werk" with a domain has all of what "Werk" without one has, and the last two are alike.
    let drafts = [
        company("Hof"),
        draft(Object::Account, fields, &[]),
        company("Werk"),
        company("Ost"),
        company("West"),
        company("West"),
    ];
    let written = create(&*crm, &drafts).await;
    for (n, name) in [(0, "Hof"), (3, "Ost")] {
        let there = account
            .control()
            .get("companies", made(&written[n]).as_str());
        assert_eq!(there.unwrap()["name"], name);
    }
    for n in [1, 2, 4, 5] {
        assert!(matches!(written[n], Written::Unknown(_)), "{n} {written:?}");
    }
    let looked_up = found(&*crm, sought(&account, &drafts[1], "x")).await;
    assert_eq!(looked_up.map(|found| found.len()), Some(1));
    let looked_up = found(&*crm, sought(&account, &drafts[4], "x")).await;
    assert_eq!(looked_up.map(|found| found.len()), Some(2));
    assert_eq!(account.control().counts()["companies"].live, 6);
}

#[tokio::test]
async fn an_error_without_a_trace_id_is_nobodys_and_its_record_is_looked_up() {
    let account = without_traces().await;
    account.load("contacts", json!({"email": "anna@werk.example"}));
    let crm = account.crm();
    let ben = draft(Object::Contact, json!({"email": "Ben@Werk.example"}), &[]);
    let written = create(&*crm, &[anna(), ben]).await;
    assert!(matches!(written[0], Written::Unknown(_)), "{written:?}");
    let there = account
        .control()
        .get("contacts", made(&written[1]).as_str());
    assert_eq!(there.unwrap()["email"], "ben@werk.example");
    let looked_up = found_at_once(&*crm, sought(&account, &anna(), "x")).await;
    assert_eq!(
        looked_up,
        Some(Vec::new()),
        "the one that is there is no creation of ours"
    );
}

#[tokio::test]
async fn results_without_trace_ids_are_told_apart_by_our_own_ids() {
    let account = without_traces().await;
    account
        .control()
        .add_property("companies", "abgleich_id", &["unique", "hidden"])
        .unwrap();
    let mut with_id = options();
    with_id.external_id_property = Some("abgleich_id".to_owned());
    let crm = account.crm_with(with_id);
    let mut records = Vec::new();
    for n in 0..3 {
        let record = cleared(&*crm, &company("Werk")).await;
        records.push(record.with_external_id(Some(format!("4f1d-{n}"))));
    }
    let written = crm.create(&records, Duplicates::Refuse).await.unwrap();
    for (n, written) in written.iter().enumerate() {
        let there = account.control().get("companies", made(written).as_str());
        assert_eq!(there.unwrap()["abgleich_id"], format!("4f1d-{n}"));
    }
}
