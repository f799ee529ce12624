//! OAuth: codes, refresh, introspection, revocation, uninstallation, scopes.

use serde_json::{Value, json};
use simulator::hubspot::{Config, config::object_scopes};

use super::{Crm, answer};

const CLIENT: [(&str, &str); 2] = [("client_id", "app"), ("client_secret", "secret")];

fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    CLIENT.iter().chain(more).copied().collect()
}

fn refresh(token: &str) -> Vec<(&str, &str)> {
    form(&[("grant_type", "refresh_token"), ("refresh_token", token)])
}

fn app() -> Config {
    Config {
        client_id: Some("app".to_owned()),
        client_secret: Some("secret".to_owned()),
        ..Config::default()
    }
}

async fn post(crm: &Crm, path: &str, form: &[(&str, &str)]) -> (reqwest::StatusCode, Value) {
    let url = format!("{}{path}", crm.simulator.url());
    answer(crm.http.post(url).form(form).send().await.unwrap()).await
}

#[tokio::test]
async fn a_refresh_answers_the_hub_and_a_list_of_scopes() {
    let crm = Crm::with(app()).await;
    let first = app().refresh_token;
    let (status, tokens) = crm.token(&refresh(&first)).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(tokens["hub_id"], 25_700_001);
    assert_eq!(tokens["expires_in"], 1_800);
    assert_eq!(tokens["refresh_token"], first, "it is the same as before");
    assert_eq!(tokens["scopes"], json!(object_scopes()));
    let details = crm
        .http
        .get(format!(
            "{}/account-info/2026-03/details",
            crm.simulator.url()
        ))
        .bearer_auth(tokens["access_token"].as_str().unwrap());
    let (status, details) = answer(details.send().await.unwrap()).await;
    assert_eq!(status, 200);
    assert_eq!(details["portalId"], tokens["hub_id"]);
}

#[tokio::test]
async fn with_rotation_a_refresh_token_works_once() {
    let crm = Crm::with(Config {
        rotate_refresh_tokens: true,
        ..app()
    })
    .await;
    let first = app().refresh_token;
    let (_, tokens) = crm.token(&refresh(&first)).await;
    let next = tokens["refresh_token"].as_str().unwrap();
    assert_ne!(next, first);
    let (status, no) = crm.token(&refresh(&first)).await;
    assert_eq!(
        (status.as_u16(), &no["status"]),
        (400, &json!("BAD_REFRESH_TOKEN"))
    );
    assert_eq!(crm.token(&refresh(next)).await.0, 200);
}

#[tokio::test]
async fn each_refusal_of_a_token_says_whose_fault_it_is() {
    let crm = Crm::with(app()).await;
    let token = app().refresh_token;
    let wrong = |id, secret| {
        vec![
            ("client_id", id),
            ("client_secret", secret),
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str()),
        ]
    };
    for (form, error, status) in [
        (wrong("other", "secret"), "invalid_client", "BAD_CLIENT_ID"),
        (wrong("app", "other"), "invalid_client", "BAD_CLIENT_SECRET"),
        (refresh("other"), "invalid_grant", "BAD_REFRESH_TOKEN"),
        (
            form(&[("grant_type", "password")]),
            "unsupported_grant_type",
            "BAD_GRANT_TYPE",
        ),
        (
            form(&[("grant_type", "authorization_code"), ("code", "x")]),
            "invalid_grant",
            "BAD_AUTH_CODE",
        ),
    ] {
        let (code, body) = crm.token(&form).await;
        assert_eq!(code, 400);
        assert_eq!(
            (&body["error"], &body["status"]),
            (&json!(error), &json!(status))
        );
    }
    crm.control().revoke_grant(true);
    let (code, body) = crm.token(&refresh(&token)).await;
    assert_eq!(code, 400);
    assert_eq!(
        body,
        json!({ "status": "BAD_HUB", "message": "missing or unknown hub id", "error": "access_denied", "error_description": "missing or unknown hub id" })
    );
}

