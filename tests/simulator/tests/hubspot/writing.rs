//! Single creates and updates: associations, conflicts, validation.

use serde_json::{Value, json};
use simulator::hubspot::Config;

use super::{Crm, codes, map, primary_company};

#[tokio::test]
async fn a_contact_is_created_with_its_company_in_one_call() {
    let crm = Crm::start().await;
    let company = crm.create("companies", json!({ "name": "Werk" }));
    let body = json!({ "properties": { "email": "A@Example.com" }, "associations": primary_company(&company) });
    let (status, record) = crm.send("POST", "/contacts", &body).await;
    assert_eq!(status, 201, "{record}");
    assert_eq!(record["properties"]["email"], "a@example.com");
    let id = record["id"].as_str().unwrap();
    let (_, read) = crm.get(&format!("/contacts/{id}?properties=associatedcompanyid,hs_object_source_label&associations=companies")).await;
    assert_eq!(read["properties"]["associatedcompanyid"], company);
    assert_eq!(read["properties"]["hs_object_source_label"], "INTEGRATION");
    assert_eq!(
        read["associations"]["companies"]["results"],
        json!([{ "id": company, "type": "contact_to_company" }, { "id": company, "type": "contact_to_company_unlabeled" }]),
        "the same id twice"
    );
}

#[tokio::test]
async fn an_address_that_a_contact_has_is_a_conflict_also_as_an_additional_one() {
    let crm = Crm::start().await;
    let id = crm.load(json!({ "object": "contacts", "properties": { "email": "a@example.com", "hs_additional_emails": "b@example.com" } }));
    for email in ["a@example.com", "B@EXAMPLE.com"] {
        let body = json!({ "properties": { "email": email }, "associations": [] });
        let (status, answer) = crm.send("POST", "/contacts", &body).await;
        assert_eq!(status, 409);
        assert_eq!(
            answer["message"],
            format!("Contact already exists. Existing ID: {id}")
        );
        assert_eq!(answer["category"], "CONFLICT");
    }
    crm.control().archive("contacts", &id).unwrap();
    let body = json!({ "properties": { "email": "b@example.com" }, "associations": [] });
    assert_eq!(
        crm.send("POST", "/contacts", &body).await.0,
        201,
        "an archived contact is in nobody's way"
    );
}

