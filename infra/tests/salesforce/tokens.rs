use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::fault::{CrmCode, Kind};

use super::*;

const TOKEN: &str = "/services/oauth2/token";

#[tokio::test]
async fn the_access_token_of_the_last_slice_is_tried_first() {
    let org = Org::start().await;
    let credentials = Credentials {
        instance_url: Some(org.simulator.url().to_owned()),
        access_token: Some(org.control().session()),
        expires: None,
        scope: None,
        ..org.credentials()
    };
    org.crm_of(credentials, options())
        .count(Object::Account)
        .await
        .unwrap();
    assert_eq!(org.control().count_requests(TOKEN), 0);
}

#[tokio::test]
async fn renewed_credentials_are_kept_before_anything_is_sent_with_them() {
    let org = Org::start().await;
    let crm = org.crm();
    crm.count(Object::Account).await.unwrap();
    let kept = org.kept.lock().unwrap();
    assert_eq!(kept.api_requests, [0]);
    let credentials = &kept.all[0];
    assert!(
        matches!(&credentials.grant, Grant::RefreshToken { refresh_token, .. } if *refresh_token != Config::default().refresh_token)
    );
    assert!(
        credentials.access_token.is_some()
            && credentials.instance_url.as_deref() == Some(org.simulator.url())
    );
    assert_eq!(crm.usage().requests, 2);
}

