//! First readings, later windows, ties and the index's lag.

use super::*;

const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn a_first_reading_brings_every_record_and_what_is_read_later_has_the_same_text() {
    let account = Account::start().await;
    for n in 0..250 {
        account.load(
            "contacts",
            json!({
                "firstname": "Erika", "lastname": format!("Muster \"{n}\" \\ ä"), "email": format!("e{n}@werk.example"),
                "lastmodifieddate": stamp(NOW - 30 * HOUR + n * 1_000),
            }),
        );
    }
    let crm = account.crm();
    let first = live(items(&*crm, Object::Contact, &since(&account, None)).await);
    assert_eq!(first.len(), 250);
    let later = since(&account, Some(NOW - 40 * HOUR));
    let later = live(items(&*crm, Object::Contact, &later).await);
    assert_eq!(later.len(), 250);
    let some: Vec<RecordId> = first.keys().take(150).map(|text| id(text)).collect();
    let fetched = live(crm.fetch(Object::Contact, &some).await.unwrap());
    assert_eq!(fetched.len(), 150);
    for (id, record) in &fetched {
        assert_eq!(record.fields, first[id].fields);
        assert_eq!(record.fields, later[id].fields);
        assert_eq!(record.modified, later[id].modified);
    }
}

#[tokio::test]
async fn every_version_of_the_paths_reads_describes_counts_and_associates_the_same() {
    let account = Account::start().await;
    let company = account.load("companies", json!({ "name": "Werk" }));
    for n in 0..120 {
        let edited = stamp(NOW - 2 * HOUR + n);
        let deal = account.load(
            "deals",
            json!({ "dealname": format!("Muster {n}"), "hs_lastmodifieddate": edited }),
        );
        let control = account.control();
        control
            .associate(("deals", &deal), ("companies", &company), true)
            .unwrap();
    }
    let mut seen = Vec::new();
    for version in ["2025-09", "2026-03", "2026-09"] {
        let crm = account.crm_with(Options {
            version: version.to_owned(),
            ..options()
        });
        let window = since(&account, None);
        let read = live(items(&*crm, Object::Opportunity, &window).await);
        assert_eq!(read.len(), 120, "{version}");
        let window = since(&account, Some(NOW - 3 * HOUR));
        let later = live(items(&*crm, Object::Opportunity, &window).await);
        let shape = crm.describe(Object::Opportunity).await.unwrap().unwrap();
        let count = crm.count(Object::Opportunity).await.unwrap().at_least();
        let records = read.into_values();
        let fields: Vec<_> = records
            .map(|record| {
                let parent = record.attributes.parent.map(|one| one.key().into_owned());
                assert_eq!(parent.as_ref(), Some(&company), "{version}");
                record.fields
            })
            .collect();
        seen.push((fields, later.len(), shape.fields, count));
    }
    assert!(seen[0] == seen[1] && seen[1] == seen[2]);
    // HubSpot does not know this one, so the versions above were in the paths.
    let unknown = account.crm_with(Options {
        version: "2019-03".to_owned(),
        ..options()
    });
    assert!(unknown.describe(Object::Opportunity).await.is_err());
    assert!(unknown.count(Object::Opportunity).await.is_err());
}

#[tokio::test]
async fn twelve_thousand_records_of_one_millisecond_all_come() {
    let account = Account::start().await;
    for n in 0..12_000 {
        account.load("companies", json!({ "name": format!("Werk {n}") }));
    }
    for n in 0..50 {
        account.load("contacts", json!({ "lastname": format!("Muster {n}") }));
    }
    account
        .control()
        .restamp("companies", NOW - 2 * HOUR)
        .unwrap();
    // Records with other times on either side.
    for (n, shift) in [(101, -1), (102, 1), (103, 1)] {
        let line = json!({
            "object": "companies", "id": n.to_string(),
            "properties": { "name": "moved", "hs_lastmodifieddate": stamp(NOW - 2 * HOUR + shift) },
        });
        account.control().load_lines(&line.to_string()).unwrap();
    }
    let crm = account.crm();
    let window = since(&account, Some(NOW - 3 * HOUR));
    let all = live(items(&*crm, Object::Account, &window).await);
    assert_eq!(
        all.len(),
        12_000,
        "the bound of 10,000 was taken for the end"
    );
    assert_eq!(
        crm.count(Object::Account).await.unwrap().at_least(),
        Some(12_000)
    );
}

