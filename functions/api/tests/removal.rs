//! A removal, requested and watched through the API.

use domain::{
    integration::{Integration, Provider, Status},
    remove_integration::{RemovalLimits, Slice, remove},
    seal::Sealed,
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::world::{ALL_SCOPES, House, TENANT, by, event};

const PLACE: &str = "/v1/integrations/crm-1";

pub(super) async fn connected(tenant: &str) -> (House, Scope) {
    let house = House::new();
    let scope = Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        integration: IntegrationId::parse("crm-1").unwrap(),
        generation: Generation(1),
    };
    let integration = Integration {
        scope: scope.clone(),
        provider: Provider::Salesforce,
        organisation: "00D".to_owned(),
        status: Status::Connected,
        credentials: Sealed::from_stored(vec![1]),
        due: Timestamp::UNIX_EPOCH,
        open_run: None,
        standstill: None,
        untold: Vec::new(),
        lease: None,
        settings: None,
    };
    let ports = &house.ports;
    ports.keys.create(&scope).await.unwrap();
    assert!(ports.store.connect(&integration, None).await.unwrap());
    (house, scope)
}

pub(super) async fn removed(house: &House, scope: &Scope) {
    let now = (house.world.clock)();
    let settings = RemovalLimits {
        settle: SignedDuration::ZERO,
        skew: SignedDuration::ZERO,
        ..RemovalLimits::default()
    };
    let slice = Slice {
        store: &*house.ports.store,
        keys: &*house.ports.keys,
        crm: &*house.ports.crm,
        scope,
        holder: "me".to_owned(),
        deadline: now.checked_add(SignedDuration::from_mins(15)).unwrap(),
        clock: &|| now,
        sleep: &|_| async {}.boxed(),
        settings: &settings,
    };
    Box::pin(remove(slice)).await.unwrap();
}

#[tokio::test]
async fn a_removal_is_asked_for_watched_and_proven() {
    let (house, scope) = connected(TENANT).await;
    let ask = async |method: &str, path: &str| house.ask(by(ALL_SCOPES, event(method, path))).await;
    let removal = format!("{PLACE}/removal");
    assert_eq!(ask("GET", &removal).await.status, 404);
    let begun = ask("DELETE", PLACE).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    assert_eq!(begun.headers["location"], removal);
    assert_eq!(begun.body["stage"], "revoking");
    let again = ask("DELETE", PLACE).await;
    assert_eq!((again.status, &again.body), (202, &begun.body));
    let watched = ask("GET", &removal).await;
    assert_eq!((watched.status, &watched.body), (200, &begun.body));
    assert!(watched.body["estimatedEnd"].is_string());
    assert_eq!(ask("GET", &format!("{PLACE}/receipt")).await.status, 404);

    removed(&house, &scope).await;
    let done = ask("GET", &removal).await.body;
    assert_eq!(done["stage"], "done");
    assert_eq!(
        done["deleted"],
        json!({"credentials": 1, "key_versions": 1})
    );
    assert_eq!(done["estimatedEnd"], json!(null));
    let receipt = ask("GET", done["receipt"].as_str().unwrap()).await.body;
    let document: serde_json::Value =
        serde_json::from_str(receipt["document"].as_str().unwrap()).unwrap();
    assert_eq!(document["tenant"], TENANT);
    let key = ask("GET", "/v1/receipt-key").await.body;
    assert_eq!(key["keyId"], document["key"]);
    assert!(
        key["pem"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN PUBLIC KEY-----\n")
    );
    let all = ask("GET", "/v1/receipts").await.body;
    assert_eq!(all, json!({"receipts": [receipt], "cursor": null}));
    assert_eq!(ask("DELETE", PLACE).await.status, 202, "asking is harmless");
}

#[tokio::test]
async fn another_tenant_s_removal_and_receipts_are_out_of_reach() {
    let (house, scope) = connected("globex-1").await;
    for (method, path) in [("DELETE", PLACE), ("GET", "/v1/integrations/crm-1/receipt")] {
        let answer = house.ask(by(ALL_SCOPES, event(method, path))).await;
        assert_eq!(answer.status, 404, "{method} {path}");
    }
    let which = domain::integration::Which {
        tenant: scope.tenant.clone(),
        integration: scope.integration.clone(),
    };
    let there = house.ports.store.integration(&which).await.unwrap();
    assert_eq!(there.unwrap().status, Status::Connected);
    let all = house
        .ask(by(ALL_SCOPES, event("GET", "/v1/receipts")))
        .await;
    assert_eq!(all.body, json!({"receipts": [], "cursor": null}));
}

#[tokio::test]
async fn why_a_grant_was_not_given_back_is_told_without_our_inner_codes() {
    let (house, scope) = connected(TENANT).await;
    let ask = async |method: &str, path: &str| house.ask(by(ALL_SCOPES, event(method, path))).await;
    house.ports.keys.destroy(&scope).await.unwrap();
    assert_eq!(ask("DELETE", PLACE).await.status, 202);
    removed(&house, &scope).await;
    let done = ask("GET", &format!("{PLACE}/removal")).await.body;
    assert_eq!(done["revocation"]["code"], "internal");
    let receipt = ask("GET", done["receipt"].as_str().unwrap()).await.body;
    let document: serde_json::Value =
        serde_json::from_str(receipt["document"].as_str().unwrap()).unwrap();
    assert_eq!(document["revocation"]["code"], "internal");
}