#[tokio::test]
async fn consent_leads_to_tokens_by_code_and_verifier() {
    let crm = Crm::with(app()).await;
    let back = "https://vendor.example/back";
    // The challenge of RFC 7636, appendix B.
    let query = format!(
        "client_id=app&redirect_uri={back}&scope=oauth%20crm.objects.contacts.read&optional_scope=crm.objects.leads.read%20nope&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    );
    let consent = || async {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let url = format!("{}/oauth/authorize?{query}", crm.simulator.url());
        let answer = http.get(url).send().await.unwrap();
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(to.starts_with(back) && to.ends_with("&state=s"), "{to}");
        to.split(['=', '&']).nth(1).unwrap().to_owned()
    };
    let exchange = |code: String, verifier: &'static str, back: &'static str| {
        let crm = &crm;
        async move {
            let form = form(&[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", back),
                ("code_verifier", verifier),
            ]);
            crm.token(&form).await
        }
    };
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let (status, tokens) = exchange(consent().await, verifier, back).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(
        tokens["scopes"],
        json!([
            "oauth",
            "crm.objects.contacts.read",
            "crm.objects.leads.read"
        ]),
        "an optional scope that the account lacks is left out"
    );
    let (_, no) = exchange(consent().await, "other", back).await;
    assert_eq!(no["status"], "BAD_CODE_VERIFIER");
    let (_, no) = exchange(consent().await, verifier, "https://other.example").await;
    assert_eq!(no["status"], "BAD_REDIRECT_URI");
}

#[tokio::test]
async fn a_revoked_refresh_token_is_inactive_while_access_tokens_live_on() {
    let crm = Crm::with(app()).await;
    let token = app().refresh_token;
    let (_, tokens) = crm.token(&refresh(&token)).await;
    let access = tokens["access_token"].as_str().unwrap();
    let introspect = |token: String| {
        let crm = &crm;
        async move {
            let form = form(&[("token", &token)]);
            post(crm, "/oauth/2026-03/token/introspect", &form).await.1
        }
    };
    assert_eq!(introspect(token.clone()).await["active"], true);
    let gone = form(&[("token", &token), ("token_type_hint", "refresh_token")]);
    let (status, _) = post(&crm, "/oauth/2026-03/token/revoke", &gone).await;
    assert_eq!(status, 200);
    assert_eq!(introspect(token).await, json!({ "active": false }));
    assert_eq!(introspect(access.to_owned()).await["active"], true);
    assert_eq!(crm.get("/contacts").await.0, 200);
}

#[tokio::test]
async fn after_an_uninstall_no_token_works() {
    let crm = Crm::with(app()).await;
    let answer = crm
        .request("DELETE", "/appinstalls/2026-03/external-install")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);
    let (status, body) = crm.get("/contacts").await;
    assert_eq!(
        (status.as_u16(), &body["category"]),
        (401, &json!("INVALID_AUTHENTICATION"))
    );
    let (_, no) = crm.token(&refresh(&app().refresh_token)).await;
    assert_eq!(no["status"], "BAD_REFRESH_TOKEN");
}

#[tokio::test]
async fn an_expired_token_and_a_missing_scope_say_so() {
    let crm = Crm::start().await;
    crm.control()
        .set_scopes(&["oauth", "crm.objects.companies.read"]);
    assert_eq!(crm.get("/companies").await.0, 200);
    let (status, body) = crm.get("/tasks").await;
    assert_eq!(
        (status.as_u16(), &body["category"]),
        (403, &json!("MISSING_SCOPES"))
    );
    assert_eq!(
        body["errors"][0]["context"]["requiredGranularScopes"],
        json!(["crm.objects.contacts.read"]),
        "tasks ride on contacts"
    );
    crm.control().expire_access_tokens();
    let (status, body) = crm.get("/companies").await;
    assert_eq!(
        (status.as_u16(), &body["category"]),
        (401, &json!("EXPIRED_AUTHENTICATION"))
    );
}

#[tokio::test]
async fn without_sales_hub_there_are_no_leads() {
    let crm = Crm::with(Config {
        sales_hub: false,
        ..Config::default()
    })
    .await;
    let (status, body) = crm.get("/leads").await;
    assert_eq!(
        (status.as_u16(), &body["category"]),
        (403, &json!("MISSING_SCOPES"))
    );
    assert_eq!(crm.get("/deals").await.0, 200);
}
