//! An export, requested and downloaded through the API.

use domain::{
    export_copy::{ExportLimits, Ports, Slice, export},
    order::ExportDue,
    tenant::{ExportId, Scope},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    removal::connected,
    world::{ALL_SCOPES, Answer, House, TENANT, by, event, with_claims},
};

const PLACE: &str = "/v1/integrations/crm-1";

async fn ask(house: &House, method: &str, path: &str) -> Answer {
    house.ask(by(ALL_SCOPES, event(method, path))).await
}

/// Runs a slice of the export.
pub(super) async fn written(house: &House, scope: Scope, id: &str) {
    let now = (house.world.clock)();
    let slice = Slice {
        ports: Ports {
            store: &*house.ports.store,
            keys: &*house.ports.keys,
        },
        due: &ExportDue {
            scope,
            export: ExportId::parse(id).unwrap(),
        },
        holder: "me".to_owned(),
        deadline: now.checked_add(SignedDuration::from_mins(15)).unwrap(),
        clock: &|| now,
        settings: &ExportLimits::default(),
    };
    Box::pin(export(slice)).await.unwrap();
}

#[tokio::test]
async fn why_an_export_was_given_up_is_told_without_our_inner_codes() {
    let (house, scope) = connected(TENANT).await;
    let begun = ask(&house, "POST", &format!("{PLACE}/exports")).await;
    house.ports.keys.destroy(&scope).await.unwrap();
    written(&house, scope, begun.body["export"].as_str().unwrap()).await;
    let failed = ask(&house, "GET", &begun.headers["location"]).await.body;
    let told = (&failed["status"], &failed["failure"]);
    assert_eq!(told, (&json!("failed"), &json!("internal")));
}

#[tokio::test]
async fn who_asked_is_noted_by_a_keyed_hash() {
    let mut noted = Vec::new();
    for tenant in [TENANT, "globex-1"] {
        let (house, _) = connected(tenant).await;
        let claims = json!({"tenant": tenant, "sub": "erika@kunde.example", "scope": ALL_SCOPES});
        for (method, path) in [
            ("POST", format!("{PLACE}/exports")),
            ("DELETE", PLACE.to_owned()),
        ] {
            let asked = house
                .ask(with_claims(event(method, &path), claims.clone()))
                .await;
            assert_eq!(asked.status, 202, "{}", asked.body);
            noted.push(asked.body["askedBy"].as_str().unwrap().to_owned());
        }
    }
    assert!(noted.iter().all(|by| by.starts_with("keyed:")), "{noted:?}");
    assert_eq!((&noted[0], &noted[2]), (&noted[1], &noted[3]), "one user");
    assert_ne!(noted[0], noted[2], "no two tenants' keys are alike");
}

#[tokio::test]
async fn an_export_is_asked_for_watched_and_offered_for_its_time() {
    let (mut house, scope) = connected(TENANT).await;
    let begun = ask(&house, "POST", &format!("{PLACE}/exports")).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    assert_eq!(
        (&begun.body["status"], &begun.body["url"]),
        (&json!("writing"), &Value::Null)
    );
    let place = begun.headers["location"].clone();
    let again = ask(&house, "POST", &format!("{PLACE}/exports")).await;
    assert_eq!((again.status, &again.body), (202, &begun.body));
    let watched = ask(&house, "GET", &place).await;
    assert_eq!((watched.status, &watched.body), (200, &begun.body));
    let other = ask(
        &house,
        "GET",
        &format!("{PLACE}/exports/018bcfe56800-00000000"),
    )
    .await;
    assert_eq!(other.status, 404);

    let (id, now) = (
        begun.body["export"].as_str().unwrap(),
        (house.world.clock)(),
    );
    written(&house, scope, id).await;
    let done = ask(&house, "GET", &place).await.body;
    assert_eq!(done["status"], "done");
    assert!(done["url"].as_str().unwrap().contains(id), "{done}");
    let valid: jiff::Timestamp = done["urlValidUntil"].as_str().unwrap().parse().unwrap();
    assert_eq!(valid.duration_since(now), SignedDuration::from_mins(5));

    let later = now.checked_add(domain::exports::OFFERED).unwrap();
    house.world.clock = Box::new(move || later);
    let late = ask(&house, "GET", &place).await.body;
    assert_eq!(
        (&late["status"], &late["url"]),
        (&json!("expired"), &Value::Null)
    );
}

#[tokio::test]
async fn nothing_is_offered_from_the_moment_of_a_removal_on() {
    let (house, _) = connected(TENANT).await;
    let begun = ask(&house, "POST", &format!("{PLACE}/exports")).await;
    assert_eq!(ask(&house, "DELETE", PLACE).await.status, 202);
    for (method, path) in [
        ("GET", begun.headers["location"].clone()),
        ("POST", format!("{PLACE}/exports")),
    ] {
        let answer = ask(&house, method, &path).await;
        assert_eq!(answer.status, 409, "{method}: {}", answer.body);
        assert_eq!(
            answer.body["type"],
            "urn:abgleich:problem:integration-removing"
        );
    }
}

#[tokio::test]
async fn another_tenant_s_export_is_out_of_reach() {
    let (house, _) = connected("globex-1").await;
    let begun = ask(&house, "POST", &format!("{PLACE}/exports")).await;
    assert_eq!(begun.status, 404);
}
