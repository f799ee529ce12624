use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    fault::Kind,
    ports::{Apps, Ask, Consent},
};
use infra::crm::{Connectors, OperatorApps, RegisteredApps, client::consent::App};

use super::{clients::client, *};

pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn apps(org: &Org) -> RegisteredApps {
    let app = App {
        clients: vec![client("client", None)],
        redirect_url: "https://app.example.com/connected".to_owned(),
        login_urls: vec![org.simulator.url().to_owned()],
    };
    let apps = OperatorApps::from([(Provider::Salesforce, app)]);
    let connectors = Connectors {
        salesforce: options(),
        ..Connectors::default()
    };
    RegisteredApps::new(&apps, &connectors)
}

/// Consents like a user: follows the page to where it leads back.
pub(super) async fn code(org: &Org, apps: &RegisteredApps) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let ask = Ask {
        login_url: org.simulator.url(),
        environment: None,
        state: "a state",
        challenge: Some(&challenge),
    };
    let page = apps.authorization_url(Provider::Salesforce, &ask).unwrap();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let answer = client.get(page).send().await.unwrap();
    let back = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!(back.host_str(), Some("app.example.com"));
    let query: BTreeMap<String, String> = back.query_pairs().into_owned().collect();
    assert_eq!(query["state"], "a state");
    query["code"].clone()
}

async fn exchange(
    org: &Org,
    apps: &RegisteredApps,
    code: &str,
    verifier: &str,
) -> Outcome<Credentials> {
    let consent = Consent {
        login_url: org.simulator.url(),
        environment: None,
        code,
        verifier: Some(verifier),
    };
    apps.exchange(Provider::Salesforce, consent).await
}

#[tokio::test]
async fn a_consent_becomes_a_grant_that_works_and_does_so_once() {
    let org = Org::start().await;
    let apps = apps(&org);
    let code = code(&org, &apps).await;
    let credentials = exchange(&org, &apps, &code, VERIFIER).await.ok().unwrap();
    assert_eq!(
        credentials.instance_url.as_deref(),
        Some(org.simulator.url())
    );
    let crm = org.crm_of(credentials, options());
    assert_eq!(crm.count(Object::Account).await.unwrap().exact(), Some(0));
    assert!(
        crm.organisation()
            .await
            .unwrap()
            .unwrap()
            .starts_with("00D")
    );
    org.control().expire_access_tokens();
    assert_eq!(
        crm.count(Object::Account).await.unwrap().exact(),
        Some(0),
        "it can be renewed"
    );
    let again = exchange(&org, &apps, &code, VERIFIER).await;
    assert_eq!(again.err().unwrap().kind(), Kind::Revoked);
}

#[tokio::test]
async fn a_consent_is_worth_nothing_without_its_verifier() {
    let org = Org::start().await;
    let apps = apps(&org);
    let code = code(&org, &apps).await;
    let stolen = exchange(&org, &apps, &code, "of-somebody-who-saw-the-code").await;
    assert_eq!(stolen.err().unwrap().kind(), Kind::Revoked);
}

#[tokio::test]
async fn rights_are_named_as_the_crm_has_them() {
    let org = Org::start().await;
    let rights = org.crm().rights(Object::Account).await.unwrap().unwrap();
    assert!(rights.read && rights.create);
    let name = rights.fields.iter().find(|field| field.name == "Name");
    assert!(name.unwrap().required);
    assert_eq!(name.unwrap().label.as_deref(), Some("Name"));
    let unseen = |name: &str| rights.fields.iter().all(|field| field.name != name);
    assert!(
        rights.wanted.iter().all(|(name, _)| !unseen(name)),
        "{rights:?}"
    );
}
