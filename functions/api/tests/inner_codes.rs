//! No answer tells a code that is ours alone. Such a code names our stores and keys, and means nothing to a tenant.

use domain::{
    fault::Code,
    integration::{Lease, Status},
    object::Object,
    progress::{RunReport, Summary, Verdict},
    tenant::{RunId, Scope},
};
use jiff::SignedDuration;

use super::{
    callers::path,
    exports::written,
    removal::{connected, removed},
    world::{ALL_SCOPES, Answer, House, TENANT, by, event},
};
use crate::{api::routes::ROUTES, test_world::inner_code};

/// Ends a run with codes of ours, as it may end when AWS refuses something.
async fn run_that_failed(house: &House, scope: &Scope) -> RunId {
    let now = (house.world.clock)();
    let run = RunId::begin(now, 7);
    let lease = Lease {
        holder: "me".to_owned(),
        run: run.clone(),
        deadline: now.checked_add(SignedDuration::from_mins(15)).unwrap(),
    };
    let store = &house.ports.store;
    let taken = store.take_lease(scope, &lease, now).await.unwrap();
    assert!(taken.is_some());
    let summary = Summary {
        verdict: Some(Verdict::Failed(Code::StoreSettings.to_string())),
        ..Summary::default()
    };
    let report = RunReport {
        run: run.clone(),
        begun: now,
        ended: now,
        objects: vec![(Object::Account, summary)],
        failure: Some("aws.copies_put.access_denied".to_owned()),
    };
    store
        .finish(scope, "me", &report, now, Status::Connected, &[])
        .await
        .unwrap();
    run
}

/// Asks every route that only reads. [`House::ask`] looks at each answer. Returns how many inner codes were told as "internal".
async fn read_everything(house: &House, run: &RunId, export: &str) -> usize {
    let mut told = 0;
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        let place = if route.path.contains("{run}") {
            format!("/v1/integrations/crm-1/runs/{run}")
        } else if route.path.contains("{export}") {
            format!("/v1/integrations/crm-1/exports/{export}")
        } else {
            path(route)
        };
        let answer = house.ask(by(ALL_SCOPES, event("GET", &place))).await;
        told += answer.text.matches("internal\"").count();
    }
    told
}

#[tokio::test]
async fn no_route_tells_an_inner_code_whatever_failed() {
    let (house, scope) = connected(TENANT).await;
    let run = run_that_failed(&house, &scope).await;
    let ask = async |method: &str, path: &str| -> Answer {
        house.ask(by(ALL_SCOPES, event(method, path))).await
    };
    let begun = ask("POST", "/v1/integrations/crm-1/exports").await;
    let export = begun.body["export"].as_str().unwrap().to_owned();
    let of_run = read_everything(&house, &run, &export).await;
    // The run is shown by itself and in the list, each with its failure and its object's, and with the integration.
    assert!(of_run >= 5, "{of_run}");

    house.ports.keys.destroy(&scope).await.unwrap();
    written(&house, scope.clone(), &export).await;
    let of_export = read_everything(&house, &run, &export).await;
    assert!(of_export > of_run, "{of_export}");

    assert_eq!(ask("DELETE", "/v1/integrations/crm-1").await.status, 202);
    removed(&house, &scope).await;
    assert!(read_everything(&house, &run, &export).await > 0);
}

#[test]
fn an_inner_code_is_found_wherever_it_is() {
    for (answer, inner) in [
        (serde_json::json!({"a": [{"b": "store.settings"}]}), true),
        (serde_json::json!({"a": "aws.copies_put.throttled"}), true),
        (
            serde_json::json!({"verdict": "FAILED(store.settings)"}),
            true,
        ),
        (
            serde_json::json!({"document": "{\"code\":\"store.settings\"}"}),
            true,
        ),
        (
            serde_json::json!({"a": "internal", "b": "salesforce.invalid_grant"}),
            false,
        ),
        (
            serde_json::json!({"a": "sync.no_progress", "b": "Musterwerk GmbH"}),
            false,
        ),
    ] {
        assert_eq!(inner_code(&answer).is_some(), inner, "{answer}");
    }
}
