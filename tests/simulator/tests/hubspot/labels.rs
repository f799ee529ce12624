//! Labels that an account made, and the associations of v3, which have names for their types.

use serde_json::{Value, json};

use super::{Crm, NOW, stamp};

const LABELS: &str = "/crm/associations/2026-03/deals/companies/labels";

fn spec(category: &str, id: u64) -> Value {
    json!({ "associationCategory": category, "associationTypeId": id })
}

/// Returns the types with which a deal is associated with a company.
async fn types(crm: &Crm, deal: &str) -> Vec<(String, u64, Value)> {
    let path = "/crm/associations/2026-03/deals/companies/batch/read";
    let body = json!({ "inputs": [{ "id": deal }] });
    let (_, answer) = crm.send("POST", path, &body).await;
    let types = answer["results"][0]["to"][0]["associationTypes"].as_array();
    let one = |one: &Value| {
        let category = one["category"].as_str().unwrap().to_owned();
        (
            category,
            one["typeId"].as_u64().unwrap(),
            one["label"].clone(),
        )
    };
    types.into_iter().flatten().map(one).collect()
}

#[tokio::test]
async fn a_label_has_two_directions_and_ids_that_hubspot_uses_for_others() {
    let crm = Crm::start().await;
    for name in ["one", "two"] {
        let body = json!({ "name": name, "label": name });
        assert_eq!(crm.send("POST", LABELS, &body).await.0, 200);
    }
    let body = json!({ "name": "builds", "label": "Builder", "inverseLabel": "Builds" });
    let (status, made) = crm.send("POST", LABELS, &body).await;
    assert_eq!(status, 200, "{made}");
    let made = &made["results"];
    assert_eq!(
        made[0],
        json!({ "category": "USER_DEFINED", "typeId": 5, "label": "Builder" })
    );
    assert_eq!(
        made[1],
        json!({ "category": "USER_DEFINED", "typeId": 6, "label": "Builds" })
    );
    let (_, there) = crm.get(LABELS).await;
    let five: Vec<&Value> = there["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["typeId"] == 5)
        .collect();
    assert_eq!(five.len(), 2, "the primary company's and ours: {there}");
    let (_, back) = crm
        .get("/crm/associations/2026-03/companies/deals/labels")
        .await;
    assert!(
        back["results"].as_array().unwrap().contains(&made[1]),
        "{back}"
    );
    let (status, refused) = crm.send("POST", LABELS, &body).await;
    assert_eq!(
        (status.as_u16(), &refused["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    assert_eq!(
        crm.send("POST", LABELS, &json!({ "label": "x" })).await.0,
        400
    );
}

#[tokio::test]
async fn a_labelled_association_is_also_a_plain_one_and_outlives_its_label() {
    let crm = Crm::stopped(simulator::hubspot::Config::default()).await;
    let company = crm.create("companies", json!({ "name": "Werk" }));
    let deal = crm.create(
        "deals",
        json!({ "dealname": "A", "dealstage": "closedwon", "pipeline": "default" }),
    );
    let (_, made) = crm
        .send(
            "POST",
            LABELS,
            &json!({ "name": "builds", "label": "Builder" }),
        )
        .await;
    let id = made["results"][0]["typeId"].as_u64().unwrap();
    crm.control().set_clock(Some(NOW + 60_000));
    let path = format!("/deals/{deal}/associations/companies/{company}");
    let (status, answer) = crm
        .send("PUT", &path, &json!([spec("USER_DEFINED", id)]))
        .await;
    assert_eq!(
        (status.as_u16(), &answer["labels"]),
        (201, &json!(["Builder"]))
    );
    let own = ("USER_DEFINED".to_owned(), id, json!("Builder"));
    let plain = ("HUBSPOT_DEFINED".to_owned(), 341, Value::Null);
    assert_eq!(types(&crm, &deal).await, [plain.clone(), own]);
    assert!(
        stamp(&crm, "deals", &deal).starts_with("2026-09-21T14:13:20"),
        "no stamp moves"
    );
    let (_, read) = crm
        .get(&format!("/deals/{deal}?associations=companies"))
        .await;
    let names: Vec<&Value> = read["associations"]["companies"]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["type"])
        .collect();
    assert_eq!(names, ["deal_to_company_unlabeled", "builds"]);
    let renamed = json!({ "associationTypeId": id, "label": "Bauherr" });
    assert_eq!(crm.send("PUT", LABELS, &renamed).await.0, 204);
    assert_eq!(types(&crm, &deal).await[1].2, "Bauherr");
    assert_eq!(
        crm.send("DELETE", &format!("{LABELS}/{id}"), &json!({}))
            .await
            .0,
        204
    );
    assert_eq!(types(&crm, &deal).await, [plain]);
    // Its id is none of HubSpot's.
    let (status, _) = crm
        .send("PUT", &path, &json!([spec("USER_DEFINED", 341)]))
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn v3_names_the_types_and_lists_a_record_once_for_each() {
    let crm = Crm::start().await;
    let company = crm.create("companies", json!({ "name": "Werk" }));
    let contact = crm.create("contacts", json!({ "lastname": "A" }));
    let (_, types) = crm
        .get("/crm/v3/associations/contacts/companies/types")
        .await;
    assert_eq!(
        types["results"],
        json!([{ "id": "1", "name": "contact_to_company" }, { "id": "279", "name": "contact_to_company_unlabeled" }])
    );
    let input = |name: &str| json!({ "inputs": [{ "from": { "id": contact }, "to": { "id": company }, "type": name }] });
    let batch = |what: &str| format!("/crm/v3/associations/contacts/companies/batch/{what}");
    let (status, made) = crm
        .send("POST", &batch("create"), &input("contact_to_company"))
        .await;
    assert_eq!(
        (status.as_u16(), &made["results"]),
        (201, &input("contact_to_company")["inputs"])
    );
    let both = json!([{ "id": company, "type": "contact_to_company" }, { "id": company, "type": "contact_to_company_unlabeled" }]);
    let (status, read) = crm
        .send(
            "POST",
            &batch("read"),
            &json!({ "inputs": [{ "id": contact }, { "id": "9" }] }),
        )
        .await;
    assert_eq!(status, 207);
    assert_eq!(
        read["results"],
        json!([{ "from": { "id": contact }, "to": both }])
    );
    assert_eq!(
        read["errors"][0]["subCategory"],
        "crm.associations.NO_ASSOCIATIONS_FOUND"
    );
    let (_, listed) = crm
        .get(&format!(
            "/crm/v3/objects/contacts/{contact}/associations/companies"
        ))
        .await;
    assert_eq!(listed["results"], both);
    // Without the primary type the plain one is left, and without the plain one nothing is.
    assert_eq!(
        crm.send("POST", &batch("archive"), &input("1")).await.0,
        204
    );
    let one = format!("/crm/v3/objects/contacts/{contact}/associations/companies");
    assert_eq!(crm.get(&one).await.1["results"], json!([both[1]]));
    let (status, put) = crm
        .send(
            "PUT",
            &format!("{one}/{company}/contact_to_company"),
            &json!({}),
        )
        .await;
    assert_eq!((status.as_u16(), &put["id"]), (200, &json!(contact)));
    assert_eq!(
        crm.control().get("contacts", &contact).unwrap()["associatedcompanyid"],
        company.as_str()
    );
    assert_eq!(
        crm.send("DELETE", &format!("{one}/{company}/279"), &json!({}))
            .await
            .0,
        204
    );
    assert_eq!(crm.get(&one).await.1["results"], json!([]));
    let (status, _) = crm
        .send("POST", &batch("create"), &input("deal_to_company"))
        .await;
    assert_eq!(status, 400);
}
