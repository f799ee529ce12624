use super::*;

#[tokio::test]
async fn a_first_read_by_rest_and_in_bulk_brings_the_same_records_letter_by_letter() {
    let org = Org::start().await;
    org.load_accounts(4_321);
    org.load("Account", json!({"Name": "odd \u{2028} ' \u{fffd} 😀", "AnnualRevenue": 1e-7, "Phone": "\"\"", "Site": " , "}));
    let by_rest = live(&items(&*org.crm(), Object::Account, &whole()).await);
    let crm = org.crm_with(in_bulk());
    let pages_in_bulk = pages(&*crm, Object::Account, &whole()).await;
    assert!(pages_in_bulk.len() > 10);
    let in_bulk = live(
        &pages_in_bulk
            .into_iter()
            .flat_map(|page| page.items)
            .collect::<Vec<_>>(),
    );
    assert_eq!(by_rest.len(), 4_322);
    assert!(by_rest == in_bulk);
    assert_eq!(
        crm.count(Object::Account).await.unwrap().exact(),
        Some(4_322)
    );
    assert_eq!(org.answers("/jobs/query", 200), 1);
}

#[tokio::test]
async fn rest_pages_come_in_order_and_say_how_far_they_reach() {
    let org = Org::start().await;
    org.load_accounts(4_500);
    let crm = org.crm();
    let all = pages(&*crm, Object::Account, &whole()).await;
    assert_eq!(
        all.iter().map(|page| page.items.len()).collect::<Vec<_>>(),
        [2_000, 2_000, 500]
    );
    let places: Vec<_> = all
        .iter()
        .flat_map(|page| &page.items)
        .map(|item| match item {
            Item::Live(record) => Position {
                at: record.modified,
                id: Some(record.id.clone()),
            },
            _ => panic!("not live"),
        })
        .collect();
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(all[0].reached.as_ref(), Some(&places[1_999]));
    assert_eq!(
        all[2].reached,
        Some(Position {
            at: whole().until,
            id: None
        })
    );
    assert!(all[0].raw.starts_with(b"{\"") && all[0].raw.ends_with(b"}"));

    // A read that resumes after any of them, also in the middle of a time stamp, returns the rest.
    for at in [0, 1, 2_345, 4_499] {
        let rest = items(&*crm, Object::Account, &after(places[at].clone())).await;
        assert_eq!(rest.len(), 4_499 - at);
    }
    let from_stamp = Position {
        id: None,
        ..places[7 * 100 + 3].clone()
    };
    assert_eq!(
        items(&*crm, Object::Account, &after(from_stamp))
            .await
            .len(),
        4_500 - 700
    );
    let until = Window {
        after: None,
        until: places[700].at,
    };
    assert_eq!(items(&*crm, Object::Account, &until).await.len(), 700);
}

#[tokio::test]
async fn all_five_objects_are_read_and_point_at_what_they_belong_to() {
    let org = Org::start().await;
    let account = org.load(
        "Account",
        json!({"Name": "A", "VAT_ID__c": "DE123456789", "Register_Number__c": "HRB 1"}),
    );
    let contact = org.load("Contact", json!({"LastName": "L", "AccountId": account, "Email": "l@example.org", "MailingPostalCode": "50667"}));
    org.load("Lead", json!({"LastName": "L", "Company": "C GmbH", "PostalCode": "10115", "Website": "c.example"}));
    org.load(
        "Task",
        json!({"Subject": "S", "WhatId": account, "WhoId": contact}),
    );
    org.load("Task", json!({"Subject": "S", "WhoId": contact}));
    org.load(
        "Opportunity",
        json!({"Name": "O", "AccountId": account, "StageName": "New", "CloseDate": "2026-12-01"}),
    );
    for options in [options(), in_bulk()] {
        let crm = org.crm_with(options);
        let mut abouts = Vec::new();
        for object in Object::ALL {
            for item in items(&*crm, object, &whole()).await {
                match item {
                    Item::Live(record) => abouts.push((object, record.attributes)),
                    _ => panic!("not live"),
                }
            }
        }
        let of = |object| {
            abouts
                .iter()
                .filter(move |(other, _)| *other == object)
                .map(|(_, attributes)| attributes)
        };
        let attributes = of(Object::Account).next().unwrap();
        assert_eq!(
            (
                attributes.vat_id.as_deref(),
                attributes.register.as_deref(),
                attributes.company.as_deref()
            ),
            (Some("DE123456789"), Some("HRB 1"), Some("A"))
        );
        let attributes = of(Object::Contact).next().unwrap();
        assert_eq!(
            (attributes.email.as_deref(), attributes.zip.as_deref()),
            (Some("l@example.org"), Some("50667"))
        );
        assert_eq!(attributes.parent, Some(Parent::named_by_id(id(&account))));
        let attributes = of(Object::Lead).next().unwrap();
        assert_eq!(
            (
                attributes.company.as_deref(),
                attributes.zip.as_deref(),
                attributes.website.as_deref()
            ),
            (Some("C GmbH"), Some("10115"), Some("c.example"))
        );
        let mut parents: Vec<_> = of(Object::Task)
            .map(|attributes| attributes.parent.clone().unwrap().id().clone())
            .collect();
        parents.sort();
        assert_eq!(parents, [id(&account), id(&contact)]);
        assert_eq!(
            of(Object::Opportunity).next().unwrap().parent,
            Some(Parent::named_by_id(id(&account)))
        );
    }
}

