//! Merges, restoring, deletion for good, and leads that vanish.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use simulator::hubspot::{Behaviour, Config};

use super::{Crm, NOW, ids, map, stamp};

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
