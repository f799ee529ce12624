use domain::ports::Deleted;

use super::*;

fn gone(items: &[Item]) -> Vec<(String, Option<String>)> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Gone { id, survivor } => {
                Some((id.to_string(), survivor.as_ref().map(ToString::to_string)))
            }
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn deletions_and_merges_are_among_the_changes_and_a_converted_lead_stays() {
    let org = Org::start().await;
    org.load_accounts(10);
    let ids = org.control().ids("Account", false).unwrap();
    let lead = org.load("Lead", json!({"LastName": "L", "Company": "C"}));
    org.control()
        .soft_delete("Account", &ids[0], false)
        .unwrap();
    org.control().merge("Account", &ids[2], &ids[1]).unwrap();
    org.control().hard_delete("Account", &ids[3]).unwrap();
    let converted = org
        .control()
        .convert_lead(&lead, Some(&ids[4]), false)
        .unwrap();
    for options in [options(), in_bulk()] {
        let crm = org.crm_with(options);
        let accounts = items(&*crm, Object::Account, &whole()).await;
        let mut seen = gone(&accounts);
        seen.sort();
        let mut expected = vec![
            (ids[0].clone(), None),
            (ids[1].clone(), Some(ids[2].clone())),
        ];
        expected.sort();
        assert_eq!(seen, expected);
        assert_eq!(accounts.len(), 9);
        assert_eq!(crm.count(Object::Account).await.unwrap().exact(), Some(7));
        let leads = live(&items(&*crm, Object::Lead, &whole()).await);
        assert!(
            leads[&lead].contains(&format!("\"ConvertedAccountId\":\"{}\"", converted.account))
        );
    }
}

#[tokio::test]
async fn the_list_of_deletions_has_those_that_are_gone_for_good() {
    let org = Org::start().await;
    org.load_accounts(10);
    let ids = org.control().ids("Account", false).unwrap();
    let crm = org.crm();
    let since = crm.clock().await.unwrap();
    org.control().hard_delete("Account", &ids[3]).unwrap();
    let until = crm.clock().await.unwrap();
    match crm.deleted(Object::Account, since, until).await.unwrap() {
        Deleted::Ids(found) => assert_eq!(found, [id(&ids[3])]),
        Deleted::Unknown => panic!("unknown"),
    }
    match crm.deleted(Object::Contact, since, until).await.unwrap() {
        Deleted::Ids(found) => assert!(found.is_empty()),
        Deleted::Unknown => panic!("unknown"),
    }
}

#[tokio::test]
async fn a_list_that_is_too_old_too_long_or_purged_is_unknown() {
    let org = Org::with(Config {
        deleted_ids: 2,
        ..Config::default()
    })
    .await;
    org.load_accounts(10);
    let crm = org.crm();
    let now = crm.clock().await.unwrap();
    let day = jiff::SignedDuration::from_hours(24);
    let unknown = async |since: Timestamp| {
        // The list is asked for whole minutes, and one may have begun since `now`.
        let until = crm.clock().await.unwrap();
        matches!(
            crm.deleted(Object::Account, since, until).await.unwrap(),
            Deleted::Unknown
        )
    };
    assert!(!unknown(now - day).await);
    assert!(unknown(now - day * 16).await);
    assert!(unknown(now - day * 40).await);
    org.control()
        .purge_deletion_log((now - jiff::SignedDuration::from_hours(1)).as_millisecond());
    assert!(unknown(now - day).await);
    for id in org.control().ids("Account", false).unwrap().iter().take(3) {
        org.control().hard_delete("Account", id).unwrap();
    }
    assert!(unknown(now - jiff::SignedDuration::from_mins(30)).await);
}

#[tokio::test]
async fn all_ids_are_listed_also_when_the_page_set_is_lost() {
    let org = Org::start().await;
    org.load_accounts(4_500);
    let ids = org.control().ids("Account", false).unwrap();
    org.control()
        .soft_delete("Account", &ids[17], false)
        .unwrap();
    let crm = org.crm();
    let mut listed = Vec::new();
    let mut token = None;
    loop {
        let page = crm.ids(Object::Account, token.as_ref()).await.unwrap();
        listed.extend(page.ids);
        org.control().drop_locators();
        match page.next {
            Some(next) => token = Some(next),
            None => break,
        }
    }
    let expected: Vec<_> = org.control().ids("Account", false).unwrap();
    assert_eq!(
        listed.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
        expected
    );
    assert!(listed.iter().all(|(_, at)| *at > Timestamp::UNIX_EPOCH));
}

#[tokio::test]
async fn records_are_fetched_by_their_ids_and_those_that_are_gone_are_missing() {
    let org = Org::start().await;
    org.load_accounts(250);
    let ids = org.control().ids("Account", false).unwrap();
    org.control()
        .soft_delete("Account", &ids[1], false)
        .unwrap();
    let crm = org.crm();
    let asked: Vec<_> = ids[..200]
        .iter()
        .map(|text| id(text))
        .chain([id("not-an-id"), id("'"), id("001')OR(Name!='")])
        .collect();
    let found = live(&crm.fetch(Object::Account, &asked).await.unwrap());
    assert_eq!(found.len(), 199);
    let all = items(&*crm, Object::Account, &whole()).await;
    let all: Vec<_> = all
        .into_iter()
        .filter(|item| matches!(item, Item::Live(_)))
        .collect();
    assert!(found.iter().all(|(id, fields)| live(&all)[id] == *fields));
    assert!(crm.fetch(Object::Account, &[]).await.unwrap().is_empty());
}
