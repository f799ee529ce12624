//! The history of properties.

use serde_json::{Value, json};
use simulator::hubspot::Config;

use super::{Crm, NOW};

fn values(record: &Value, property: &str) -> Vec<(String, String)> {
    let all = record["propertiesWithHistory"][property]
        .as_array()
        .unwrap();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let one = |one: &Value| (text(one, "value"), text(one, "sourceType"));
    all.iter().map(one).collect()
}

fn owned(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let one = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    all.iter().map(one).collect()
}

#[tokio::test]
async fn each_value_has_its_time_and_who_set_it_the_latest_first() {
    let crm = Crm::stopped(Config::default()).await;
    let company = crm.create("companies", json!({ "name": "Werk", "city": "Köln" }));
    let path = format!("/companies/{company}");
    crm.control().set_clock(Some(NOW + 1_000));
    crm.send("PATCH", &path, &json!({ "properties": { "city": "Bonn" } }))
        .await;
    crm.control().set_clock(Some(NOW + 2_000));
    let cleared = json!({ "city": "" });
    crm.control()
        .edit("companies", &company, cleared.as_object().unwrap())
        .unwrap();
    let (_, record) = crm
        .get(&format!(
            "{path}?propertiesWithHistory=city,name,phone,nope"
        ))
        .await;
    let city = owned(&[("", "CRM_UI"), ("Bonn", "INTEGRATION"), ("Köln", "CRM_UI")]);
    assert_eq!(values(&record, "city"), city);
    assert_eq!(values(&record, "name"), owned(&[("Werk", "CRM_UI")]));
    assert_eq!(values(&record, "phone"), []);
    assert_eq!(
        record["propertiesWithHistory"].as_object().unwrap().len(),
        3,
        "{record}"
    );
    let times = record["propertiesWithHistory"]["city"].as_array().unwrap();
    let times: Vec<&str> = times
        .iter()
        .map(|one| one["timestamp"].as_str().unwrap())
        .collect();
    assert_eq!(
        times,
        [
            "2026-09-21T14:13:22.000Z",
            "2026-09-21T14:13:21.000Z",
            "2026-09-21T14:13:20.000Z"
        ]
    );
    assert_eq!(
        record["properties"]["name"], "Werk",
        "present values come, too"
    );
    assert!(
        crm.get(&path)
            .await
            .1
            .get("propertiesWithHistory")
            .is_none()
    );
}

#[tokio::test]
async fn lists_and_batches_have_it_and_take_half_as_many_records_then() {
    let crm = Crm::stopped(Config::default()).await;
    let all = crm.companies(60);
    let (_, page) = crm
        .get("/companies?limit=50&propertiesWithHistory=name")
        .await;
    assert_eq!(
        values(&page["results"][7], "name"),
        owned(&[("Werk 7", "IMPORT")])
    );
    assert_eq!(
        crm.get("/companies?limit=51&propertiesWithHistory=name")
            .await
            .0,
        400
    );
    let read = |n: usize| {
        let inputs: Vec<Value> = all[..n].iter().map(|id| json!({ "id": id })).collect();
        json!({ "properties": [], "propertiesWithHistory": ["name"], "inputs": inputs })
    };
    let (status, answer) = crm.send("POST", "/companies/batch/read", &read(50)).await;
    assert_eq!(status, 200);
    assert!(
        answer["results"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| values(one, "name").len() == 1)
    );
    assert_eq!(
        crm.send("POST", "/companies/batch/read", &read(51)).await.0,
        400
    );
}

#[tokio::test]
async fn a_survivor_keeps_its_history_whichever_id_it_has() {
    for new_id in [false, true] {
        let crm = Crm::stopped(Config::default()).await;
        let (one, other) = (
            crm.create("companies", json!({ "name": "Werk" })),
            crm.create("companies", json!({ "name": "Werk", "city": "Bonn" })),
        );
        let renamed = json!({ "name": "Werk Eins" });
        crm.control()
            .edit("companies", &one, renamed.as_object().unwrap())
            .unwrap();
        let id = crm
            .control()
            .merge("companies", &one, &other, new_id)
            .unwrap();
        let (_, record) = crm
            .get(&format!("/companies/{id}?propertiesWithHistory=name,city"))
            .await;
        assert_eq!(
            values(&record, "name"),
            owned(&[("Werk Eins", "CRM_UI"), ("Werk", "CRM_UI")])
        );
        assert_eq!(values(&record, "city"), owned(&[("Bonn", "MERGE_OBJECTS")]));
    }
}
