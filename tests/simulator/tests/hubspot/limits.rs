//! Rate limits with their bodies and headers, and the usual faults.

use serde_json::json;
use simulator::hubspot::{Config, Fault, Limits, fault};

use super::{Crm, answer, ids};

#[tokio::test]
async fn the_ten_secondly_limit_has_headers_and_a_policy() {
    let crm = Crm::with(Config {
        limits: Limits {
            ten_secondly: Some(3),
            ..Limits::default()
        },
        ..Config::default()
    })
    .await;
    for left in ["2", "1", "0"] {
        let answer = crm.request("GET", "/contacts").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["x-hubspot-ratelimit-max"], "3");
        assert_eq!(answer.headers()["x-hubspot-ratelimit-remaining"], left);
        assert_eq!(
            answer.headers()["x-hubspot-ratelimit-interval-milliseconds"],
            "10000"
        );
        assert!(
            !answer.headers().contains_key("x-hubspot-ratelimit-daily"),
            "an OAuth app has no daily limit"
        );
    }
    let answer = crm.request("GET", "/contacts").send().await.unwrap();
    assert!(!answer.headers().contains_key("retry-after"));
    let (status, body) = super::answer(answer).await;
    assert_eq!(status, 429);
    assert_eq!(
        body["message"],
        "You have reached your ten_secondly_rolling limit."
    );
    assert_eq!(
        (&body["errorType"], &body["policyName"]),
        (&json!("RATE_LIMIT"), &json!("TEN_SECONDLY_ROLLING"))
    );
    let (status, _) = crm.search("contacts", &json!({})).await;
    assert_eq!(status, 200, "searches have a bucket of their own");
}

#[tokio::test]
async fn the_limit_of_searches_is_by_the_second_and_without_headers() {
    let crm = Crm::with(Config {
        limits: Limits {
            search: Some(1),
            ..Limits::default()
        },
        ..Config::default()
    })
    .await;
    let search = || {
        crm.request("POST", "/contacts/search")
            .json(&json!({}))
            .send()
    };
    let first = search().await.unwrap();
    assert_eq!(first.status(), 200);
    assert!(
        !first
            .headers()
            .keys()
            .any(|name| name.as_str().starts_with("x-hubspot"))
    );
    let (status, body) = answer(search().await.unwrap()).await;
    assert_eq!(status, 429);
    assert_eq!(
        (&body["message"], &body["policyName"]),
        (
            &json!("You have reached your secondly limit."),
            &json!("SECONDLY")
        )
    );
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    assert_eq!(search().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_private_app_has_a_daily_limit_and_says_what_is_left_of_it() {
    let crm = Crm::with(Config {
        private_token: Some("pat-eu1-x".to_owned()),
        limits: Limits {
            daily: Some(2),
            ..Limits::default()
        },
        ..Config::default()
    })
    .await;
    let crm = Crm {
        token: "pat-eu1-x".to_owned(),
        ..crm
    };
    for left in ["1", "0"] {
        let answer = crm.request("GET", "/contacts").send().await.unwrap();
        assert_eq!(answer.headers()["x-hubspot-ratelimit-daily"], "2");
        assert_eq!(
            answer.headers()["x-hubspot-ratelimit-daily-remaining"],
            left
        );
    }
    let (status, body) = crm.get("/contacts").await;
    assert_eq!(
        (status.as_u16(), &body["policyName"]),
        (429, &json!("DAILY"))
    );
}

#[tokio::test]
async fn passing_troubles_come_as_published() {
    let crm = Crm::start().await;
    for (name, status) in [
        ("locked_423", 423),
        ("migrating_477", 477),
        ("error_500", 500),
        ("bad_gateway_502", 502),
        ("unavailable_503", 503),
        ("timeout_504", 504),
        ("down_521", 521),
        ("down_524", 524),
        ("expired_401", 401),
    ] {
        crm.spoil("/crm/objects/contacts", 1, fault::named(name).unwrap());
        let answer = crm.request("GET", "/contacts").send().await.unwrap();
        assert_eq!(answer.status(), status);
        if status == 477 {
            assert_eq!(answer.headers()["retry-after"], "86400");
        }
        let is_json = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .contains("json");
        assert_eq!(is_json, status < 502);
    }
    assert_eq!(crm.get("/contacts").await.0, 200);
}

#[tokio::test]
async fn connections_are_cut_and_answers_are_slow_on_demand() {
    let crm = Crm::start().await;
    crm.companies(5);
    for fault in [
        Fault::Reset,
        Fault::Cut {
            after: 20,
            chunked: false,
        },
        Fault::Cut {
            after: 20,
            chunked: true,
        },
    ] {
        crm.spoil("/crm/objects/companies", 1, fault);
        let broken = match crm.request("GET", "/companies").send().await {
            Ok(answer) => answer.bytes().await.is_err(),
            Err(_) => true,
        };
        assert!(broken);
    }
    crm.spoil("/crm/objects/companies", 1, Fault::Slow { delay_ms: 60 });
    let begun = std::time::Instant::now();
    assert_eq!(crm.get("/companies").await.0, 200);
    assert!(begun.elapsed().as_millis() >= 60);
    let entry = crm
        .control()
        .requests()
        .into_iter()
        .find(|one| one.status == 200)
        .unwrap();
    assert_eq!(
        (entry.template.as_str(), entry.object.as_deref()),
        ("/crm/objects/companies", Some("companies"))
    );
}

#[tokio::test]
async fn rows_of_a_search_come_out_of_order_on_demand() {
    let crm = Crm::start().await;
    let made = crm.companies(4);
    crm.spoil("/crm/objects/companies/search", 1, Fault::OutOfOrder);
    let body = json!({ "sorts": [{ "propertyName": "hs_object_id", "direction": "ASCENDING" }] });
    let (_, page) = crm.search("companies", &body).await;
    assert_eq!(ids(&page), [&*made[1], &*made[0], &*made[3], &*made[2]]);
    let (_, page) = crm.search("companies", &body).await;
    assert_eq!(ids(&page), made);
}
