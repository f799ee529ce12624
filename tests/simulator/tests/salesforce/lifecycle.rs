use serde_json::json;

use super::{Crm, code, fields};

#[tokio::test]
async fn a_merge_leaves_one_record_with_both_sets_of_children() {
    let crm = Crm::start().await;
    let ids = crm.accounts(2);
    let contact = crm
        .control()
        .load(
            "Contact",
            &fields(json!({ "LastName": "a", "AccountId": ids[1] })),
        )
        .unwrap();
    let task = crm
        .control()
        .load(
            "Task",
            &fields(json!({ "Subject": "call", "WhatId": ids[1] })),
        )
        .unwrap();
    let before = crm.control().get("Contact", &contact).unwrap();
    crm.control().merge("Account", &ids[0], &ids[1]).unwrap();
    assert_eq!(crm.ids("SELECT Id FROM Account").await, [ids[0].clone()]);
    let loser = crm.control().get("Account", &ids[1]).unwrap();
    assert_eq!(
        (&loser["IsDeleted"], &loser["MasterRecordId"]),
        (&json!(true), &json!(ids[0]))
    );
    let after = crm.control().get("Contact", &contact).unwrap();
    assert_eq!(after["AccountId"], json!(ids[0]));
    assert_ne!(after["SystemModstamp"], before["SystemModstamp"]);
    assert_eq!(
        crm.control().get("Task", &task).unwrap()["WhatId"],
        json!(ids[0])
    );
    assert!(crm.control().merge("Account", &ids[0], &ids[1]).is_err());
}

#[tokio::test]
async fn a_converted_lead_names_what_it_became_and_takes_no_more_writes() {
    let crm = Crm::start().await;
    let lead = crm.control().load("Lead", &fields(json!({ "LastName": "Groß", "FirstName": "Jo", "Company": "Groß AG", "Email": "jo@example.com" }))).unwrap();
    let task = crm
        .control()
        .load("Task", &fields(json!({ "Subject": "call", "WhoId": lead })))
        .unwrap();
    let became = crm.control().convert_lead(&lead, None, true).unwrap();
    let converted = crm.control().get("Lead", &lead).unwrap();
    assert_eq!(converted["IsConverted"], true);
    assert_eq!(converted["ConvertedContactId"], json!(became.contact));
    assert_eq!(converted["ConvertedAccountId"], json!(became.account));
    assert_eq!(
        converted["ConvertedOpportunityId"],
        json!(became.opportunity)
    );
    let contact = crm.control().get("Contact", &became.contact).unwrap();
    assert_eq!(
        (&contact["Name"], &contact["AccountId"], &contact["Email"]),
        (
            &json!("Jo Groß"),
            &json!(became.account),
            &json!("jo@example.com")
        )
    );
    assert_eq!(
        crm.control().get("Task", &task).unwrap()["WhoId"],
        json!(became.contact)
    );
    let (_, error) = crm
        .send(
            "PATCH",
            &format!("/sobjects/Lead/{lead}"),
            &json!({ "Title": "x" }),
        )
        .await;
    assert_eq!(code(&error), "CANNOT_UPDATE_CONVERTED_LEAD");
    let (_, error) = crm
        .send(
            "POST",
            "/sobjects/Task",
            &json!({ "Subject": "x", "WhoId": lead }),
        )
        .await;
    assert_eq!(code(&error), "CANNOT_UPDATE_CONVERTED_LEAD");
    assert!(crm.control().convert_lead(&lead, None, false).is_err());
}

#[tokio::test]
async fn the_date_header_tells_the_time_that_records_are_stamped_with() {
    let crm = Crm::start().await;
    let told = async || {
        let answer = crm.request("GET", "/limits").send().await.unwrap();
        answer.headers()["date"].to_str().unwrap().to_owned()
    };
    let noon = simulator::salesforce::time::parse("2031-02-03T12:00:00.700Z").unwrap();
    crm.control().set_clock(Some(noon));
    assert_eq!(told().await, "Mon, 03 Feb 2031 12:00:00 GMT");
    crm.control().set_clock(None);
    assert!(!told().await.contains("2031"));
}

