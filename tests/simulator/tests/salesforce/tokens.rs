use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Config, Crm, code};

const REFRESH: &str = "5Aep861-simulated-refresh-token";

#[tokio::test]
async fn with_rotation_a_refresh_token_works_once() {
    let crm = Crm::start().await;
    let (status, first) = crm
        .token(&[("grant_type", "refresh_token"), ("refresh_token", REFRESH)])
        .await;
    assert_eq!(
        (status.as_u16(), first["instance_url"].as_str()),
        (200, Some(crm.simulator.url()))
    );
    let next = first["refresh_token"].as_str().unwrap();
    let (status, error) = crm
        .token(&[("grant_type", "refresh_token"), ("refresh_token", REFRESH)])
        .await;
    assert_eq!(
        (status.as_u16(), &error["error"]),
        (400, &json!("invalid_grant"))
    );
    let (status, _) = crm
        .token(&[("grant_type", "refresh_token"), ("refresh_token", next)])
        .await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn without_rotation_it_works_again() {
    let crm = Crm::with(Config {
        rotate_refresh_tokens: false,
        ..Config::default()
    })
    .await;
    for _ in 0..2 {
        let (status, tokens) = crm
            .token(&[("grant_type", "refresh_token"), ("refresh_token", REFRESH)])
            .await;
        assert_eq!((status.as_u16(), tokens.get("refresh_token")), (200, None));
    }
}

#[tokio::test]
async fn the_client_is_checked_when_one_is_configured() {
    let crm = Crm::with(Config {
        client_id: Some("app".to_owned()),
        client_secret: Some("s".to_owned()),
        ..Config::default()
    })
    .await;
    let grant = [("grant_type", "refresh_token"), ("refresh_token", REFRESH)];
    assert_eq!(
        crm.token(&[
            grant[0],
            grant[1],
            ("client_id", "other"),
            ("client_secret", "s")
        ])
        .await
        .1["error"],
        "invalid_client_id"
    );
    assert_eq!(
        crm.token(&[
            grant[0],
            grant[1],
            ("client_id", "app"),
            ("client_secret", "x")
        ])
        .await
        .1["error"],
        "invalid_client"
    );
    assert_eq!(
        crm.token(&[
            grant[0],
            grant[1],
            ("client_id", "app"),
            ("client_secret", "s")
        ])
        .await
        .0,
        200
    );
}

#[tokio::test]
async fn an_expired_session_is_told_as_such() {
    let mut crm = Crm::start().await;
    crm.control().expire_access_tokens();
    let (status, error) = crm.get("/limits").await;
    assert_eq!((status.as_u16(), code(&error)), (401, "INVALID_SESSION_ID"));
    crm.token = crm
        .token(&[("grant_type", "refresh_token"), ("refresh_token", REFRESH)])
        .await
        .1["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(crm.get("/limits").await.0, 200);
    let short = Crm::with(Config {
        access_token_ttl: 0,
        ..Config::default()
    })
    .await;
    assert_eq!(short.get("/limits").await.0, 401);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_sessions() {
    let crm = Crm::start().await;
    let revoke = |token: &str| {
        crm.http
            .post(format!("{}/services/oauth2/revoke", crm.simulator.url()))
            .form(&[("token", token)])
            .send()
    };
    assert_eq!(revoke("unknown").await.unwrap().status(), 400);
    assert_eq!(revoke(REFRESH).await.unwrap().status(), 200);
    assert_eq!(crm.get("/limits").await.0, 401);
    assert_eq!(
        crm.token(&[("grant_type", "refresh_token"), ("refresh_token", REFRESH)])
            .await
            .1["error"],
        "invalid_grant"
    );
    let again = crm.control().grant();
    assert_eq!(
        crm.token(&[("grant_type", "refresh_token"), ("refresh_token", &again)])
            .await
            .0,
        200
    );
    crm.control().revoke_grant();
    assert_eq!(
        crm.token(&[("grant_type", "refresh_token"), ("refresh_token", &again)])
            .await
            .1["error"],
        "invalid_grant"
    );
}

#[tokio::test]
async fn userinfo_names_the_organisation() {
    let crm = Crm::with(Config {
        organization_id: "00D5g0000000002EAA".to_owned(),
        ..Config::default()
    })
    .await;
    let (_, tokens) = crm
        .token(&[
            ("grant_type", "password"),
            ("username", "a"),
            ("password", "b"),
        ])
        .await;
    assert!(
        tokens["id"]
            .as_str()
            .unwrap()
            .contains("/id/00D5g0000000002EAA/005")
    );
    assert_eq!(
        crm.get("/services/oauth2/userinfo").await.1["organization_id"],
        "00D5g0000000002EAA"
    );
}

#[tokio::test]
async fn a_code_is_redeemed_once_and_only_with_its_verifier() {
    let crm = Crm::start().await;
    let verifier = "a-verifier-of-forty-three-characters-or-more-0123";
    let challenge = URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA256,
        verifier.as_bytes(),
    ));
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let code = async || {
        let request = client
            .get(format!("{}/services/oauth2/authorize", crm.simulator.url()))
            .query(&[
                ("response_type", "code"),
                ("client_id", "app"),
                ("redirect_uri", "https://app.example/back"),
                ("state", "s 1"),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ]);
        let target = url::Url::parse(
            request.send().await.unwrap().headers()["location"]
                .to_str()
                .unwrap(),
        )
        .unwrap();
        let pairs: std::collections::HashMap<_, _> = target.query_pairs().into_owned().collect();
        assert_eq!(pairs["state"], "s 1");
        pairs["code"].clone()
    };
    let redeem = async |code: &str, verifier: &str| {
        crm.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", verifier),
            ("redirect_uri", "https://app.example/back"),
        ])
        .await
    };
    assert_eq!(
        redeem(&code().await, "another").await.1["error"],
        "invalid_grant"
    );
    let good = code().await;
    let (status, tokens) = redeem(&good, verifier).await;
    assert_eq!(status, 200);
    assert!(tokens["refresh_token"].is_string());
    assert_eq!(redeem(&good, verifier).await.0, 400);
}

#[tokio::test]
async fn a_jwt_is_checked_in_all_its_parts() {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(
        pair.public_key(),
    )
    .unwrap();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(der.as_ref())
    );
    let crm = Crm::with(Config {
        client_id: Some("app".to_owned()),
        jwt_public_key: Some(pem),
        ..Config::default()
    })
    .await;
    let now = crm.control().now() / 1_000;
    let good = json!({ "iss": "app", "sub": "user@example.com", "aud": crm.simulator.url(), "exp": now + 170 });
    let send = async |claims: &Value, spoil: bool| {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({ "alg": "RS256" })), part(claims));
        let mut tag = vec![0; pair.public_modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut tag,
        )
        .unwrap();
        tag[0] ^= u8::from(spoil);
        let assertion = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(&tag));
        crm.token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", &assertion),
        ])
        .await
    };
    let (status, tokens) = send(&good, false).await;
    assert_eq!((status.as_u16(), tokens.get("refresh_token")), (200, None));
    assert_eq!(send(&good, true).await.0, 400);
    for (name, value) in [
        ("iss", json!("other")),
        ("sub", json!("")),
        ("aud", json!("https://example.com")),
        ("exp", json!(now - 1)),
        ("exp", json!(now + 900)),
    ] {
        let mut claims = good.clone();
        claims[name] = value;
        assert_eq!(send(&claims, false).await.0, 400, "{name}");
    }
}
