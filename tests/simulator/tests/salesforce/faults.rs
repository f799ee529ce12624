use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;
use simulator::salesforce::{Fault, FaultRule, Match, fault::named};

use super::{Config, Crm, code};

fn rule(path: &str, fault: Fault) -> FaultRule {
    FaultRule {
        matches: Match {
            path: Some(path.to_owned()),
            ..Match::default()
        },
        times: 1,
        fault,
        seen: 0,
        struck: 0,
    }
}

const QUERY: &str = "/query?q=SELECT+Id,Name+FROM+Account";

#[tokio::test]
async fn each_usual_error_strikes_once_and_then_all_is_well() {
    let crm = Crm::start().await;
    for (name, status, wanted) in [
        ("limit_429", 429, "REQUEST_LIMIT_EXCEEDED"),
        ("limit_429_retry_after", 429, "REQUEST_LIMIT_EXCEEDED"),
        ("limit_403", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("error_500", 500, "UNKNOWN_EXCEPTION"),
        ("unavailable_503", 503, "SERVER_UNAVAILABLE"),
        ("lock_row", 400, "UNABLE_TO_LOCK_ROW"),
        ("query_timeout", 400, "QUERY_TIMEOUT"),
        ("invalid_locator", 400, "INVALID_QUERY_LOCATOR"),
        ("session_expired", 401, "INVALID_SESSION_ID"),
        ("odd_406", 406, ""),
        ("odd_420", 420, ""),
    ] {
        crm.control()
            .add_faults([rule("/query", named(name).unwrap())]);
        let answer = crm.request("GET", QUERY).send().await.unwrap();
        assert_eq!(
            answer.headers().contains_key("retry-after"),
            name == "limit_429_retry_after"
        );
        let (got, error) = super::answer(answer).await;
        assert_eq!((got.as_u16(), code(&error)), (status, wanted), "{name}");
        assert_eq!(crm.get(QUERY).await.0, 200, "{name}");
    }
}

#[tokio::test]
async fn a_rule_strikes_the_nth_request_of_its_kind() {
    let crm = Crm::start().await;
    let matches = Match {
        method: Some("GET".to_owned()),
        path: Some("/query".to_owned()),
        object: Some("Lead".to_owned()),
        nth: Some(2),
    };
    crm.control().add_faults([FaultRule {
        matches,
        times: 2,
        fault: named("error_500").unwrap(),
        seen: 0,
        struck: 0,
    }]);
    let mut statuses = Vec::new();
    for object in ["Lead", "Account", "Lead", "Account", "Lead", "Lead"] {
        statuses.push(
            crm.soql(&format!("SELECT Id FROM {object}"))
                .await
                .0
                .as_u16(),
        );
    }
    assert_eq!(statuses, [200, 200, 500, 200, 500, 200]);
}

#[tokio::test]
async fn a_cut_body_arrives_in_part_and_breaks() {
    let crm = Crm::start().await;
    crm.accounts(300);
    for chunked in [false, true] {
        crm.control().add_faults([rule(
            "/query",
            Fault::Cut {
                after: 100,
                chunked,
            },
        )]);
        let mut answer = crm
            .request("GET", QUERY)
            .header("accept-encoding", "identity")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.content_length().is_some(), !chunked);
        let mut got = 0;
        let ended = loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => got += chunk.len(),
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        assert_eq!((got, ended), (100, false), "chunked {chunked}");
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_the_record_and_a_reset_does_not() {
    let crm = Crm::start().await;
    let body = json!({ "Name": "once" });
    crm.control()
        .add_faults([rule("/sobjects/Account", Fault::AnswerLost)]);
    assert!(
        crm.request("POST", "/sobjects/Account")
            .json(&body)
            .send()
            .await
            .is_err()
    );
    assert_eq!(crm.control().counts()["Account"].live, 1);
    crm.control()
        .add_faults([rule("/sobjects/Account", Fault::Reset)]);
    assert!(
        crm.request("POST", "/sobjects/Account")
            .json(&body)
            .send()
            .await
            .is_err()
    );
    assert_eq!(crm.control().counts()["Account"].live, 1);
    assert_eq!(
        crm.control()
            .requests()
            .iter()
            .find(|entry| entry.status == 0)
            .map(|entry| entry.count),
        Some(2)
    );
}

#[tokio::test]
async fn truncated_and_non_utf8_bodies_look_whole_from_outside() {
    let crm = Crm::start().await;
    crm.accounts(10);
    crm.control().add_faults([
        rule("/query", Fault::Truncate { keep: 50 }),
        rule("/query", Fault::NonUtf8),
    ]);
    let short = crm
        .request("GET", QUERY)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert_eq!(short.len(), 50);
    let spoilt = crm
        .request("GET", QUERY)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert!(std::str::from_utf8(&spoilt).is_err());
    assert_eq!(spoilt.last(), Some(&b'}'));
}

#[tokio::test]
async fn a_slow_answer_is_an_answer() {
    let crm = Crm::start().await;
    crm.control()
        .add_faults([rule("/limits", Fault::Slow { delay_ms: 120 })]);
    let began = Instant::now();
    assert_eq!(crm.get("/limits").await.0, 200);
    assert!(began.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn a_page_can_repeat_a_record() {
    let crm = Crm::start().await;
    crm.accounts(5);
    crm.control()
        .add_faults([rule("/query", Fault::RepeatRecord)]);
    let (_, page) = crm.get(QUERY).await;
    let records = page["records"].as_array().unwrap();
    assert_eq!((records.len(), &records[5]["Id"]), (6, &records[0]["Id"]));
}

#[tokio::test]
async fn a_job_can_fail() {
    let crm = Crm::start().await;
    crm.control()
        .add_faults([rule("/jobs/query", Fault::JobFails)]);
    let (_, job) = crm
        .send(
            "POST",
            "/jobs/query",
            &json!({ "operation": "query", "query": "SELECT Id FROM Account" }),
        )
        .await;
    let mut last = json!(null);
    for _ in 0..3 {
        last = crm
            .get(&format!("/jobs/query/{}", job["id"].as_str().unwrap()))
            .await
            .1;
    }
    assert_eq!(last["state"], "Failed");
    assert!(last["errorMessage"].is_string());
}

#[tokio::test]
async fn the_daily_limit_ends_everything_until_it_is_reset() {
    let limits = Config {
        daily_api_requests: 2,
        per_app_limit: Some(("abgleich".to_owned(), 250)),
        ..Config::default()
    };
    let crm = Crm::with(limits).await;
    let answer = crm.request("GET", "/limits").send().await.unwrap();
    assert_eq!(
        answer.headers()["sforce-limit-info"],
        "api-usage=1/2; per-app-api-usage=1/250(appName=abgleich)"
    );
    assert_eq!(
        super::answer(answer).await.1["DailyApiRequests"],
        json!({ "Max": 2, "Remaining": 1 })
    );
    crm.get("/limits").await;
    let (status, error) = crm.get("/limits").await;
    assert_eq!(
        (status.as_u16(), code(&error)),
        (403, "REQUEST_LIMIT_EXCEEDED")
    );
    crm.control().set_usage(0, None);
    assert_eq!(crm.get("/limits").await.0, 200);
}

#[tokio::test]
async fn the_log_counts_templates_and_holds_no_values() {
    let crm = Crm::start().await;
    let ids = crm.accounts(1);
    for _ in 0..2 {
        crm.soql("SELECT Id FROM Account WHERE Name = 'Secret'")
            .await;
    }
    crm.get(&format!("/sobjects/Account/{}", ids[0])).await;
    let log = crm.control().requests();
    let counts: BTreeMap<_, _> = log
        .iter()
        .map(|entry| (entry.template.as_str(), entry.count))
        .collect();
    assert_eq!(
        counts,
        BTreeMap::from([
            ("/services/data/{version}/query", 2),
            ("/services/data/{version}/sobjects/Account/{id}", 1)
        ])
    );
    assert!(
        log.iter()
            .all(|entry| entry.bytes_out > 0 && entry.status == 200)
    );
    crm.control().reset_requests();
    assert!(crm.control().requests().is_empty());
}

#[tokio::test]
async fn the_same_faults_can_be_asked_for_over_http() {
    let crm = Crm::start().await;
    let control = |operation: &str, body: serde_json::Value| {
        crm.http
            .post(format!("{}/control/{operation}", crm.simulator.url()))
            .json(&body)
            .send()
    };
    control(
        "add_fault",
        json!({ "match": { "path": "/limits" }, "times": 2, "fault": "error_500" }),
    )
    .await
    .unwrap();
    control(
        "add_fault",
        json!({ "match": { "path": "/limits" }, "fault": { "kind": "odd_body", "status": 420 } }),
    )
    .await
    .unwrap();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(crm.get("/limits").await.0.as_u16());
    }
    assert_eq!(statuses, [500, 500, 420, 200]);
    assert_eq!(
        control("add_fault", json!({ "fault": "nonsense" }))
            .await
            .unwrap()
            .status(),
        400
    );
    let lines = "{\"object\":\"Account\",\"fields\":{\"Name\":\"a\",\"New__c\":7}}\n\n{\"object\":\"Lead\",\"fields\":{\"LastName\":\"b\",\"Company\":\"c\"}}\n";
    let load = crm
        .http
        .post(format!("{}/control/load", crm.simulator.url()))
        .body(lines)
        .send()
        .await
        .unwrap();
    assert_eq!(super::answer(load).await.1, json!({ "loaded": 2 }));
    assert_eq!(
        crm.soql("SELECT New__c FROM Account").await.1["records"][0]["New__c"],
        7.0
    );
    let bad = crm
        .http
        .post(format!("{}/control/load", crm.simulator.url()))
        .body("{\"object\":\"Account\",\"fields\":{\"Nope\":1}}")
        .send()
        .await
        .unwrap();
    assert_eq!(bad.status(), 400);
}