#[tokio::test]
async fn deletions_are_listed_in_whole_minutes_for_fifteen_days() {
    let crm = Crm::start().await;
    let ids = crm.accounts(3);
    let text = |millis: i64| simulator::salesforce::time::rest_text(millis).replace("+0000", "Z");
    let now = crm.control().now() / 60_000 * 60_000;
    crm.control().set_clock(Some(now + 30_000));
    crm.control()
        .soft_delete("Account", &ids[0], false)
        .unwrap();
    crm.control().hard_delete("Account", &ids[1]).unwrap();
    let deleted = async |start: i64, end: i64| {
        crm.get(&format!(
            "/sobjects/Account/deleted/?start={}&end={}",
            text(start),
            text(end)
        ))
        .await
    };
    let (_, answer) = deleted(now + 45_000, now + 90_000).await;
    assert_eq!(answer["deletedRecords"].as_array().unwrap().len(), 2);
    assert!(answer["earliestDateAvailable"].is_string() && answer["latestDateCovered"].is_string());
    let (_, before) = deleted(now - 120_000, now).await;
    assert_eq!(before["deletedRecords"], json!([]));
    assert_eq!(code(&deleted(now, now).await.1), "INVALID_REPLICATION_DATE");
    assert_eq!(
        code(&deleted(now - 16 * 86_400_000, now).await.1),
        "INVALID_REPLICATION_DATE"
    );
    crm.control().undelete("Account", &ids[0]).unwrap();
    let (_, answer) = deleted(now, now + 60_000).await;
    assert_eq!(answer["deletedRecords"][0]["id"], json!(ids[1]));
    assert_eq!(
        crm.ids("SELECT Id FROM Account ORDER BY Id").await,
        [ids[0].clone(), ids[2].clone()]
    );
}

#[tokio::test]
async fn too_many_deletions_are_refused() {
    let crm = Crm::with(super::Config {
        deleted_ids: 1,
        ..super::Config::default()
    })
    .await;
    for id in crm.accounts(2) {
        crm.control().soft_delete("Account", &id, false).unwrap();
    }
    let text = |millis: i64| simulator::salesforce::time::rest_text(millis).replace("+0000", "Z");
    let now = crm.control().now();
    let (_, error) = crm
        .get(&format!(
            "/sobjects/Account/deleted/?start={}&end={}",
            text(now - 3_600_000),
            text(now + 60_000)
        ))
        .await;
    assert_eq!(code(&error), "EXCEEDED_ID_LIMIT");
}

#[tokio::test]
async fn the_same_records_load_the_same_way_twice() {
    let (one, other) = (Crm::start().await, Crm::start().await);
    assert_eq!(one.accounts(5), other.accounts(5));
    let id = &one.control().ids("Account", false).unwrap()[3];
    assert_eq!(
        one.control().get("Account", id).unwrap(),
        other.control().get("Account", id).unwrap()
    );
    one.control().clear();
    assert_eq!(
        one.accounts(5),
        other.control().ids("Account", false).unwrap()
    );
}

#[tokio::test]
async fn a_client_that_deletes_an_account_deletes_its_children() {
    let crm = Crm::start().await;
    let ids = crm.accounts(2);
    for id in &ids {
        crm.control()
            .load(
                "Contact",
                &fields(json!({ "LastName": "a", "AccountId": id })),
            )
            .unwrap();
    }
    assert_eq!(
        crm.send(
            "DELETE",
            &format!("/sobjects/Account/{}", ids[0]),
            &json!(null)
        )
        .await
        .0,
        204
    );
    crm.control()
        .soft_delete("Account", &ids[1], false)
        .unwrap();
    let counts = crm.control().counts();
    assert_eq!(
        (
            counts["Account"].live,
            counts["Contact"].live,
            counts["Contact"].all
        ),
        (0, 1, 2)
    );
}
