//! Consents, tokens and their expiry, limits, and which fault is whose.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ports::{Apps, Ask, Consent, Revoked},
    preflight::preflight,
    settings::Settings,
};
use infra::crm::{Connectors, OperatorApps, RegisteredApps, client::consent::App};

use super::*;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn refresh_token(account: &Account) -> String {
    match account.grant.get().grant {
        Grant::RefreshToken { refresh_token, .. } => refresh_token,
        _ => panic!("another grant"),
    }
}

#[tokio::test]
async fn a_consent_becomes_a_grant_for_the_hub_that_gave_it() {
    for enforce_pkce in [true, false] {
        let config = Config {
            enforce_pkce,
            ..Config::default()
        };
        consent(&Account::with(config).await).await;
    }
}

async fn consent(account: &Account) {
    let url = account.simulator.url();
    let app = App {
        clients: options().client.clients,
        redirect_url: "https://app.example.com/connected".to_owned(),
        login_urls: vec![url.to_owned()],
    };
    let connectors = Connectors {
        hubspot: options(),
        ..Connectors::default()
    };
    let apps = OperatorApps::from([(Provider::HubSpot, app)]);
    let apps = RegisteredApps::new(&apps, &connectors);
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let ask = Ask {
        login_url: url,
        environment: None,
        state: "a state",
        challenge: Some(&challenge),
    };
    let page = apps.authorization_url(Provider::HubSpot, &ask).unwrap();
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let answer = browser.get(page).send().await.unwrap();
    let back = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let query: BTreeMap<String, String> = back.query_pairs().into_owned().collect();
    assert_eq!(query["state"], "a state");
    let consent = |verifier: &'static str| Consent {
        login_url: url,
        environment: None,
        code: &query["code"],
        verifier: Some(verifier),
    };
    let given = apps.exchange(Provider::HubSpot, consent(VERIFIER)).await;
    let credentials = given.ok().unwrap();
    assert!(
        credentials
            .scope
            .as_deref()
            .unwrap()
            .contains("crm.objects.contacts.read")
    );
    let used = apps.exchange(Provider::HubSpot, consent(VERIFIER)).await;
    assert_eq!(used.err().unwrap().kind(), Kind::Revoked);
    let access = CrmAccess {
        provider: Provider::HubSpot,
        renewal: Arc::new(Unstored::new(credentials.clone())),
        credentials,
        fields: BTreeMap::new(),
    };
    let crm = HubSpot::connect(access, options()).unwrap();
    assert_eq!(
        crm.organisation().await.unwrap().as_deref(),
        Some("25700001")
    );
}

#[tokio::test]
async fn a_refresh_token_is_kept_as_it_comes_whether_it_rotates_or_not() {
    for rotates in [false, true] {
        let account = Account::with(Config {
            rotate_refresh_tokens: rotates,
            ..Config::default()
        })
        .await;
        let before = refresh_token(&account);
        for _ in 0..3 {
            account.crm().clock().await.unwrap();
            account.control().expire_access_tokens();
            account.crm().clock().await.unwrap();
        }
        assert_eq!(refresh_token(&account) != before, rotates);
    }
}

#[tokio::test]
async fn a_customer_who_uninstalls_has_revoked_and_an_app_that_is_refused_is_the_operator_s_matter()
{
    for hub_gone in [false, true] {
        let account = Account::start().await;
        account.control().revoke_grant(hub_gone);
        let fault = account.crm().clock().await.unwrap_err();
        assert_eq!(fault.kind(), Kind::Revoked, "{fault}");
    }
    for (id, secret) in [("client", "another"), ("another", "secret")] {
        let account = Account::start().await;
        account.control().set_client(Some(id), Some(secret));
        let fault = account.crm().clock().await.unwrap_err();
        assert_eq!(fault.kind(), Kind::Operator, "{fault}");
    }
}

#[tokio::test]
async fn a_grant_is_given_back_and_the_receipt_says_how_long_tokens_live_on() {
    let account = Account::start().await;
    let crm = account.crm();
    crm.clock().await.unwrap();
    let token = refresh_token(&account);
    assert_eq!(crm.revoke().await.unwrap(), Revoked::DeadWithinMinutes(30));
    assert!(!account.control().is_granted(&token));
    assert_eq!(account.control().count_requests("/appinstalls"), 1);
    let fault = account.crm().ids(Object::Account, None).await.err();
    assert_eq!(fault.map(|fault| fault.kind()), Some(Kind::Revoked));
}

