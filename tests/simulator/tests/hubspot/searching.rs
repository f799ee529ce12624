//! Search: filters, order, paging, the lag of the index, and refusals.

use proptest::prelude::*;
use serde_json::{Value, json};
use simulator::hubspot::{Behaviour, Config};

use super::{Crm, NOW, ids, map};

const HOUR: i64 = 3_600_000;

fn filtered(property: &str, operator: &str, value: &Value) -> Value {
    json!({ "filterGroups": [{ "filters": [{ "propertyName": property, "operator": operator, "value": value }] }], "limit": 200 })
}

async fn found(crm: &Crm, object: &str, body: Value) -> Vec<String> {
    let (status, page) = crm.search(object, &body).await;
    assert_eq!(status, 200, "{page}");
    ids(&page)
}

/// Makes companies, each of which changed a second after the one before.
fn changed(crm: &Crm, n: i64) -> Vec<String> {
    (0..n)
        .map(|n| {
            let stamp = NOW + n * 1_000;
            crm.load(json!({ "object": "companies", "properties": { "name": format!("Werk {n}"), "hs_lastmodifieddate": stamp } }))
        })
        .collect()
}

#[tokio::test]
async fn between_is_inclusive_at_both_ends_and_takes_both_forms_of_time() {
    let crm = Crm::start().await;
    let made = changed(&crm, 10);
    for (low, high) in [
        ((NOW + 2_000).to_string(), (NOW + 5_000).to_string()),
        (
            "2026-09-21T14:13:22.000Z".to_owned(),
            "2026-09-21T14:13:25Z".to_owned(),
        ),
    ] {
        let body = json!({ "filterGroups": [{ "filters": [{ "propertyName": "hs_lastmodifieddate", "operator": "BETWEEN", "value": low, "highValue": high }] }] });
        assert_eq!(found(&crm, "companies", body).await, made[2..=5]);
    }
}

#[tokio::test]
async fn operators_compare_as_published() {
    let crm = Crm::start().await;
    let load = |properties: Value| crm.control().load("companies", &map(properties)).unwrap();
    let a = load(json!({ "name": "Alpha Werk", "numberofemployees": 9, "industry": "BANKING" }));
    let b = load(json!({ "name": "beta", "numberofemployees": 10, "domain": "beta.example" }));
    let cases = [
        (filtered("name", "EQ", &json!("ALPHA WERK")), vec![&a]),
        (filtered("name", "CONTAINS_TOKEN", &json!("wer*")), vec![&a]),
        (filtered("numberofemployees", "GT", &json!("9")), vec![&b]),
        (
            filtered("numberofemployees", "LTE", &json!(10)),
            vec![&a, &b],
        ),
        (filtered("industry", "EQ", &json!("banking")), vec![]),
        (filtered("industry", "EQ", &json!("BANKING")), vec![&a]),
        (filtered("industry", "NEQ", &json!("BANKING")), vec![&b]),
        (filtered("domain", "HAS_PROPERTY", &Value::Null), vec![&b]),
        (
            filtered("domain", "NOT_HAS_PROPERTY", &Value::Null),
            vec![&a],
        ),
        (json!({ "query": "BETA" }), vec![&b]),
    ];
    for (body, wanted) in cases {
        assert_eq!(
            found(&crm, "companies", body.clone())
                .await
                .iter()
                .collect::<Vec<_>>(),
            wanted,
            "{body}"
        );
    }
    let within = |values: Value| json!({ "filterGroups": [{ "filters": [{ "propertyName": "name", "operator": "IN", "values": values }] }] });
    assert_eq!(
        found(&crm, "companies", within(json!(["beta"]))).await,
        [&*b]
    );
    assert_eq!(
        found(&crm, "companies", within(json!(["alpha werk"]))).await,
        [&*a]
    );
    let upper = found(&crm, "companies", within(json!(["Alpha Werk"]))).await;
    assert!(upper.is_empty(), "IN wants lowercase");
}

#[tokio::test]
async fn contacts_have_no_hs_lastmodifieddate_and_answer_nothing_without_a_word() {
    let crm = Crm::start().await;
    let id = crm.load(json!({ "object": "contacts", "properties": { "email": "a@example.com" } }));
    let all = |name: &str| filtered(name, "GTE", &json!("0"));
    assert!(
        found(&crm, "contacts", all("hs_lastmodifieddate"))
            .await
            .is_empty()
    );
    assert_eq!(found(&crm, "contacts", all("lastmodifieddate")).await, [id]);
}

#[tokio::test]
async fn the_index_is_late_by_the_simulators_clock_and_other_reads_are_not() {
    let crm = Crm::stopped(Config {
        index_lag: HOUR,
        ..Config::default()
    })
    .await;
    let old = crm.load(json!({ "object": "companies", "properties": { "name": "alt" } }));
    crm.control()
        .edit("companies", &old, &map(json!({ "name": "neu" })))
        .unwrap();
    let new = crm.create("companies", json!({ "name": "neu" }));
    let named = |name: &str| filtered("name", "EQ", &json!(name));
    assert_eq!(found(&crm, "companies", named("alt")).await, [&*old]);
    assert!(found(&crm, "companies", named("neu")).await.is_empty());
    assert_eq!(crm.listed("/companies").await, [&*old, &*new]);
    crm.control().set_clock(Some(NOW + HOUR - 1));
    assert!(found(&crm, "companies", named("neu")).await.is_empty());
    crm.control().set_clock(Some(NOW + HOUR));
    assert_eq!(found(&crm, "companies", named("neu")).await, [&*old, &*new]);
    crm.control().archive("companies", &old).unwrap();
    assert_eq!(
        found(&crm, "companies", named("neu")).await,
        [&*old, &*new],
        "the bin is late, too"
    );
    crm.control().set_clock(Some(NOW + 2 * HOUR));
    assert_eq!(found(&crm, "companies", named("neu")).await, [&*new]);
}

