//! Associations: types, pages, time stamps, primary ones.

use serde_json::{Value, json};
use simulator::hubspot::{Behaviour, Config};

use super::{Crm, NOW, stamp};

async fn read(crm: &Crm, sides: &str, ids: &[&str]) -> (u16, Value) {
    let inputs: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    let path = format!("/crm/associations/2026-03/{sides}/batch/read");
    let (status, answer) = crm.send("POST", &path, &json!({ "inputs": inputs })).await;
    (status.as_u16(), answer)
}

#[tokio::test]
async fn associations_are_read_in_batches_with_types_of_their_direction() {
    let crm = Crm::start().await;
    let company = crm.create("companies", json!({ "name": "Werk" }));
    let other = crm.create("companies", json!({ "name": "Anderes" }));
    let contact = crm.create("contacts", json!({ "lastname": "A" }));
    let alone = crm.create("contacts", json!({ "lastname": "B" }));
    crm.control()
        .associate(("contacts", &contact), ("companies", &other), false)
        .unwrap();
    crm.control()
        .associate(("contacts", &contact), ("companies", &company), true)
        .unwrap();
    let (status, answer) = read(&crm, "contacts/companies", &[&contact, &alone]).await;
    assert_eq!((status, &answer["status"]), (207, &json!("COMPLETE")));
    assert_eq!(
        answer["results"][0]["to"],
        json!([
            { "toObjectId": 101, "associationTypes": [{ "category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary" }, { "category": "HUBSPOT_DEFINED", "typeId": 279, "label": null }] },
            { "toObjectId": 102, "associationTypes": [{ "category": "HUBSPOT_DEFINED", "typeId": 279, "label": null }] },
        ])
    );
    crm.control().set_behaviour(Behaviour {
        numeric_association_ids: false,
        ..Behaviour::default()
    });
    let (_, texts) = read(&crm, "contacts/companies", &[&contact]).await;
    assert_eq!(texts["results"][0]["to"][0]["toObjectId"], "101");
    assert_eq!(
        answer["errors"][0]["subCategory"],
        "crm.associations.NO_ASSOCIATIONS_FOUND"
    );
    assert_eq!(
        answer["errors"][0]["context"]["fromObjectId"],
        json!([alone])
    );
    let (status, answer) = read(&crm, "0-2/0-1", &[&company]).await;
    assert_eq!(status, 200);
    let types = answer["results"][0]["to"][0]["associationTypes"]
        .as_array()
        .unwrap();
    assert_eq!(
        types.iter().map(|one| &one["typeId"]).collect::<Vec<_>>(),
        [2, 280]
    );
    let many: Vec<String> = (0..1_001).map(|n: u32| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(read(&crm, "contacts/companies", &many).await.0, 400);
}

#[tokio::test]
async fn many_associations_come_in_pages() {
    let crm = Crm::with(Config {
        association_page: 4,
        ..Config::default()
    })
    .await;
    let contact = crm.create("contacts", json!({ "lastname": "A" }));
    let companies = crm.companies(10);
    for company in &companies {
        crm.control()
            .associate(("contacts", &contact), ("companies", company), false)
            .unwrap();
    }
    let (mut seen, mut input) = (Vec::new(), json!({ "id": contact }));
    loop {
        let (_, answer) = crm
            .send(
                "POST",
                "/crm/v4/associations/contacts/companies/batch/read",
                &json!({ "inputs": [input] }),
            )
            .await;
        let one = &answer["results"][0];
        seen.extend(
            one["to"]
                .as_array()
                .unwrap()
                .iter()
                .map(|to| to["toObjectId"].to_string()),
        );
        match one["paging"]["next"]["after"].as_str() {
            Some(after) => input["after"] = json!(after),
            None => break,
        }
    }
    assert_eq!(seen, companies);
    let (_, record) = crm
        .get(&format!("/contacts/{contact}?associations=companies"))
        .await;
    assert_eq!(
        record["associations"]["companies"]["paging"]["next"]["after"],
        companies[4]
    );
}

#[tokio::test]
async fn an_association_moves_no_time_stamp_unless_a_property_mirrors_it() {
    let crm = Crm::stopped(Config::default()).await;
    let company = crm.create("companies", json!({ "name": "Werk" }));
    let contact = crm.create("contacts", json!({ "lastname": "A" }));
    let deal = crm.create(
        "deals",
        json!({ "dealname": "A", "dealstage": "closedwon", "pipeline": "default" }),
    );
    let before = stamp(&crm, "contacts", &contact);
    crm.control().set_clock(Some(NOW + 1_000));
    crm.control()
        .associate(("contacts", &contact), ("companies", &company), false)
        .unwrap();
    crm.control()
        .associate(("deals", &deal), ("companies", &company), true)
        .unwrap();
    assert_eq!(stamp(&crm, "contacts", &contact), before);
    assert_eq!(stamp(&crm, "deals", &deal), before);
    assert_eq!(stamp(&crm, "companies", &company), before);
    crm.control()
        .associate(("contacts", &contact), ("companies", &company), true)
        .unwrap();
    assert_ne!(
        stamp(&crm, "contacts", &contact),
        before,
        "associatedcompanyid changed"
    );
    assert_eq!(stamp(&crm, "companies", &company), before);
}

#[tokio::test]
async fn there_is_one_primary_company_at_most_and_without_the_plain_type_none() {
    let crm = Crm::start().await;
    let companies = crm.companies(2);
    let contact = crm.create("contacts", json!({ "lastname": "A" }));
    let spec = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1 }]);
    for company in &companies {
        let path = format!("/crm/v4/objects/contacts/{contact}/associations/companies/{company}");
        let (status, answer) = crm.send("PUT", &path, &spec).await;
        assert_eq!(
            (status.as_u16(), &answer["labels"]),
            (201, &json!(["Primary"]))
        );
    }
    let (_, all) = crm
        .get(&format!("/contacts/{contact}/associations/companies"))
        .await;
    let n = |at: usize| {
        all["results"][at]["associationTypes"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((n(0), n(1)), (1, 2));
    let plain = json!({ "inputs": [{ "from": { "id": contact }, "to": { "id": companies[1] }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279 }] }] });
    let gone = crm
        .request(
            "POST",
            "/crm/associations/2026-03/contacts/companies/batch/labels/archive",
        )
        .json(&plain);
    assert_eq!(gone.send().await.unwrap().status(), 204);
    assert_eq!(
        crm.control()
            .associated(("contacts", &contact), "companies")
            .unwrap(),
        companies[..1]
    );
    assert!(
        crm.control()
            .get("contacts", &contact)
            .unwrap()
            .get("associatedcompanyid")
            .is_none()
    );
}
