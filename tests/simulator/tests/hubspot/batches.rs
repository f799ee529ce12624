//! Batches, unique properties, rules, and lost answers.

use serde_json::{Value, json};
use simulator::hubspot::{Behaviour, Config, Fault, Rule};

use super::{Crm, codes, ids};

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
