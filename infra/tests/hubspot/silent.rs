//! Answers that leave something out, or have an error in the place of one record. What they are silent about may be there.

use domain::ports::{Duplicates, Sought, Written};

use super::{
    creating::{anna, check, cleared, company, create, made},
    *,
};

const HOUR: i64 = 3_600_000;

fn in_trouble() -> Fault {
    Fault::TroubleWithOne {
        category: "INTERNAL_ERROR".to_owned(),
    }
}

/// Deals that belong to one company each.
fn deals(account: &Account, n: usize) -> BTreeMap<String, String> {
    let deals = (0..n).map(|n| {
        let company = account.load("companies", json!({ "name": format!("Werk {n}") }));
        let values = json!({
            "dealname": format!("deal {n}"),
            "hs_lastmodifieddate": stamp(NOW - HOUR + i64::try_from(n).unwrap()),
        });
        let deal = account.load("deals", values);
        let ends = (("deals", &*deal), ("companies", &*company));
        account.control().associate(ends.0, ends.1, true).unwrap();
        (deal, company)
    });
    deals.collect()
}

#[tokio::test]
async fn a_company_that_cannot_be_told_is_asked_for_again_and_never_taken_for_none() {
    for fault in [Fault::LeaveOut, in_trouble()] {
        let account = Account::start().await;
        let all = deals(&account, 4);
        let ids: Vec<RecordId> = all.keys().map(|one| id(one)).collect();
        let wanted: Vec<Option<Parent>> = all
            .values()
            .map(|company| Some(Parent::of(Object::Account, id(company))))
            .collect();
        let crm = account.crm();
        account
            .control()
            .spoil("/crm/associations", 1, fault.clone());
        let parents = crm.parents(Object::Opportunity, &ids).await.unwrap();
        assert_eq!(parents, wanted, "{fault:?}");

        account
            .control()
            .spoil("/crm/associations", 0, fault.clone());
        assert!(crm.parents(Object::Opportunity, &ids).await.is_err());
        let fetched = crm.fetch(Object::Opportunity, &ids).await;
        assert!(fetched.is_err(), "{fault:?}: a deal without its company");
        let window = since(&account, Some(NOW - 2 * HOUR));
        let ask = Changes {
            object: Object::Opportunity,
            window: &window,
            resume: None,
            token: None,
            at_most: None,
        };
        assert!(crm.changes(ask).await.is_err(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_batch_of_records_that_lacks_one_is_requested_again() {
    for (fault, code) in [
        (Fault::LeaveOut, CrmCode::PagesIncomplete),
        (in_trouble(), CrmCode::OddAnswer),
    ] {
        let account = Account::start().await;
        let all = deals(&account, 4);
        let ids: Vec<RecordId> = all.keys().map(|one| id(one)).collect();
        let crm = account.crm();
        let path = "/crm/objects/deals/batch/read";
        account.control().spoil(path, 1, fault.clone());
        let fetched = crm.fetch(Object::Opportunity, &ids).await.unwrap();
        assert_eq!(live(fetched).len(), 4, "{fault:?}");

        account.control().clear_faults();
        account.control().spoil(path, 1, fault.clone());
        let window = since(&account, Some(NOW - 2 * HOUR));
        let found = live(items(&*crm, Object::Opportunity, &window).await);
        assert_eq!(found.len(), 4, "{fault:?}");

        account.control().spoil(path, 0, fault.clone());
        let refused = crm.fetch(Object::Opportunity, &ids).await.err().unwrap();
        assert_eq!(refused.crm_code(), Some(&code), "{fault:?}");
    }
}

#[tokio::test]
async fn what_is_told_to_be_gone_or_merged_is_not_requested_again() {
    for follows in [false, true] {
        let mut behaviour = Config::default().behaviour;
        behaviour.batch_read_follows_merges = follows;
        let account = Account::with(Config {
            behaviour,
            ..Config::default()
        })
        .await;
        let made: Vec<String> = (0..5)
            .map(|n| account.load("companies", json!({ "name": format!("Werk {n}") })))
            .collect();
        let control = account.control();
        control
            .merge("companies", &made[0], &made[1], false)
            .unwrap();
        control
            .merge("companies", &made[0], &made[2], false)
            .unwrap();
        control.archive("companies", &made[3]).unwrap();
        let asked: Vec<RecordId> = made[1..].iter().map(|one| id(one)).collect();
        let crm = account.crm();
        let fetched = live(crm.fetch(Object::Account, &asked).await.unwrap());
        assert_eq!(fetched.into_keys().collect::<Vec<_>>(), [made[4].clone()]);
        // An id with another spelling is none of ours.
        let odd = id(&format!("00{}", made[4]));
        assert!(crm.fetch(Object::Account, &[odd]).await.unwrap().is_empty());
        let path = "/crm/objects/companies/batch/read";
        assert_eq!(control.count_requests(path), 2, "{follows}");
    }
}

#[tokio::test]
async fn a_lookup_that_lacks_an_answer_does_not_say_that_nothing_was_made() {
    for fault in [Fault::LeaveOut, in_trouble()] {
        let account = Account::start().await;
        let crm = account.crm();
        let record = cleared(&*crm, &anna()).await;
        account
            .control()
            .spoil("/crm/objects/contacts", 1, Fault::AnswerLost);
        let written = crm.create(&[record], Duplicates::Refuse).await.unwrap();
        assert!(matches!(written[0], Written::Unknown(_)), "{written:?}");
        let sought = || Sought {
            draft: anna(),
            external_id: None,
            chosen_id: None,
            since: at(NOW - HOUR),
            until: at(NOW + HOUR),
        };
        let path = "/crm/objects/contacts/batch/read";
        account.control().spoil(path, 1, fault.clone());
        let found = crm.find(&[sought()]).await.unwrap().remove(0);
        let there = account.control().ids("contacts", false).unwrap();
        assert_eq!(found.found.unwrap(), [id(&there[0])], "{fault:?}");
        account.control().spoil(path, 0, fault.clone());
        assert!(crm.find(&[sought()]).await.is_err(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_record_with_which_hubspot_had_trouble_may_be_there_and_is_looked_up() {
    let account = Account::start().await;
    let crm = account.crm();
    for name in ["Werk", "Hof"] {
        check(&*crm, &company(name)).await;
    }
    account
        .control()
        .spoil("/crm/objects/companies/batch/create", 1, in_trouble());
    let written = create(&*crm, &[company("Werk"), company("Hof")]).await;
    assert!(matches!(written[0], Written::Unknown(_)), "{written:?}");
    made(&written[1]);
    assert_eq!(account.control().counts()["companies"].live, 2);
    let sought = Sought {
        draft: company("Werk"),
        external_id: None,
        chosen_id: None,
        since: at(NOW - HOUR),
        until: at(NOW + HOUR),
    };
    let found = crm.find(&[sought]).await.unwrap().remove(0);
    assert_eq!(found.found.map(|found| found.len()), Some(1));
}

#[tokio::test]
async fn an_index_that_always_states_more_ends_the_window_and_says_so() {
    let account = Account::start().await;
    deals(&account, 4);
    let crm = account.crm();
    let window = since(&account, Some(NOW - 2 * HOUR));
    for (times, is_short) in [(1, false), (0, true)] {
        account
            .control()
            .spoil("/crm/objects/deals/search", times, Fault::OverstateTotal);
        let ask = Changes {
            object: Object::Opportunity,
            window: &window,
            resume: None,
            token: None,
            at_most: None,
        };
        let Answer::Page(page) = crm.changes(ask).await.unwrap() else {
            panic!("a token is lost");
        };
        assert!(page.next.is_none());
        assert_eq!((page.items.len(), page.is_short), (4, is_short));
    }
}
