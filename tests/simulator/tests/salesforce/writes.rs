use serde_json::{Value, json};

use super::{Crm, code, fields};

#[tokio::test]
async fn a_record_is_created_read_changed_and_deleted() {
    let crm = Crm::start().await;
    let (status, created) = crm
        .send(
            "POST",
            "/sobjects/Account",
            &json!({ "Name": "  Müller  ", "BillingCity": "Köln" }),
        )
        .await;
    assert_eq!((status.as_u16(), &created["success"]), (201, &json!(true)));
    let path = format!("/sobjects/Account/{}", created["id"].as_str().unwrap());
    let (_, read) = crm.get(&path).await;
    assert_eq!(
        (
            &read["Name"],
            &read["BillingAddress"]["city"],
            &read["Phone"]
        ),
        (&json!("Müller"), &json!("Köln"), &Value::Null)
    );
    assert_eq!(
        crm.send(
            "PATCH",
            &path,
            &json!({ "Phone": "1", "BillingCity": null })
        )
        .await
        .0,
        204
    );
    let (_, read) = crm.get(&format!("{path}?fields=Phone,BillingCity")).await;
    assert_eq!(
        (&read["Phone"], &read["BillingCity"], read.get("Name")),
        (&json!("1"), &Value::Null, None)
    );
    assert_eq!(crm.send("DELETE", &path, &Value::Null).await.0, 204);
    let (status, error) = crm.get(&path).await;
    assert_eq!((status.as_u16(), code(&error)), (404, "ENTITY_IS_DELETED"));
    assert_eq!(
        code(&crm.get("/sobjects/Account/001000000000000AAA").await.1),
        "NOT_FOUND"
    );
}

#[tokio::test]
async fn a_write_is_refused_with_the_reason() {
    let crm = Crm::start().await;
    crm.control()
        .load(
            "Contact",
            &fields(json!({ "LastName": "a", "External_Id__c": "x1" })),
        )
        .unwrap();
    for (body, wanted) in [
        (json!({ "FirstName": "a" }), "REQUIRED_FIELD_MISSING"),
        (json!({ "LastName": "x".repeat(81) }), "STRING_TOO_LONG"),
        (json!({ "LastName": "a", "Nope": 1 }), "INVALID_FIELD"),
        (
            json!({ "LastName": "a", "SystemModstamp": "2026-01-01T00:00:00Z" }),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
        ),
        (
            json!({ "LastName": "a", "Email": "nobody" }),
            "INVALID_EMAIL_ADDRESS",
        ),
        (
            json!({ "LastName": "a", "AccountId": "001000000000000AAA" }),
            "INVALID_CROSS_REFERENCE_KEY",
        ),
        (
            json!({ "LastName": "a", "AccountId": "12" }),
            "MALFORMED_ID",
        ),
        (
            json!({ "LastName": "a", "External_Id__c": "X1" }),
            "DUPLICATE_VALUE",
        ),
        (json!([1]), "JSON_PARSER_ERROR"),
    ] {
        let (status, error) = crm.send("POST", "/sobjects/Contact", &body).await;
        assert_eq!((status.as_u16(), code(&error)), (400, wanted), "{body}");
    }
    assert_eq!(crm.control().counts()["Contact"].live, 1);
}

#[tokio::test]
async fn an_upsert_creates_and_then_changes() {
    let crm = Crm::start().await;
    let path = "/sobjects/Account/External_Id__c/key%201%2B";
    let (status, first) = crm.send("PATCH", path, &json!({ "Name": "a" })).await;
    assert_eq!((status.as_u16(), &first["created"]), (201, &json!(true)));
    let (status, second) = crm.send("PATCH", path, &json!({ "Name": "b" })).await;
    assert_eq!(
        (status.as_u16(), &second["created"], &second["id"]),
        (200, &json!(false), &first["id"])
    );
    let read = crm.get(path).await.1;
    assert_eq!(
        (&read["Name"], &read["External_Id__c"]),
        (&json!("b"), &json!("key 1+"))
    );
}

#[tokio::test]
async fn a_collection_answers_in_order_and_can_be_all_or_nothing() {
    let crm = Crm::start().await;
    let record = |kind: &str, name: &str, value: &str| json!({ "attributes": { "type": kind }, name: value });
    let mixed = [
        record("Account", "Name", "a"),
        record("Account", "Phone", "1"),
        record("Account", "Name", "c"),
    ];
    let (status, results) = crm
        .send("POST", "/composite/sobjects", &json!({ "records": mixed }))
        .await;
    assert_eq!(status, 200);
    let successes: Vec<_> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["success"].as_bool().unwrap())
        .collect();
    assert_eq!(successes, [true, false, true]);
    assert_eq!(
        results[1]["errors"][0]["statusCode"],
        "REQUIRED_FIELD_MISSING"
    );
    let (_, results) = crm
        .send(
            "POST",
            "/composite/sobjects",
            &json!({ "allOrNone": true, "records": mixed }),
        )
        .await;
    assert_eq!(
        results[0]["errors"][0]["statusCode"],
        "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    );
    assert_eq!(crm.control().counts()["Account"].all, 2);
    let many: Vec<_> = (0..201)
        .map(|n| record("Account", "Name", &n.to_string()))
        .collect();
    assert_eq!(
        crm.send("POST", "/composite/sobjects", &json!({ "records": many }))
            .await
            .0,
        400
    );
    let chunks: Vec<_> = (0..12)
        .map(|n| {
            if n % 2 == 0 {
                record("Account", "Name", "a")
            } else {
                record("Contact", "LastName", "b")
            }
        })
        .collect();
    assert_eq!(
        crm.send("POST", "/composite/sobjects", &json!({ "records": chunks }))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_duplicate_is_refused_unless_the_header_allows_it() {
    let crm = Crm::start().await;
    crm.control()
        .load(
            "Contact",
            &fields(json!({ "LastName": "a", "Email": "a@example.com" })),
        )
        .unwrap();
    let rule = |block| {
        serde_json::from_value(json!({ "object": "Contact", "fields": ["Email"], "block": block }))
            .unwrap()
    };
    let send = async |header: &str| {
        let request = crm
            .request("POST", "/sobjects/Contact")
            .json(&json!({ "LastName": "b", "Email": "A@example.com" }));
        super::answer(
            request
                .header("Sforce-Duplicate-Rule-Header", header)
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    crm.control().set_duplicate_rules(vec![rule(true)]);
    assert_eq!(code(&send("allowSave=true").await.1), "DUPLICATES_DETECTED");
    crm.control().set_duplicate_rules(vec![rule(false)]);
    let (status, error) = send("allowSave=false; includeRecordDetails=true").await;
    assert_eq!(
        (status.as_u16(), code(&error)),
        (400, "DUPLICATES_DETECTED")
    );
    assert!(error.to_string().contains("\"Email\":\"a@example.com\""));
    assert_eq!(
        send("allowSave=true; includeRecordDetails=false; runAsCurrentUser=true")
            .await
            .0,
        201
    );
}