#[tokio::test]
async fn a_record_that_is_edited_while_pages_are_read_takes_no_other_along() {
    let account = Account::start().await;
    let mut made = Vec::new();
    for n in 0..40 {
        made.push(account.load(
            "companies",
            json!({ "name": format!("Werk {n}"), "hs_lastmodifieddate": stamp(NOW - 5 * HOUR + n) }),
        ));
    }
    let crm = account.crm_with(Options {
        search_page: 5,
        ..options()
    });
    let whole = since(&account, Some(NOW - 6 * HOUR));
    let (mut window, mut token) = (whole.clone(), None);
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let ask = Changes {
            object: Object::Account,
            window: &window,
            resume: None,
            token: token.as_ref(),
            at_most: None,
        };
        let Answer::Page(page) = crm.changes(ask).await.unwrap() else {
            panic!("a token is lost");
        };
        let on_page = live(page.items);
        // The edited records leave the window. Under an offset those behind them would move up.
        for id in on_page.keys() {
            account.edit("companies", id, json!({ "name": "edited" }));
        }
        seen.extend(on_page.into_keys());
        window.after = page.reached;
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    for id in &made {
        assert!(seen.contains(id), "{id} was passed over");
    }
}

#[tokio::test]
async fn what_the_index_sees_an_hour_late_is_in_the_next_window() {
    let account = Account::start().await;
    let lag = 59 * 60_000;
    let old = json!({ "name": "early", "hs_lastmodifieddate": stamp(NOW - 5 * HOUR) });
    let early = account.load("companies", old);
    account.control().set_index_lag(lag);
    account.edit("companies", &early, json!({ "name": "changed" }));
    let crm = account.crm();
    account.advance(SignedDuration::from_secs(1));
    let window = since(&account, Some(NOW - 1));
    assert!(items(&*crm, Object::Account, &window).await.is_empty());
    account.advance(SignedDuration::from_hours(1));
    let lag = crm.abilities().reading(Object::Account).lag;
    let next = Window {
        after: Some(Position {
            at: window.until - lag,
            id: None,
        }),
        until: at(account.control().now()),
    };
    let all = live(items(&*crm, Object::Account, &next).await);
    assert!(all.contains_key(&early));
}

#[tokio::test]
async fn a_record_comes_as_it_is_and_not_as_the_index_has_it() {
    let account = Account::start().await;
    let company = account.load(
        "companies",
        json!({ "name": "old", "hs_lastmodifieddate": stamp(NOW - HOUR) }),
    );
    account.control().set_index_lag(HOUR);
    account.edit("companies", &company, json!({ "name": "new" }));
    let crm = account.crm();
    account.advance(SignedDuration::from_secs(1));
    let window = since(&account, Some(NOW - 2 * HOUR));
    let all = live(items(&*crm, Object::Account, &window).await);
    assert_eq!(all[&company].display.label.as_deref(), Some("new"));
}

#[tokio::test]
async fn rows_out_of_order_and_pages_cut_short_lose_nothing() {
    for fault in [
        Fault::OutOfOrder,
        Fault::Truncate { keep: 500 },
        Fault::NonUtf8,
    ] {
        let account = Account::start().await;
        let mut made = Vec::new();
        for n in 0..30 {
            made.push(account.load(
                "companies",
                json!({ "name": format!("Werk {n}"), "hs_lastmodifieddate": stamp(NOW - HOUR + n) }),
            ));
        }
        let times = match fault {
            // The rows of all pages, and those at their borders, come in another order.
            Fault::OutOfOrder => 0,
            _ => 2,
        };
        let path = "/crm/objects/companies/search";
        account.control().spoil(path, times, fault.clone());
        let crm = account.crm_with(Options {
            search_page: 7,
            ..options()
        });
        let window = since(&account, Some(NOW - 2 * HOUR));
        let all = live(items(&*crm, Object::Account, &window).await);
        assert!(made.iter().all(|id| all.contains_key(id)), "{fault:?}");
    }
}

#[tokio::test]
async fn the_daily_run_costs_few_requests() {
    let account = Account::start().await;
    let mut made = Vec::new();
    for n in 0..5_000 {
        made.push(account.load(
            "contacts",
            json!({ "lastname": format!("Muster {n}"), "lastmodifieddate": stamp(NOW - 48 * HOUR + n) }),
        ));
    }
    let crm = account.crm();
    crm.describe(Object::Contact).await.unwrap();
    let before = crm.usage().requests;
    items(&*crm, Object::Contact, &since(&account, None)).await;
    let first = crm.usage().requests - before;
    for id in made.iter().step_by(100) {
        account.edit("contacts", id, json!({ "jobtitle": "Buyer" }));
        account.advance(SignedDuration::from_secs(1));
    }
    let before = crm.usage().requests;
    let changed = items(&*crm, Object::Contact, &since(&account, Some(NOW - HOUR))).await;
    let daily = crm.usage().requests - before;
    assert_eq!(changed.len(), 50);
    assert!(daily * 100 <= first * 4, "{daily} of {first}");
}

#[tokio::test]
async fn the_count_is_one_of_an_hour_ago() {
    let account = Account::start().await;
    account.load("companies", json!({ "name": "Werk" }));
    let count = account.crm().count(Object::Account).await.unwrap();
    assert!(
        matches!(count, Count::AsOf(1, as_of) if as_of <= at(NOW - HOUR)),
        "{count:?}"
    );
    assert_eq!(count.exact(), None);
}
