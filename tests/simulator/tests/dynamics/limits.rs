//! Limits of service protection, passing troubles, broken connections.

use serde_json::Value;
use simulator::dynamics::{Config, Fault, Limits, fault};

use super::{Crm, answer, code};

async fn limited(limits: Limits) -> Crm {
    Crm::with(Config {
        limits,
        ..Config::default()
    })
    .await
}

#[tokio::test]
async fn too_many_requests_wait_and_who_does_not_waits_longer() {
    let crm = limited(Limits {
        requests: Some(2),
        window: 3,
        ..Limits::default()
    })
    .await;
    for left in ["1", "0"] {
        let answer = crm.request("GET", "/WhoAmI").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(
            answer.headers()["x-ms-ratelimit-burst-remaining-xrm-requests"],
            left
        );
    }
    let mut waits = Vec::new();
    for _ in 0..2 {
        let no = crm.request("GET", "/WhoAmI").send().await.unwrap();
        waits.push(
            no.headers()["retry-after"]
                .to_str()
                .unwrap()
                .parse::<u64>()
                .unwrap(),
        );
        let (status, body) = answer(no).await;
        assert_eq!((status.as_u16(), code(&body)), (429, "0x80072322"));
        assert_eq!(
            body["error"]["message"],
            "Number of requests exceeded the limit of 2 over time window of 3 seconds."
        );
    }
    assert!(waits[1] > waits[0], "{waits:?}");
    tokio::time::sleep(std::time::Duration::from_millis(3_100)).await;
    assert_eq!(crm.get("/WhoAmI").await.0, 200);
}

#[tokio::test]
async fn requests_at_the_same_time_have_a_limit() {
    let crm = limited(Limits {
        concurrent: Some(1),
        ..Limits::default()
    })
    .await;
    crm.control()
        .spoil("/accounts", 1, Fault::Slow { delay_ms: 400 });
    let slow = tokio::spawn(crm.request("GET", "/accounts").send());
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    let (status, body) = crm.get("/WhoAmI").await;
    assert_eq!((status.as_u16(), code(&body)), (429, "0x80072326"));
    assert_eq!(slow.await.unwrap().unwrap().status(), 200);
    assert_eq!(crm.get("/WhoAmI").await.0, 200);
}

#[tokio::test]
async fn time_of_execution_has_a_limit() {
    let crm = limited(Limits {
        execution: Some(100),
        ..Limits::default()
    })
    .await;
    crm.control()
        .spoil("/accounts", 1, Fault::Slow { delay_ms: 120 });
    assert_eq!(crm.get("/accounts").await.0, 200);
    let (status, body) = crm.get("/WhoAmI").await;
    assert_eq!((status.as_u16(), code(&body)), (429, "0x80072321"));
    crm.control().set_limits(Limits::default());
    assert_eq!(crm.get("/WhoAmI").await.0, 200);
}

#[tokio::test]
async fn troubles_come_as_published() {
    let crm = Crm::start().await;
    for (name, status, code_of) in [
        ("limit_requests", 429, "0x80072322"),
        ("limit_time", 429, "0x80072321"),
        ("limit_concurrent", 429, "0x80072326"),
        ("error_500", 500, "0x80040216"),
        ("sql_timeout", 500, "0x80044151"),
        ("expired_401", 401, "0x80048306"),
        ("not_a_member", 403, "0x80072560"),
        ("plug_in", 400, "0x80040265"),
    ] {
        crm.control()
            .spoil("/accounts", 1, fault::named(name).unwrap());
        let no = crm.request("GET", "/accounts").send().await.unwrap();
        assert_eq!(no.headers().contains_key("retry-after"), status == 429);
        let (got, body) = answer(no).await;
        assert_eq!((got.as_u16(), code(&body)), (status, code_of));
    }
    for (name, status) in [
        ("bad_gateway_502", 502),
        ("unavailable_503", 503),
        ("timeout_504", 504),
    ] {
        crm.control()
            .spoil("/accounts", 1, fault::named(name).unwrap());
        let (got, body) = crm.get("/accounts").await;
        assert_eq!((got.as_u16(), body), (status, Value::Null));
    }
    assert_eq!(crm.get("/accounts").await.0, 200);
}

#[tokio::test]
async fn a_lost_answer_has_taken_effect() {
    let crm = Crm::start().await;
    crm.control().spoil("/accounts", 1, Fault::AnswerLost);
    let lost = crm
        .request("POST", "/accounts")
        .json(&serde_json::json!({ "name": "A", "accountid": super::OWN }))
        .send()
        .await;
    assert!(lost.is_err());
    assert_eq!(
        crm.get(&format!("/accounts({})?$select=accountid", super::OWN))
            .await
            .0,
        200
    );
    let entry = crm
        .control()
        .requests()
        .into_iter()
        .find(|one| one.status == 200)
        .unwrap();
    assert_eq!(
        (entry.template.as_str(), entry.object.as_deref()),
        ("/accounts({id})", Some("accounts"))
    );
    crm.control().spoil("/accounts", 1, Fault::Reset);
    assert!(
        crm.request("POST", "/accounts")
            .json(&serde_json::json!({ "name": "B" }))
            .send()
            .await
            .is_err()
    );
    assert_eq!(crm.control().counts()["accounts"].live, 1);
}

#[tokio::test]
async fn lines_are_loaded_and_wrong_ones_named() {
    let crm = Crm::start().await;
    let lines = "{\"object\":\"accounts\",\"id\":\"c0ffee00-1234-4567-89ab-0123456789ab\",\"columns\":{\"name\":\"A\",\"modifiedon\":\"2026-01-01T00:00:00Z\"}}\n\n{\"object\":\"task\",\"columns\":{\"subject\":\"B\"}}\n";
    let loaded: Value = crm
        .http
        .post(format!("{}/control/load", crm.url))
        .body(lines)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(loaded["loaded"], 2);
    assert_eq!(
        crm.get(&format!("/accounts({})", super::OWN)).await.1["modifiedon"],
        "2026-01-01T00:00:00Z"
    );
    let no = crm
        .control()
        .load_lines("{\"object\":\"task\"}\n{\"object\":\"nope\"}")
        .unwrap_err();
    assert!(no.message.starts_with("line 2: "), "{}", no.message);
    crm.control().clear();
    assert_eq!(crm.control().counts()["accounts"].all, 0);
}