#[tokio::test]
async fn a_token_of_one_account_reads_and_only_its_owner_can_take_it_back() {
    let account = Account::with(Config {
        private_token: Some("pat-eu1-1".to_owned()),
        ..Config::default()
    })
    .await;
    account.load("companies", json!({ "name": "Werk" }));
    let grant = Grant::Token {
        token: "pat-eu1-1".to_owned(),
    };
    let credentials = credentials(account.simulator.url(), grant);
    let access = CrmAccess {
        provider: Provider::HubSpot,
        renewal: Arc::new(Unstored::new(credentials.clone())),
        credentials,
        fields: BTreeMap::new(),
    };
    let crm = HubSpot::connect(access, options()).unwrap();
    assert_eq!(ids(&*crm, Object::Account).await.len(), 1);
    assert_eq!(crm.scopes().await.unwrap(), None);
    assert!(crm.rights(Object::Account).await.unwrap().unwrap().read);
    assert_eq!(crm.revoke().await.unwrap(), Revoked::NotByUs);
    assert_eq!(account.control().count_requests("/oauth"), 0);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let account = Account::start().await;
    account.control().set_scopes(&[
        "oauth",
        "crm.objects.contacts.read",
        "crm.objects.deals.read",
    ]);
    let crm = account.crm();
    let missing = crm.scopes().await.unwrap().unwrap().missing;
    assert_eq!(missing, ["crm.objects.companies.read"]);
    let fault = crm.describe(Object::Account).await.unwrap_err();
    assert_eq!(fault.kind(), Kind::Permanent);
    assert_eq!(fault.detail(), Some("crm.objects.companies.read"));
    // An object that the grant may not see is there. Leads alone may be missing.
    let rights = crm.rights(Object::Account).await.unwrap().unwrap();
    assert!(!rights.read && !rights.create && rights.fields.is_empty());
    assert!(crm.rights(Object::Lead).await.unwrap().is_none());
}

#[tokio::test]
async fn without_sales_hub_a_preflight_is_ready_and_says_that_leads_are_not_there() {
    let account = Account::with(Config {
        sales_hub: false,
        ..Config::default()
    })
    .await;
    let settings = Settings::default();
    assert!(settings.objects.contains(&Object::Lead));
    let found = preflight(&*account.crm(), &settings, &[]).await.unwrap();
    assert!(found.ready, "{found:?}");
    for one in found.objects {
        assert_eq!(one.present, one.object != Object::Lead, "{}", one.object);
    }
}

#[tokio::test]
async fn a_proxy_s_page_does_not_make_leads_be_missing() {
    let account = Account::start().await;
    let page = Fault::OddBody {
        status: 403,
        body: "<html>Forbidden</html>".to_owned(),
    };
    account
        .control()
        .spoil("/crm/properties/leads", 1, page.clone());
    assert!(
        account
            .crm()
            .describe(Object::Lead)
            .await
            .unwrap()
            .is_some()
    );
    account.control().spoil("/crm/properties/leads", 0, page);
    let crm = account.crm();
    let fault = crm.describe(Object::Lead).await.unwrap_err();
    assert_eq!(fault.crm_code(), Some(&CrmCode::NotAnApi));
    assert!(fault.is_transient());
    assert!(crm.rights(Object::Lead).await.is_err());
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_takes_longer_says_when_to_come_back() {
    for name in [
        "locked_423",
        "error_500",
        "bad_gateway_502",
        "unavailable_503",
        "timeout_504",
        "down_521",
        "expired_401",
        "invalid_401",
    ] {
        let account = Account::start().await;
        account.load("companies", json!({ "name": "Werk" }));
        account.spoil("/crm/objects", 1, name);
        let found = ids(&*account.crm(), Object::Account).await;
        assert_eq!(found.len(), 1, "{name}");
    }
    for (name, seconds) in [("limit_daily", 3_600), ("migrating_477", 86_400)] {
        let account = Account::start().await;
        account.spoil("/crm/objects", 0, name);
        let fault = account
            .crm()
            .ids(Object::Account, None)
            .await
            .err()
            .unwrap();
        assert!(fault.is_transient(), "{name}");
        let wait = fault.retry_after().map(|wait| wait.as_secs());
        assert_eq!(wait, Some(seconds), "{name}");
    }
}

#[tokio::test]
async fn a_page_for_people_is_no_answer_and_ends_as_a_transient_fault() {
    let account = Account::start().await;
    account.spoil("/crm/objects", 0, "not_json");
    let fault = account
        .crm()
        .ids(Object::Account, None)
        .await
        .err()
        .unwrap();
    assert_eq!(fault.crm_code(), Some(&CrmCode::NotAnApi));
    assert!(fault.is_transient());
}

#[tokio::test]
async fn the_connector_keeps_below_the_account_s_limits_by_itself() {
    let account = Account::with(Config {
        limits: simulator::hubspot::Limits::OAUTH,
        ..Config::default()
    })
    .await;
    for n in 0..40 {
        account.load(
            "companies",
            json!({ "name": format!("Werk {n}"), "hs_lastmodifieddate": stamp(NOW - 60_000 + n) }),
        );
    }
    let crm = account.crm_with(Options {
        limits: Limits::default(),
        search_page: 5,
        ..options()
    });
    let all = items(
        &*crm,
        Object::Account,
        &since(&account, Some(NOW - 120_000)),
    )
    .await;
    assert!(all.len() >= 40);
    let refused = account.control().requests();
    let refused = refused.iter().filter(|entry| entry.status == 429).count();
    assert_eq!(refused, 0);
}
