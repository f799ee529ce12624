//! Associations, merges, restoring, and leads that vanish.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use simulator::hubspot::{Behaviour, Config};

use super::{Crm, NOW, ids, map};

fn stamp(crm: &Crm, object: &str, id: &str) -> String {
    let record = crm.control().get(object, id).unwrap();
    let stamp = record
        .get("lastmodifieddate")
        .or_else(|| record.get("hs_lastmodifieddate"));
    stamp.unwrap().as_str().unwrap().to_owned()
}

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

#[tokio::test]
async fn a_lead_vanishes_without_being_archived_when_its_last_parent_goes() {
    let crm = Crm::start().await;
    let contact = crm.create("contacts", json!({ "lastname": "A" }));
    let company = crm.create("companies", json!({ "name": "Werk" }));
    let lead = |parents: &[(&str, &str, bool)]| {
        crm.control()
            .create("leads", &map(json!({ "hs_lead_name": "A" })), parents)
            .unwrap()
    };
    let of_one = lead(&[("contacts", &contact, true)]);
    let of_both = lead(&[("contacts", &contact, true), ("companies", &company, true)]);
    crm.control().archive("contacts", &contact).unwrap();
    assert_eq!(crm.listed("/leads").await, [&*of_both]);
    assert!(crm.listed("/leads?archived=true").await.is_empty());
    assert_eq!(crm.get(&format!("/leads/{of_one}")).await.0, 404);
    crm.control()
        .dissociate(("leads", &of_both), ("companies", &company))
        .unwrap();
    assert!(crm.listed("/leads").await.is_empty());
}

#[tokio::test]
async fn a_restored_record_has_its_old_stamp_or_a_new_one() {
    let crm = Crm::stopped(Config::default()).await;
    let id = crm.create("companies", json!({ "name": "Werk" }));
    let before = stamp(&crm, "companies", &id);
    crm.control().set_clock(Some(NOW + 1_000));
    for (moves, wanted) in [
        (false, before),
        (true, "2026-09-21T14:13:21.000Z".to_owned()),
    ] {
        crm.control().set_behaviour(Behaviour {
            restore_moves_stamp: moves,
            ..Behaviour::default()
        });
        crm.control().archive("companies", &id).unwrap();
        crm.control().restore("companies", &id).unwrap();
        assert_eq!(stamp(&crm, "companies", &id), wanted);
    }
}

#[tokio::test]
async fn a_merged_id_answers_the_survivor_and_is_in_no_bin() {
    let crm = Crm::stopped(Config::default()).await;
    let contact = |email: &str| crm.create("contacts", json!({ "email": email }));
    let (kept, gone) = (contact("a@example.com"), contact("b@example.com"));
    let company = crm.create("companies", json!({ "name": "Werk" }));
    crm.control()
        .associate(("contacts", &gone), ("companies", &company), true)
        .unwrap();
    let body = json!({ "primaryObjectId": kept, "objectIdToMerge": gone });
    let (status, merged) = crm.send("POST", "/contacts/merge", &body).await;
    assert_eq!((status.as_u16(), &merged["id"]), (200, &json!(kept)));
    let properties =
        "hs_merged_object_ids,hs_calculated_merged_vids,hs_additional_emails,associatedcompanyid";
    let (status, read) = crm
        .get(&format!("/contacts/{gone}?properties={properties}"))
        .await;
    assert_eq!((status.as_u16(), &read["id"]), (200, &json!(kept)));
    assert_eq!(read["properties"]["hs_merged_object_ids"], gone);
    assert_eq!(
        read["properties"]["hs_calculated_merged_vids"],
        format!("{gone}:{NOW}")
    );
    assert_eq!(read["properties"]["hs_additional_emails"], "b@example.com");
    assert_eq!(read["properties"]["associatedcompanyid"], company);
    assert!(crm.listed("/contacts?archived=true").await.is_empty());
    let ask = json!({ "properties": [], "inputs": [{ "id": gone }] });
    assert_eq!(crm.send("POST", "/contacts/batch/read", &ask).await.0, 207);
    crm.control().set_behaviour(Behaviour {
        batch_read_follows_merges: true,
        ..Behaviour::default()
    });
    assert_eq!(
        ids(&crm.send("POST", "/contacts/batch/read", &ask).await.1),
        [&*kept]
    );
    let update = json!({ "inputs": [{ "id": gone, "properties": { "lastname": "A" } }] });
    assert_eq!(
        crm.send("POST", "/contacts/batch/update", &update).await.0,
        207,
        "an update does not know it"
    );
}

#[tokio::test]
async fn a_gdpr_deleted_contact_leaves_nothing() {
    let crm = Crm::start().await;
    let id = crm.create("contacts", json!({ "email": "a@example.com" }));
    let body = json!({ "objectId": "a@example.com", "idProperty": "email" });
    let answer = crm
        .request("POST", "/contacts/gdpr-delete")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(crm.get(&format!("/contacts/{id}")).await.0, 404);
    assert_eq!(
        crm.get(&format!("/contacts/{id}?archived=true")).await.0,
        404
    );
    assert!(crm.listed("/contacts?archived=true").await.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Holds for any merges in either form: each id leads to one survivor, which has all ids that were merged into it, and
    /// no live record has an id of another one's list.
    #[test]
    fn every_id_leads_to_the_survivor_of_its_chain(merges in proptest::collection::vec((0..8usize, 0..8usize, any::<bool>()), 1..7)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let crm = Crm::start().await;
            let mut groups: Vec<(String, BTreeSet<String>)> =
                crm.companies(8).into_iter().map(|id| (id.clone(), BTreeSet::from([id]))).collect();
            for (one, other, new_id) in merges {
                let (one, other) = (one % groups.len(), other % groups.len());
                if one == other {
                    continue;
                }
                let (kept, gone) = (groups[one].0.clone(), groups[other].0.clone());
                let id = crm.control().merge("companies", &kept, &gone, new_id).unwrap();
                let mut all = groups[one].1.clone();
                all.extend(groups[other].1.iter().cloned());
                all.insert(id.clone());
                groups[one] = (id, all);
                groups.remove(other);
            }
            let mut live: Vec<String> = groups.iter().map(|(id, _)| id.clone()).collect();
            live.sort();
            let mut listed = crm.listed("/companies").await;
            listed.sort();
            prop_assert_eq!(listed, live);
            for (survivor, all) in &groups {
                let record = crm.control().get("companies", survivor).unwrap();
                let merged = record.get("hs_merged_object_ids").and_then(Value::as_str).unwrap_or_default();
                let mut named: BTreeSet<String> = merged.split(';').filter(|id| !id.is_empty()).map(str::to_owned).collect();
                named.insert(survivor.clone());
                prop_assert_eq!(&named, all);
                for id in all {
                    let (_, read) = crm.get(&format!("/companies/{id}")).await;
                    prop_assert_eq!(read["id"].as_str(), Some(survivor.as_str()));
                }
            }
            Ok(())
        })?;
    }
}