#[tokio::test]
async fn a_page_set_that_salesforce_forgot_is_told_and_begins_again() {
    let org = Org::start().await;
    org.load_accounts(2_500);
    let crm = org.crm();
    let first = page(&*crm, Object::Account, &whole(), None).await;
    org.control().drop_locators();
    assert!(
        is_lost(
            &*crm,
            Object::Account,
            &whole(),
            first.next.as_ref().unwrap()
        )
        .await
    );
    let rest = items(&*crm, Object::Account, &after(first.reached.unwrap())).await;
    assert_eq!(first.items.len() + rest.len(), 2_500);
    assert!(
        is_lost(
            &*crm,
            Object::Account,
            &whole(),
            &PageToken("of another release".to_owned())
        )
        .await
    );
}

#[tokio::test]
async fn a_token_works_in_the_next_slice_and_is_lost_when_the_fields_changed() {
    for options in [options(), in_bulk()] {
        let org = Org::with(Config {
            rotate_refresh_tokens: false,
            ..Config::default()
        })
        .await;
        org.load_accounts(2_500);
        let first = page(
            &*org.crm_with(options.clone()),
            Object::Account,
            &whole(),
            None,
        )
        .await;
        let token = first.next.unwrap();
        let second = page(
            &*org.crm_with(options.clone()),
            Object::Account,
            &whole(),
            Some(&token),
        )
        .await;
        assert!(!second.items.is_empty());
        org.control()
            .hide_field("Account", "Website", true)
            .unwrap();
        assert!(is_lost(&*org.crm_with(options), Object::Account, &whole(), &token).await);
    }
}

#[tokio::test]
async fn a_repeated_record_is_there_twice_and_alike() {
    for options in [options(), in_bulk()] {
        let org = Org::start().await;
        org.load_accounts(20);
        org.spoil_nth("/queryAll", 2, 1, Spoil::RepeatRecord);
        let items = items(&*org.crm_with(options), Object::Account, &whole()).await;
        assert!(matches!(items.len(), 20 | 21));
        assert_eq!(live(&items).len(), 20);
    }
}

#[tokio::test]
async fn a_field_of_two_megabytes_is_one_bad_record() {
    for options in [options(), in_bulk()] {
        let org = Org::start().await;
        org.load_accounts(20);
        let large = org.load(
            "Account",
            json!({"Name": "large", "Description": "ä".repeat(1 << 20)}),
        );
        let items = items(&*org.crm_with(options), Object::Account, &whole()).await;
        let bad: Vec<_> = items
            .iter()
            .filter_map(|item| match item {
                Item::Bad { id, reason } => Some((id.as_ref().unwrap().as_str(), *reason)),
                _ => None,
            })
            .collect();
        assert_eq!(
            (bad.as_slice(), items.len()),
            ([(large.as_str(), "record.field_too_large")].as_slice(), 21)
        );
    }
}
