//! Lists, single reads and batch reads.

use proptest::prelude::*;
use serde_json::{Value, json};
use simulator::hubspot::{Behaviour, Config, Fault};

use super::{Crm, NOW, ids};

#[tokio::test]
async fn a_list_has_each_record_once_by_ascending_id() {
    let crm = Crm::start().await;
    let made = crm.companies(250);
    assert_eq!(crm.listed("/companies?limit=100").await, made);
    assert_eq!(crm.listed("/0-2?limit=7").await, made, "by type id, too");
    assert_eq!(crm.listed("/crm/v3/objects/companies?limit=99").await, made);
}

#[tokio::test]
async fn every_version_that_is_published_answers_and_no_other() {
    let crm = Crm::start().await;
    for version in ["2025-09", "2026-03", "2026-09"] {
        let path = format!("/crm/objects/{version}/contacts");
        assert_eq!(crm.get(&path).await.0, 200);
    }
    assert_eq!(crm.get("/crm/objects/2031-03/contacts").await.0, 404);
    let (status, body) = crm.get("/tickets").await;
    assert_eq!(status, 400);
    assert_eq!(body["message"], "Unable to infer object type from: tickets");
}

#[tokio::test]
async fn properties_come_as_text_and_unknown_ones_are_dropped() {
    let crm = Crm::stopped(Config::default()).await;
    let id = crm.create(
        "companies",
        json!({ "name": "Werk", "numberofemployees": 12, "is_public": true }),
    );
    let path = format!("/companies/{id}?properties=name,numberofemployees,is_public,city,nope");
    let (_, record) = crm.get(&path).await;
    assert_eq!(
        record,
        json!({
            "id": "101", "archived": false, "createdAt": "2026-09-21T14:13:20.000Z", "updatedAt": "2026-09-21T14:13:20.000Z",
            "properties": {
                "name": "Werk", "numberofemployees": "12", "is_public": "true", "city": null, "hs_object_id": "101",
                "createdate": "2026-09-21T14:13:20.000Z", "hs_lastmodifieddate": "2026-09-21T14:13:20.000Z",
            },
        })
    );
    crm.control().set_behaviour(Behaviour {
        nulls: false,
        ..Behaviour::default()
    });
    let (_, record) = crm.get(&path).await;
    assert!(record["properties"].get("city").is_none());
}

#[tokio::test]
async fn the_recycle_bin_has_what_was_archived_for_ninety_days() {
    let crm = Crm::stopped(Config::default()).await;
    let made = crm.companies(3);
    crm.control().archive("companies", &made[1]).unwrap();
    assert_eq!(crm.listed("/companies").await, [&*made[0], &*made[2]]);
    let (_, bin) = crm.get("/companies?archived=true").await;
    assert_eq!(ids(&bin), [&*made[1]]);
    assert_eq!(bin["results"][0]["archivedAt"], "2026-09-21T14:13:20.000Z");
    assert_eq!(crm.get(&format!("/companies/{}", made[1])).await.0, 404);
    let day = 86_400_000;
    crm.control().set_clock(Some(NOW + 89 * day));
    assert_eq!(crm.listed("/companies?archived=true").await.len(), 1);
    crm.control().set_clock(Some(NOW + 90 * day));
    assert_eq!(crm.listed("/companies?archived=true").await.len(), 0);
    assert!(crm.control().restore("companies", &made[1]).is_err());
}

