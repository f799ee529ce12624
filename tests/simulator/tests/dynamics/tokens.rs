//! Entra's endpoints: codes, refresh, client credentials, errors.

use serde_json::{Value, json};
use simulator::dynamics::{Behaviour, Config};

use super::{Crm, answer, code};

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

async fn credentials(crm: &Crm) -> Value {
    let scope = format!("{}/.default", crm.url);
    let asked = form(&[("grant_type", "client_credentials"), ("scope", &scope)]);
    let (status, tokens) = crm.token(&asked).await;
    assert_eq!(status, 200, "{tokens}");
    tokens
}

#[tokio::test]
async fn each_refresh_brings_another_refresh_token_and_the_old_one_still_works() {
    let crm = Crm::with(app()).await;
    let first = app().refresh_token;
    let (status, tokens) = crm.token(&refresh(&first)).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&json!("Bearer"), &json!(3_599))
    );
    let next = tokens["refresh_token"].as_str().unwrap();
    assert_ne!(next, first);
    assert_eq!(crm.token(&refresh(&first)).await.0, 200);
    assert_eq!(crm.token(&refresh(next)).await.0, 200);
    crm.control().set_behaviour(Behaviour {
        rotates_refresh_tokens: true,
        ..Behaviour::default()
    });
    assert_eq!(crm.token(&refresh(&first)).await.0, 200);
    assert_eq!(crm.token(&refresh(&first)).await.0, 400);
}

#[tokio::test]
async fn client_credentials_bring_an_access_token_alone_and_need_an_application_user() {
    let mut crm = Crm::with(app()).await;
    let tokens = credentials(&crm).await;
    assert!(tokens.get("refresh_token").is_none());
    crm.token = tokens["access_token"].as_str().unwrap().to_owned();
    let (status, who) = crm.get("/WhoAmI").await;
    assert_eq!(status, 200);
    assert_eq!(who["OrganizationId"], app().organization_id);
    assert!(who["UserId"].is_string() && who["BusinessUnitId"].is_string());
    crm.control().set_application_user(false);
    let (status, body) = crm.get("/WhoAmI").await;
    assert_eq!((status.as_u16(), code(&body)), (403, "0x80072560"));
}

#[tokio::test]
async fn the_token_names_the_directory() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let crm = Crm::with(app()).await;
    let tokens = credentials(&crm).await;
    let claims = tokens["access_token"]
        .as_str()
        .unwrap()
        .split('.')
        .nth(1)
        .unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims["tid"], app().tenant_id);
    assert_eq!(claims["aud"], crm.url);
}

#[tokio::test]
async fn each_refusal_of_a_token_has_entras_number() {
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
    for (asked, status, error, number) in [
        (
            wrong("other", "secret"),
            400,
            "unauthorized_client",
            700_016,
        ),
        (wrong("app", "other"), 401, "invalid_client", 7_000_215),
        (refresh("other"), 400, "invalid_grant", 700_082),
        (
            form(&[("grant_type", "password")]),
            400,
            "unsupported_grant_type",
            70_003,
        ),
        (
            form(&[("grant_type", "authorization_code"), ("code", "x")]),
            400,
            "invalid_grant",
            54_005,
        ),
        (
            form(&[
                ("grant_type", "client_credentials"),
                ("scope", "https://other.crm4.dynamics.com/.default"),
            ]),
            400,
            "invalid_resource",
            500_011,
        ),
        (
            form(&[("grant_type", "client_credentials"), ("scope", ".default")]),
            400,
            "invalid_scope",
            70_011,
        ),
    ] {
        let (got, body) = crm.token(&asked).await;
        assert_eq!((got.as_u16(), &body["error"]), (status, &json!(error)));
        assert_eq!(body["error_codes"], json!([number]));
        let text = body["error_description"].as_str().unwrap();
        assert!(
            text.starts_with(&format!("AADSTS{number}: ")) && text.contains("Trace ID"),
            "{text}"
        );
    }
    for (number, error) in [
        (50_173, "invalid_grant"),
        (65_001, "invalid_grant"),
        (50_076, "interaction_required"),
        (7_000_222, "invalid_client"),
        (90_033, "temporarily_unavailable"),
    ] {
        crm.control().set_token_trouble(Some(number));
        let (_, body) = crm.token(&refresh(&token)).await;
        assert_eq!(
            (&body["error"], &body["error_codes"][0]),
            (&json!(error), &json!(number))
        );
    }
    crm.control().set_token_trouble(None);
    crm.control().revoke_grant();
    assert_eq!(
        crm.token(&refresh(&token)).await.1["error_codes"][0],
        700_082
    );
    assert_eq!(crm.get("/WhoAmI").await.0, 200, "access tokens live on");
}

