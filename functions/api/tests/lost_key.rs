//! A tenant whose own key is lost. Nobody can tell who objected, so nothing is checked, shown or created.

use domain::tenant::TenantId;
use serde_json::{Value, json};

use super::{
    showing::house,
    world::{ALL_SCOPES, Answer, House, TENANT, by, event},
};

async fn ask(house: &House, method: &str, path: &str, body: Value) -> Answer {
    let mut event = event(method, path);
    if !body.is_null() {
        event["body"] = json!(body.to_string());
    }
    house.ask(by(ALL_SCOPES, event)).await
}

fn somebody() -> Value {
    json!({"emails": ["erika@werk.example"]})
}

#[tokio::test]
async fn where_the_key_is_lost_every_answer_that_needs_it_says_so() {
    let house = house().await;
    let objection = json!({"person": somebody()});
    let noted = ask(&house, "POST", "/v1/objections", objection.clone()).await;
    assert_eq!(noted.status, 201, "{noted:?}");
    let said = json!({"people": [somebody()]});
    let checked = ask(&house, "POST", "/v1/objections/check", said.clone()).await;
    assert_eq!(checked.body["people"][0]["objected"], true);

    house.keys.lose_tenant(&TenantId::parse(TENANT).unwrap());
    let integration = "/v1/integrations/crm-1";
    for (method, path, body) in [
        ("POST", "/v1/objections/check".to_owned(), said),
        ("POST", "/v1/objections".to_owned(), objection.clone()),
        (
            "POST",
            "/v1/objections/withdrawal".to_owned(),
            objection.clone(),
        ),
        (
            "POST",
            "/v1/assessments/search".to_owned(),
            objection.clone(),
        ),
        ("GET", "/v1/templates".to_owned(), Value::Null),
        ("POST", "/v1/subjects/search".to_owned(), objection.clone()),
        ("POST", "/v1/subjects/erasures".to_owned(), objection),
        (
            "GET",
            format!("{integration}/records?object=Account"),
            Value::Null,
        ),
        (
            "GET",
            format!("{integration}/records/Account/001A"),
            Value::Null,
        ),
        (
            "GET",
            format!("{integration}/relations/suggested"),
            Value::Null,
        ),
    ] {
        let answer = ask(&house, method, &path, body).await;
        assert_eq!(answer.status, 500, "{path}: {answer:?}");
        let kind = "urn:abgleich:problem:tenant-key-lost";
        assert_eq!(answer.body["type"], kind, "{path}");
    }
}

#[tokio::test]
async fn asking_makes_no_key() {
    let house = house().await;
    let said = json!({"people": [somebody()]});
    let checked = ask(&house, "POST", "/v1/objections/check", said).await;
    let nobody = json!({"people": [{"objected": false, "erased": false}]});
    assert_eq!((checked.status, checked.body), (200, nobody));
    let asked = json!({"person": somebody()});
    for (path, body) in [
        ("/v1/assessments/search", asked.clone()),
        ("/v1/subjects/search", asked),
    ] {
        let answer = ask(&house, "POST", path, body).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
    for path in [
        "/v1/templates",
        "/v1/facts/controller",
        "/v1/facts/processing",
    ] {
        let answer = ask(&house, "GET", path, Value::Null).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
    let tenant = TenantId::parse(TENANT).unwrap();
    let made = house.ports.keys.tenant_if_made(&tenant).await;
    assert!(made.unwrap().is_none());
}