#[tokio::test]
async fn ten_thousand_rows_are_reached_and_not_one_more() {
    let crm = Crm::start().await;
    crm.companies(10_050);
    crm.control().restamp("companies", NOW).unwrap();
    let page = |after: u32, limit: u32| json!({ "limit": limit, "after": after.to_string() });
    let (status, last) = crm.search("companies", &page(9_800, 200)).await;
    assert_eq!((status.as_u16(), &last["total"]), (200, &json!(10_050)));
    assert_eq!(last["paging"]["next"]["after"], "10000");
    assert_eq!(crm.search("companies", &page(9_801, 200)).await.0, 400);
    assert_eq!(crm.search("companies", &page(10_000, 1)).await.0, 400);
    // The way to read on: the same millisecond, by id.
    let drain = json!({
        "filterGroups": [{ "filters": [
            { "propertyName": "hs_lastmodifieddate", "operator": "EQ", "value": NOW.to_string() },
            { "propertyName": "hs_object_id", "operator": "GT", "value": "10140" },
        ] }],
        "sorts": [{ "propertyName": "hs_object_id", "direction": "ASCENDING" }],
    });
    let (_, rest) = crm.search("companies", &drain).await;
    assert_eq!(
        (&rest["total"], ids(&rest)[0].as_str()),
        (&json!(10), "10141")
    );
    crm.control().set_behaviour(Behaviour {
        total_is_cut: true,
        ..Behaviour::default()
    });
    assert_eq!(
        crm.search("companies", &page(0, 1)).await.1["total"],
        10_000
    );
}

#[tokio::test]
async fn what_search_does_not_like_it_refuses_vaguely() {
    let crm = Crm::start().await;
    let filter = json!({ "propertyName": "name", "operator": "EQ", "value": "x" });
    let groups = |n: usize, each: usize| json!({ "filterGroups": vec![json!({ "filters": vec![filter.clone(); each] }); n] });
    for fits in [groups(5, 3), groups(3, 6)] {
        assert_eq!(crm.search("companies", &fits).await.0, 200);
    }
    let sort = json!({ "propertyName": "name", "direction": "ASCENDING" });
    let refused = [
        groups(6, 1),
        groups(1, 7),
        groups(4, 5),
        json!({ "limit": 201 }),
        json!({ "after": "x" }),
        json!({ "sorts": [sort, sort] }),
        filtered("nope", "EQ", &json!("x")),
        filtered("name", "LIKE", &json!("x")),
        json!({ "query": "x".repeat(3_000) }),
    ];
    for body in refused {
        let (status, answer) = crm.search("companies", &body).await;
        assert_eq!(
            (status.as_u16(), &answer["category"]),
            (400, &json!("VALIDATION_ERROR")),
            "{body}"
        );
    }
    let (_, answer) = crm
        .search("companies", &filtered("nope", "EQ", &json!("x")))
        .await;
    assert_eq!(answer["message"], "There was a problem with the request.");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Windows that share a millisecond find each record: those at the border twice, all others once, whatever the lag.
    #[test]
    fn windows_that_touch_find_everything(
        stamps in proptest::collection::vec(0..20i64, 1..40),
        cuts in proptest::collection::vec(0..20i64, 0..5),
        late in proptest::collection::vec(0..40usize, 0..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let crm = Crm::stopped(Config::default()).await;
            let mut made = Vec::new();
            for stamp in &stamps {
                made.push(crm.load(json!({ "object": "deals", "properties": { "hs_lastmodifieddate": NOW + stamp } })));
            }
            for at in late.into_iter().filter(|at| *at < made.len()) {
                crm.control().hold_index("deals", &made[at], NOW + HOUR).unwrap();
            }
            crm.control().set_clock(Some(NOW + HOUR));
            let mut cuts = cuts;
            cuts.extend([0, 20]);
            cuts.sort_unstable();
            cuts.dedup();
            let mut seen = Vec::new();
            for pair in cuts.windows(2) {
                let body = json!({ "limit": 200, "filterGroups": [{ "filters": [{
                    "propertyName": "hs_lastmodifieddate", "operator": "BETWEEN", "value": (NOW + pair[0]).to_string(), "highValue": (NOW + pair[1]).to_string(),
                }] }] });
                seen.extend(found(&crm, "deals", body).await);
            }
            for (id, stamp) in made.iter().zip(&stamps) {
                let times = seen.iter().filter(|one| *one == id).count();
                let at_border = cuts[1..cuts.len() - 1].contains(stamp);
                prop_assert_eq!(times, 1 + usize::from(at_border));
            }
            Ok(())
        })?;
    }
}