#[tokio::test]
async fn a_url_that_is_too_long_is_refused_without_json() {
    let crm = Crm::start().await;
    let names = "a_property_name,".repeat(600);
    let answer = crm
        .request("GET", &format!("/contacts?properties={names}"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 414);
    assert!(answer.text().await.unwrap().starts_with("<html>"));
}

#[tokio::test]
async fn a_batch_read_names_what_is_gone_and_keeps_no_order() {
    let crm = Crm::start().await;
    let made = crm.companies(50);
    crm.control().purge("companies", &made[3]).unwrap();
    let inputs: Vec<Value> = made.iter().map(|id| json!({ "id": id })).collect();
    let body = json!({ "properties": ["name"], "inputs": inputs });
    let (status, answer) = crm.send("POST", "/companies/batch/read", &body).await;
    assert_eq!(status, 207);
    assert_eq!(answer["numErrors"], 1);
    assert_eq!(answer["errors"][0]["category"], "OBJECT_NOT_FOUND");
    assert_eq!(answer["errors"][0]["context"]["ids"], json!([made[3]]));
    let mut found = ids(&answer);
    assert_ne!(found, crm.listed("/companies?limit=100").await);
    found.sort_by_key(|id| id.parse::<u64>().unwrap());
    assert_eq!(found, crm.listed("/companies?limit=100").await);
    let many: Vec<Value> = (0..101).map(|n| json!({ "id": n.to_string() })).collect();
    let body = json!({ "properties": [], "inputs": many });
    assert_eq!(
        crm.send("POST", "/companies/batch/read", &body).await.0,
        400
    );
}

#[tokio::test]
async fn contacts_are_found_by_any_of_their_addresses() {
    let crm = Crm::start().await;
    let line = json!({ "object": "contacts", "properties": { "email": "a@example.com", "hs_additional_emails": "b@example.com;c@example.com" } });
    let id = crm.load(line);
    for email in ["a@example.com", "B@example.com", "c@example.com"] {
        let (status, record) = crm
            .get(&format!("/contacts/{email}?idProperty=email"))
            .await;
        assert_eq!((status.as_u16(), &record["id"]), (200, &json!(id)));
    }
    let (status, _) = crm.get("/contacts/d@example.com?idProperty=email").await;
    assert_eq!(status, 404);
    assert_eq!(crm.get("/contacts/x?idProperty=firstname").await.0, 400);
}

#[tokio::test]
async fn sensitive_properties_need_their_scope_and_their_own_describe() {
    let crm = Crm::start().await;
    let id = crm.load(json!({ "object": "contacts", "properties": { "email": "a@example.com", "hs_social_number": "12" } }));
    let names = |answer: &Value| -> Vec<String> {
        let all = answer["results"].as_array().unwrap();
        all.iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let path = format!("/contacts/{id}?properties=hs_social_number");
    let describe = "/crm/properties/2026-03/contacts";
    let sensitive = format!("{describe}?dataSensitivity=sensitive");
    assert!(!names(&crm.get(describe).await.1).contains(&"hs_social_number".to_owned()));
    assert!(names(&crm.get(&sensitive).await.1).is_empty());
    assert!(
        crm.get(&path).await.1["properties"]
            .get("hs_social_number")
            .is_none()
    );
    let mut scopes = simulator::hubspot::config::object_scopes();
    scopes.push("crm.objects.contacts.sensitive.read.v2".to_owned());
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    crm.control().set_scopes(&scopes);
    let token = crm.control().session();
    let crm = Crm { token, ..crm };
    assert_eq!(names(&crm.get(&sensitive).await.1), ["hs_social_number"]);
    assert_eq!(
        crm.get(&path).await.1["properties"]["hs_social_number"],
        "12"
    );
}

#[tokio::test]
async fn a_page_may_repeat_a_record_or_be_no_json_on_demand() {
    let crm = Crm::start().await;
    let made = crm.companies(3);
    crm.spoil("/crm/objects/companies", 1, Fault::RepeatRecord);
    let (_, page) = crm.get("/companies").await;
    assert_eq!(ids(&page), [&*made[0], &*made[1], &*made[2], &*made[0]]);
    let fault = simulator::hubspot::fault::named("not_json").unwrap();
    crm.spoil("/crm/objects/companies", 1, fault);
    let answer = crm.request("GET", "/companies").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().starts_with('<'));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The pages together have each record that existed all the time, once and in order. That holds for any page
    /// length, and whatever is archived, deleted or created meanwhile.
    #[test]
    fn pages_together_are_the_set(n in 1..60usize, limit in 1..20usize, gone in proptest::collection::vec(0..60usize, 0..10)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let crm = Crm::start().await;
            let made = crm.companies(n);
            let (mut all, mut after, mut gone) = (Vec::new(), String::new(), gone.into_iter());
            let mut left: Vec<String> = Vec::new();
            loop {
                let (_, page) = crm.get(&format!("/companies?limit={limit}&after={after}")).await;
                all.extend(ids(&page));
                if let Some(at) = gone.next().filter(|at| *at < n) {
                    crm.control().purge("companies", &made[at]).ok();
                    left.push(made[at].clone());
                }
                match page["paging"]["next"]["after"].as_str() {
                    Some(next) => next.clone_into(&mut after),
                    None => break,
                }
            }
            let stayed: Vec<&String> = made.iter().filter(|id| !left.contains(id)).collect();
            let seen: Vec<&String> = all.iter().filter(|id| !left.contains(id)).collect();
            prop_assert_eq!(seen, stayed);
            let mut once = all.clone();
            once.dedup();
            prop_assert_eq!(once, all);
            Ok(())
        })?;
    }
}
