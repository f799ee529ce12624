//! Creates, batches, conflicts, validation, unique properties.

use serde_json::{Value, json};
use simulator::hubspot::{Behaviour, Config, Fault, Rule};

use super::{Crm, ids, map};

fn primary_company(id: &str) -> Value {
    json!([{ "to": { "id": id }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1 }] }])
}

fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

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
async fn without_trace_ids_one_bad_input_fails_all_and_only_the_first_is_named() {
    let crm = Crm::start().await;
    let inputs = json!({ "inputs": [
        { "properties": { "name": "A" } }, { "properties": { "name": "B", "first": "1" } }, { "properties": { "second": "1" } },
    ] });
    let (status, answer) = crm.send("POST", "/companies/batch/create", &inputs).await;
    assert_eq!(status, 400);
    assert!(answer.to_string().contains("first") && !answer.to_string().contains("second"));
    assert_eq!(crm.control().counts()["companies"].all, 0);
}

#[tokio::test]
async fn with_trace_ids_each_input_stands_alone() {
    let crm = Crm::start().await;
    let inputs: Vec<Value> = (0..20)
        .map(|n| {
            let name = if n == 7 { "nope" } else { "name" };
            json!({ "objectWriteTraceId": format!("t{n}"), "properties": { name: format!("Werk {n}") }, "associations": [] })
        })
        .collect();
    let (status, answer) = crm
        .send(
            "POST",
            "/companies/batch/create",
            &json!({ "inputs": inputs }),
        )
        .await;
    assert_eq!((status.as_u16(), &answer["numErrors"]), (207, &json!(1)));
    assert_eq!(
        answer["errors"][0]["context"],
        json!({ "objectWriteTraceId": ["t7"] })
    );
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 19);
    for one in results {
        let trace = one["objectWriteTraceId"].as_str().unwrap();
        assert_eq!(one["properties"]["name"], trace.replace('t', "Werk "));
    }
    let mut sorted = ids(&answer);
    sorted.sort();
    assert_ne!(ids(&answer), sorted, "results keep no order");
    let fine = json!({ "inputs": [{ "objectWriteTraceId": "x", "properties": { "name": "A" } }] });
    assert_eq!(
        crm.send("POST", "/companies/batch/create", &fine).await.0,
        201
    );
}

#[tokio::test]
async fn a_property_of_unique_values_makes_upserts_and_conflicts() {
    let crm = Crm::start().await;
    let property = json!({ "name": "abgleich_id", "label": "Id", "type": "string", "fieldType": "text", "groupName": "dealinformation", "hasUniqueValue": true });
    let path = "/crm/properties/2026-03/deals";
    assert_eq!(crm.send("POST", path, &property).await.0, 403);
    let mut scopes = simulator::hubspot::config::object_scopes();
    scopes.push("crm.schemas.deals.write".to_owned());
    crm.control()
        .set_scopes(&scopes.iter().map(String::as_str).collect::<Vec<_>>());
    let crm = Crm {
        token: crm.control().session(),
        ..crm
    };
    let (status, made) = crm.send("POST", path, &property).await;
    assert_eq!(
        (status.as_u16(), &made["hasUniqueValue"]),
        (201, &json!(true))
    );
    assert_eq!(crm.send("POST", path, &property).await.0, 409);

    let deal = json!({ "dealname": "A", "dealstage": "closedwon", "pipeline": "default" });
    let upsert =
        json!({ "inputs": [{ "id": "k1", "idProperty": "abgleich_id", "properties": deal }] });
    let (status, first) = crm.send("POST", "/deals/batch/upsert", &upsert).await;
    assert_eq!(
        (status.as_u16(), &first["results"][0]["new"]),
        (200, &json!(true)),
        "{first}"
    );
    let (_, second) = crm.send("POST", "/deals/batch/upsert", &upsert).await;
    assert_eq!(
        (&second["results"][0]["new"], ids(&second)),
        (&json!(false), ids(&first))
    );
    let (_, read) = crm
        .get("/deals/k1?idProperty=abgleich_id&properties=hs_is_closed")
        .await;
    assert_eq!(
        (&read["id"], &read["properties"]["hs_is_closed"]),
        (&first["results"][0]["id"], &json!("true"))
    );
    let mut again = deal.clone();
    again["abgleich_id"] = json!("k1");
    let body = json!({ "properties": again });
    assert_eq!(crm.send("POST", "/deals", &body).await.0, 409);
    crm.control().set_behaviour(Behaviour {
        unique_conflict_is_409: false,
        ..Behaviour::default()
    });
    let (status, answer) = crm.send("POST", "/deals", &body).await;
    assert_eq!(
        (status.as_u16(), codes(&answer)),
        (400, vec!["CONFLICTING_UNIQUE_VALUE"])
    );
}

#[tokio::test]
async fn administrators_rules_bind_writes_of_the_newest_version_only() {
    let crm = Crm::with(Config {
        rules: vec![
            Rule {
                object: "companies".to_owned(),
                property: "zip".to_owned(),
                when: None,
            },
            Rule {
                object: "companies".to_owned(),
                property: "domain".to_owned(),
                when: Some(("type".to_owned(), "VENDOR".to_owned())),
            },
        ],
        ..Config::default()
    })
    .await;
    let body = |kind: &str| json!({ "properties": { "name": "Werk", "type": kind } });
    assert_eq!(crm.send("POST", "/companies", &body("VENDOR")).await.0, 201);
    let newest = "/crm/objects/2026-09/companies";
    let (status, answer) = crm.send("POST", newest, &body("PARTNER")).await;
    assert_eq!(
        (status.as_u16(), codes(&answer)),
        (400, vec!["MISSING_REQUIRED_PROPERTY"])
    );
    let (_, answer) = crm.send("POST", newest, &body("VENDOR")).await;
    assert_eq!(
        codes(&answer),
        [
            "MISSING_REQUIRED_PROPERTY",
            "MISSING_CONDITIONAL_REQUIRED_PROPERTY"
        ]
    );
}

#[tokio::test]
async fn a_lost_answer_leaves_the_record() {
    let crm = Crm::start().await;
    crm.spoil("/crm/objects/companies", 1, Fault::AnswerLost);
    let lost = crm
        .request("POST", "/companies")
        .json(&json!({ "properties": { "name": "Werk" } }));
    assert!(lost.send().await.is_err());
    assert_eq!(crm.control().counts()["companies"].live, 1);
    assert!(crm.control().sent().contains("Werk"));
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