#[tokio::test]
async fn values_that_do_not_fit_are_named_one_by_one() {
    let crm = Crm::start().await;
    let long = "x".repeat(65_537);
    let body = json!({ "properties": {
        "name": "Werk", "missing": "1", "industry": "banking", "numberofemployees": "many", "is_public": "perhaps", "closedate": "soon",
        "createdate": "2026-01-01", "description": long,
    } });
    let (status, answer) = crm.send("POST", "/companies", &body).await;
    assert_eq!(
        (status.as_u16(), &answer["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    let mut got = codes(&answer);
    got.sort_unstable();
    assert_eq!(
        got,
        [
            "INVALID_BOOLEAN",
            "INVALID_DOUBLE",
            "INVALID_LONG",
            "INVALID_OPTION",
            "PROPERTY_DOESNT_EXIST",
            "PROPERTY_VALUE_TOO_LONG",
            "READ_ONLY_VALUE"
        ]
    );
    let inner = answer["message"]
        .as_str()
        .unwrap()
        .strip_prefix("Property values were not valid: ")
        .unwrap();
    let inner: Vec<Value> = serde_json::from_str(inner).unwrap();
    assert_eq!(
        (inner.len(), &inner[0]["isValid"], &inner[0]["portalId"]),
        (7, &json!(false), &json!(25_700_001))
    );
    let body = json!({ "properties": { "name": "Werk", "description": "x".repeat(65_536) } });
    assert_eq!(crm.send("POST", "/companies", &body).await.0, 201);
    let (_, answer) = crm
        .send(
            "POST",
            "/contacts",
            &json!({ "properties": { "email": "nobody" } }),
        )
        .await;
    assert_eq!(codes(&answer), ["INVALID_EMAIL"]);
    let several = json!({ "properties": { "lastname": "A", "hs_legal_basis": "Not applicable;Performance of a contract" } });
    assert_eq!(crm.send("POST", "/contacts", &several).await.0, 201);
}

#[tokio::test]
async fn each_object_has_what_it_cannot_be_without() {
    let crm = Crm::start().await;
    for (object, given, missing) in [
        (
            "contacts",
            json!({ "phone": "1" }),
            json!(["email", "firstname", "lastname"]),
        ),
        (
            "companies",
            json!({ "city": "Ulm" }),
            json!(["name", "domain"]),
        ),
        (
            "deals",
            json!({ "dealname": "A" }),
            json!(["dealstage", "pipeline"]),
        ),
        (
            "tasks",
            json!({ "hs_task_subject": "A" }),
            json!(["hs_timestamp"]),
        ),
        ("leads", json!({}), json!(["hs_lead_name"])),
    ] {
        let (status, answer) = crm
            .send(
                "POST",
                &format!("/{object}"),
                &json!({ "properties": given }),
            )
            .await;
        assert_eq!(
            (status.as_u16(), &answer["context"]["properties"]),
            (400, &missing),
            "{answer}"
        );
    }
    let (status, _) = crm
        .send("POST", "/deals", &json!({ "associations": [] }))
        .await;
    assert_eq!(status, 400);
    assert_eq!(crm.send("POST", "/deals", &json!([])).await.0, 400);
}

#[tokio::test]
async fn a_lead_needs_a_primary_parent_that_exists() {
    let crm = Crm::start().await;
    let contact = crm.create(
        "contacts",
        json!({ "email": "a@example.com", "firstname": "Anna" }),
    );
    let lead = |kind: u32, to: &str| json!({ "properties": { "hs_lead_name": "Anna" }, "associations": [{ "to": { "id": to }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": kind }] }] });
    assert_eq!(
        crm.send(
            "POST",
            "/leads",
            &json!({ "properties": { "hs_lead_name": "Anna" } })
        )
        .await
        .0,
        400
    );
    assert_eq!(
        crm.send("POST", "/leads", &lead(608, &contact)).await.0,
        400,
        "a plain one is not enough"
    );
    assert_eq!(crm.send("POST", "/leads", &lead(578, "999")).await.0, 400);
    let (status, made) = crm.send("POST", "/leads", &lead(578, &contact)).await;
    assert_eq!(status, 201, "{made}");
    let lead = crm
        .control()
        .get("leads", made["id"].as_str().unwrap())
        .unwrap();
    assert_eq!(lead["hs_primary_contact_id"], contact);
    assert_eq!(lead["hs_associated_contact_email"], "a@example.com");
    assert_eq!(lead["hs_pipeline_stage_category"], "OPEN");
}

#[tokio::test]
async fn an_update_moves_the_time_stamp_and_an_archived_record_takes_none() {
    let crm = Crm::stopped(Config::default()).await;
    let id = crm.create("companies", json!({ "name": "Werk" }));
    crm.control().set_clock(Some(super::NOW + 5));
    let path = format!("/companies/{id}");
    let (status, record) = crm
        .send(
            "PATCH",
            &path,
            &json!({ "properties": { "name": "", "city": "Ulm" } }),
        )
        .await;
    assert_eq!(status, 200);
    assert_eq!(record["updatedAt"], "2026-09-21T14:13:20.005Z");
    assert_eq!(
        record["properties"]["name"],
        Value::Null,
        "an empty text is no value"
    );
    let gone = crm.request("DELETE", &path).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    assert_eq!(
        crm.send("PATCH", &path, &json!({ "properties": { "city": "Bonn" } }))
            .await
            .0,
        404
    );
    assert!(
        crm.control()
            .edit("companies", &id, &map(json!({ "city": "Bonn" })))
            .is_err()
    );
}