#[tokio::test]
async fn credentials_that_could_not_be_kept_are_not_used_and_not_lost() {
    let org = Org::start().await;
    org.kept.lock().unwrap().failures = 2;
    let crm = org.crm();
    for _ in 0..2 {
        assert_eq!(
            crm.count(Object::Account).await.unwrap_err().kind(),
            Kind::Fenced
        );
        assert_eq!(org.control().count_requests("/services/data"), 0);
    }
    crm.count(Object::Account).await.unwrap();
    assert_eq!(
        (
            org.control().count_requests(TOKEN),
            org.kept.lock().unwrap().all.len()
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_token_that_expires_in_the_middle_of_a_run_is_renewed_once_by_many_requests() {
    let org = Org::start().await;
    org.load_accounts(2_500);
    let crm = org.crm();
    let first = page(&*crm, Object::Account, &whole(), None).await;
    org.control().expire_access_tokens();
    let second = page(&*crm, Object::Account, &whole(), first.next.as_ref()).await;
    assert_eq!(first.items.len() + second.items.len(), 2_500);
    assert_eq!(org.control().count_requests(TOKEN), 2);

    org.control().expire_access_tokens();
    let counts = futures::future::join_all((0..10).map(|_| crm.count(Object::Account))).await;
    assert!(
        counts
            .into_iter()
            .all(|count| count.unwrap().exact() == Some(2_500))
    );
    assert_eq!(org.control().count_requests(TOKEN), 3);
    assert_eq!(org.kept.lock().unwrap().all.len(), 3);
}

#[tokio::test]
async fn two_processes_whose_token_is_refused_at_once_renew_it_once() {
    let org = Org::start().await;
    org.crm().count(Object::Account).await.unwrap();
    org.control().expire_access_tokens();
    org.spoil(TOKEN, 1, Spoil::Slow { delay_ms: 100 });
    // The waits are long enough for another slice to finish its renewal.
    let patient = Options {
        client: ClientSettings {
            retry: Retry {
                tries: 50,
                first: Duration::from_millis(10),
                longest: Duration::from_millis(40),
                ..options().client.retry
            },
            ..options().client
        },
        ..options()
    };
    let connectors: Vec<_> = (0..5).map(|_| org.crm_with(patient.clone())).collect();
    let counts = connectors.iter().map(|crm| crm.count(Object::Account));
    for count in futures::future::join_all(counts).await {
        assert_eq!(count.unwrap().exact(), Some(0));
    }
    assert_eq!(org.control().count_requests(TOKEN), 2);
    assert_eq!(org.kept.lock().unwrap().all.len(), 2);
}

#[tokio::test]
async fn a_renewal_that_fails_gives_its_right_back() {
    let org = Org::start().await;
    org.control().revoke_grant();
    assert_eq!(
        org.crm().count(Object::Account).await.unwrap_err().kind(),
        Kind::Revoked
    );
    assert!(!org.kept.lock().unwrap().renewed);
}

#[tokio::test]
async fn codes_that_mean_an_old_token_renew_it_once_and_no_more() {
    for code in [
        "INVALID_SESSION_ID",
        "INVALID_AUTH_HEADER",
        "INVALID_JWT_FORMAT",
    ] {
        let org = Org::start().await;
        let crm = org.crm();
        org.spoil("/query", 1, error(401, code));
        crm.count(Object::Account).await.unwrap();
        org.spoil("/query", 0, error(401, code));
        assert!(crm.count(Object::Account).await.unwrap_err().is_transient());
        assert_eq!(org.control().count_requests(TOKEN), 3, "{code}");
    }
}

#[tokio::test]
async fn a_caller_that_gives_up_while_a_token_is_fetched_does_not_lose_the_grant() {
    let org = Org::start().await;
    org.spoil(TOKEN, 1, Spoil::Slow { delay_ms: 200 });
    let crm = org.crm();
    let hurried = tokio::time::timeout(Duration::from_millis(50), crm.count(Object::Account));
    assert!(hurried.await.is_err());
    crm.count(Object::Account).await.unwrap();
    assert_eq!(
        (
            org.control().count_requests(TOKEN),
            org.kept.lock().unwrap().all.len()
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_grant_that_was_taken_back_is_revoked() {
    let org = Org::start().await;
    let crm = org.crm();
    crm.count(Object::Account).await.unwrap();
    org.control().revoke_grant();
    let fault = crm.count(Object::Account).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.crm_code()),
        (Kind::Revoked, Some(&CrmCode::InvalidGrant))
    );
}

#[tokio::test]
async fn a_login_in_trouble_is_tried_again() {
    let org = Org::start().await;
    org.spoil(
        TOKEN,
        2,
        Spoil::OddBody {
            status: 503,
            body: "<html>".to_owned(),
        },
    );
    org.spoil(TOKEN, 1, Spoil::Reset);
    org.crm().count(Object::Account).await.unwrap();
    assert_eq!(org.kept.lock().unwrap().all.len(), 1);
}

#[tokio::test]
async fn a_grant_that_is_given_back_works_no_more_and_giving_it_back_again_is_fine() {
    let org = Org::start().await;
    let crm = org.crm();
    crm.count(Object::Account).await.unwrap();
    crm.revoke().await.unwrap();
    assert_eq!(
        crm.count(Object::Account).await.unwrap_err().kind(),
        Kind::Revoked
    );
    crm.revoke().await.unwrap();
}

#[tokio::test]
async fn a_signed_assertion_gives_a_token_and_a_foreign_one_does_not() {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    let pem = |name: &str, der: &[u8]| {
        format!(
            "-----BEGIN {name} KEY-----\n{}\n-----END {name} KEY-----\n",
            STANDARD.encode(der)
        )
    };
    let config = Config {
        jwt_public_key: Some(pem("PUBLIC", public.as_ref())),
        ..Config::default()
    };
    let org = Org::with(config).await;
    let credentials = |key: &KeyPair| {
        let private: Pkcs8V1Der<'_> = key.as_der().unwrap();
        Credentials {
            grant: Grant::JwtBearer {
                subject: "erika@example.org".to_owned(),
                private_key: pem("PRIVATE", private.as_ref()),
                audience: org.simulator.url().to_owned(),
            },
            ..org.credentials()
        }
    };
    let crm = org.crm_of(credentials(&key), options());
    crm.count(Object::Account).await.unwrap();
    org.control().expire_access_tokens();
    crm.count(Object::Account).await.unwrap();
    assert_eq!(org.kept.lock().unwrap().all.len(), 2);
    crm.revoke().await.unwrap();
}