#[tokio::test]
async fn consent_for_a_named_environment_leads_to_tokens() {
    let crm = Crm::with(app()).await;
    let back = "https://vendor.example/back";
    let consent = |resource: String, more: &'static str| {
        let crm = &crm;
        async move {
            let http = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap();
            let url = format!("{}/organizations/oauth2/v2.0/authorize", crm.url);
            let scope = format!("{resource}/user_impersonation {more}");
            // The challenge of RFC 7636, appendix B.
            let query = [
                ("client_id", "app"),
                ("response_type", "code"),
                ("redirect_uri", back),
                ("scope", &scope),
                ("state", "s"),
                (
                    "code_challenge",
                    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                ),
                ("code_challenge_method", "S256"),
            ];
            let answer = http.get(url).query(&query).send().await.unwrap();
            assert_eq!(answer.status(), 302);
            url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap()
        }
    };
    let param = |url: &url::Url, name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let exchange = |code: String, verifier: &'static str| {
        let crm = &crm;
        async move {
            let asked = form(&[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", back),
                ("code_verifier", verifier),
            ]);
            crm.token(&asked).await
        }
    };
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let to = consent(crm.url.clone(), "offline_access openid").await;
    assert_eq!(param(&to, "state").as_deref(), Some("s"));
    let given = param(&to, "code").unwrap();
    let (status, tokens) = exchange(given.clone(), verifier).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens["refresh_token"].is_string());
    assert_eq!(
        exchange(given, verifier).await.1["error_codes"][0],
        54_005,
        "a code works once"
    );
    let to = consent(crm.url.clone(), "").await;
    let (_, tokens) = exchange(param(&to, "code").unwrap(), verifier).await;
    assert!(
        tokens.get("refresh_token").is_none(),
        "offline access was not asked for"
    );
    let to = consent(crm.url.clone(), "").await;
    let (_, no) = exchange(param(&to, "code").unwrap(), "other").await;
    assert_eq!(no["error_codes"][0], 501_481);
    let to = consent("https://other.crm4.dynamics.com".to_owned(), "").await;
    assert_eq!(param(&to, "error").as_deref(), Some("invalid_resource"));
}

#[tokio::test]
async fn without_a_good_token_there_is_a_challenge() {
    let mut crm = Crm::with(app()).await;
    crm.control().expire_access_tokens();
    let (status, body) = crm.get("/WhoAmI").await;
    assert_eq!((status.as_u16(), code(&body)), (401, "0x80048306"));
    crm.token = "other".to_owned();
    let no = crm.request("GET", "/WhoAmI").send().await.unwrap();
    assert_eq!(no.status(), 401);
    let challenge = no.headers()["www-authenticate"].to_str().unwrap();
    assert!(
        challenge.starts_with("Bearer authorization_uri="),
        "{challenge}"
    );
    assert_eq!(answer(no).await.1, Value::Null);
    crm.token = crm.control().session();
    crm.control().set_members(false);
    let (status, body) = crm.get("/accounts").await;
    assert_eq!((status.as_u16(), code(&body)), (403, "0x80072560"));
}
