//! Connecting by consent to a CRM with one login for all customers, from the operator's settings to the integration.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use simulator::hubspot::{Config, Simulator};

use super::world::{ALL_SCOPES, Answer, House, by, event, settings_with};
use crate::connectors;

/// Makes a house whose operator has an app, with the settings that differ from the usual ones.
fn house(simulator: &Simulator, more: &[(&'static str, &str)]) -> House {
    let usual = [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("CRM_LOOPBACK", "yes"),
        ("HUBSPOT_CLIENT_ID", "an-app"),
        ("HUBSPOT_CLIENT_SECRET", "a-secret"),
        ("HUBSPOT_LOGIN_URLS", simulator.url()),
        ("HUBSPOT_OPTIONAL_SCOPES", "crm.objects.leads.read"),
        ("SALESFORCE_LOGIN_URLS", "https://login.salesforce.com"),
    ];
    let changed: BTreeMap<&str, &str> = usual.into_iter().chain(more.iter().copied()).collect();
    let mut house = House::new();
    let settings = settings_with(&changed);
    let (crm, apps) = connectors::for_answers(&settings);
    house.world.apps = apps;
    house.with_ports(|ports| ports.crm = crm);
    house
}

async fn account() -> Simulator {
    let config = Config {
        client_id: Some("an-app".to_owned()),
        client_secret: Some("a-secret".to_owned()),
        ..Config::default()
    };
    Simulator::start(config).await.unwrap()
}

async fn post(house: &House, path: &str, body: &Value) -> Answer {
    let mut event = event("POST", path);
    event["body"] = body.to_string().into();
    house.ask(by(ALL_SCOPES, event)).await
}

async fn begin(house: &House, more: Value) -> Answer {
    let mut body = json!({"provider": "hubspot"});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    post(house, "/v1/integrations/crm-1/connection", &body).await
}

fn query(url: &str) -> BTreeMap<String, String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().into_owned().collect()
}

/// Consents like a user. Returns what the user brings back.
async fn consent(begun: &Answer) -> Value {
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let page = begun.body["authorizationUrl"].as_str().unwrap();
    let answer = browser.get(page).send().await.unwrap();
    let back = query(answer.headers()["location"].to_str().unwrap());
    json!({"state": back["state"], "code": back["code"]})
}

#[tokio::test]
async fn a_consent_connects_the_hub_that_gave_it() {
    let simulator = account().await;
    let house = house(&simulator, &[]);
    let begun = begin(&house, json!({})).await;
    assert_eq!(begun.status, 201, "{begun:?}");
    let url = begun.body["authorizationUrl"].as_str().unwrap();
    let asked = query(url);
    assert_eq!(
        asked["scope"],
        "oauth crm.objects.companies.read crm.objects.contacts.read crm.objects.deals.read"
    );
    assert_eq!(asked["optional_scope"], "crm.objects.leads.read");
    assert_eq!(asked["client_id"], "an-app");
    assert_eq!(asked["redirect_uri"], "https://app.acme.test/connected");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(!url.contains("a-secret"), "{url}");
    let brought = consent(&begun).await;
    let connected = post(&house, "/v1/connections", &brought).await;
    assert_eq!(connected.status, 201, "{connected:?}");
    assert_eq!(connected.body["provider"], "hubspot");
    assert_eq!(connected.body["organisation"], "25700001");
    let again = post(&house, "/v1/connections", &brought).await;
    assert_eq!(again.body["type"], "urn:abgleich:problem:state-unknown");
}

#[tokio::test]
async fn a_user_is_asked_for_the_scopes_of_the_settings() {
    let simulator = account().await;
    let scopes = "oauth crm.objects.companies.read crm.objects.contacts.read crm.objects.deals.read \
                  crm.objects.contacts.write";
    let house = house(
        &simulator,
        &[
            ("HUBSPOT_SCOPES", scopes),
            ("HUBSPOT_OPTIONAL_SCOPES", "none"),
        ],
    );
    let begun = begin(&house, json!({})).await;
    let asked = query(begun.body["authorizationUrl"].as_str().unwrap());
    assert_eq!(asked["scope"], scopes);
    assert!(!asked.contains_key("optional_scope"));
    let connected = post(&house, "/v1/connections", &consent(&begun).await).await;
    assert_eq!(connected.status, 201, "{connected:?}");
}

#[tokio::test]
async fn a_user_chooses_no_login_and_no_environment_where_there_is_one_host() {
    let simulator = account().await;
    let house = house(&simulator, &[]);
    for (more, problem, field) in [
        (
            json!({"loginUrl": "https://acme.hubapi.com"}),
            "login-refused",
            "/loginUrl",
        ),
        (
            json!({"loginUrl": "https://login.salesforce.com"}),
            "login-refused",
            "/loginUrl",
        ),
        (
            json!({"environment": simulator.url()}),
            "environment-refused",
            "/environment",
        ),
    ] {
        let refused = begin(&house, more).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        assert_eq!(
            refused.body["type"],
            format!("urn:abgleich:problem:{problem}")
        );
        assert_eq!(refused.body["field"], field);
    }
    let named = begin(&house, json!({"loginUrl": simulator.url()})).await;
    assert_eq!(named.status, 201, "{named:?}");
}

#[tokio::test]
async fn without_an_app_in_the_settings_the_provider_is_not_set_up_and_others_are() {
    let simulator = account().await;
    let none = [
        ("HUBSPOT_CLIENT_ID", "none"),
        ("HUBSPOT_CLIENT_SECRET", "none"),
    ];
    let house = house(&simulator, &none);
    let refused = begin(&house, json!({})).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.body["type"],
        "urn:abgleich:problem:provider-not-set-up"
    );
    let other = begin(&house, json!({"provider": "salesforce"})).await;
    assert_eq!(other.status, 201, "{other:?}");
}
