//! Requests that are refused before any work, and how a refusal names the wrong field.

use serde_json::{Value, json};

use super::world::{ALL_SCOPES, House, by, event};

async fn post(path: &str, body: &Value) -> super::world::Answer {
    let mut event = by(
        ALL_SCOPES,
        event("POST", &format!("/v1/integrations/crm-1/creations{path}")),
    );
    event["headers"]["idempotency-key"] = "key-1".into();
    event["body"] = body.to_string().into();
    House::new().ask(event).await
}

#[tokio::test]
async fn a_batch_of_none_or_of_too_many_is_refused_before_anything_is_looked_at() {
    let one = json!({"object": "Account", "fields": {"Name": "x"}});
    for n in [0, 201] {
        for path in ["/batch", "/preview"] {
            let answer = post(path, &json!({"records": vec![&one; n]})).await;
            assert_eq!(answer.status, 422, "{n} {path}: {answer:?}");
            assert_eq!(answer.body["field"], "/records");
        }
    }
    // The integration does not exist. Only a caller with a well-formed request learns that.
    let answer = post("/batch", &json!({"records": [one]})).await;
    assert_eq!(answer.status, 404, "{answer:?}");
}

#[tokio::test]
async fn too_many_fields_are_named_and_so_is_a_link_that_is_none() {
    let many: serde_json::Map<String, Value> =
        (0..501).map(|n| (format!("f{n}"), json!(1))).collect();
    let link = json!({"object": "Account", "id": "001xx000003DGb2AAG"});
    let bad_object = json!([link, {"object": "Case", "id": "1"}]);
    for (wanted, field) in [
        (json!({"object": "Account", "fields": many}), "/fields"),
        (
            json!({"object": "Task", "links": vec![&link; 21]}),
            "/links",
        ),
        (
            json!({"object": "Task", "links": bad_object}),
            "/links/1/object",
        ),
        (
            json!({"object": "Task", "links": [{"object": "Account"}]}),
            "/links/0/id",
        ),
        (
            json!({"object": "Task", "links": [{"object": "Account", "id": "a/b"}]}),
            "/links/0/id",
        ),
        (
            json!({"object": "Task", "links": [{"object": "Lead", "id": "1", "x": 1}]}),
            "/links/0/x",
        ),
    ] {
        let answer = post("", &wanted).await;
        let named = (answer.status, &answer.body["field"]);
        assert_eq!(named, (422, &json!(field)), "{wanted}");
        let answer = post("/batch", &json!({"records": [wanted]})).await;
        assert_eq!(
            answer.body["field"],
            format!("/records/0{field}"),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn what_is_no_company_is_named_by_its_field() {
    for company in [json!(""), json!("a\nb"), json!("x".repeat(129)), json!(7)] {
        let wanted = json!({"object": "Account", "company": company});
        let answer = post("", &wanted).await;
        assert_eq!(answer.status, 422, "{wanted}: {answer:?}");
        assert_eq!(answer.body["field"], "/company");
        let answer = post("/batch", &json!({"records": [wanted]})).await;
        assert_eq!(answer.body["field"], "/records/0/company", "{answer:?}");
    }
}
