//! The operator's app. Its secret and its id are rotated at Salesforce and in the settings, and no grant is lost.

use domain::{
    fault::{CrmCode, Kind},
    ports::{Apps, Consent},
};
use infra::crm::{
    Connectors, OperatorApps, RegisteredApps,
    client::{Client, consent::App},
};

use super::*;

const TOKEN: &str = "/services/oauth2/token";

pub(super) fn client(id: &str, secret: Option<&str>) -> Client {
    Client {
        id: id.to_owned(),
        secret: secret.map(str::to_owned),
    }
}

fn deployed(clients: &[Client]) -> Options {
    Options {
        client: ClientSettings {
            clients: clients.to_vec(),
            ..options().client
        },
        ..options()
    }
}

/// Makes a grant as earlier releases sealed it, with the secret of that time inside.
fn sealed(org: &Org, id: &str, secret: Option<&str>) -> Credentials {
    Credentials {
        client_id: id.to_owned(),
        grant: Grant::RefreshToken {
            refresh_token: Config::default().refresh_token,
            client_secret: secret.map(str::to_owned),
        },
        ..org.credentials()
    }
}

/// Returns the client id and the secret that were stored last.
fn kept(org: &Org) -> (String, Option<String>) {
    let kept = org.kept.lock().unwrap();
    let last = kept.all.last().unwrap();
    let Grant::RefreshToken { client_secret, .. } = &last.grant else {
        panic!("another grant");
    };
    (last.client_id.clone(), client_secret.clone())
}

#[tokio::test]
async fn the_deployment_s_secret_is_used_and_the_sealed_one_is_dropped() {
    let org = Org::start().await;
    org.control().set_client(Some("app"), Some("new"));
    let options = deployed(&[client("app", Some("new"))]);
    let crm = org.crm_of(sealed(&org, "app", Some("old")), options);
    crm.count(Object::Account).await.unwrap();
    assert_eq!(org.control().count_requests(TOKEN), 1);
    assert_eq!(kept(&org), ("app".to_owned(), None));
}

#[tokio::test]
async fn while_a_secret_is_rotated_either_one_works() {
    for known in ["new", "old"] {
        let org = Org::start().await;
        org.control().set_client(Some("app"), Some(known));
        let clients = [client("app", Some("new")), client("app", Some("old"))];
        let crm = org.crm_of(sealed(&org, "app", None), deployed(&clients));
        crm.count(Object::Account).await.unwrap();
        assert_eq!(kept(&org), ("app".to_owned(), None), "{known}");
    }
}

#[tokio::test]
async fn an_id_that_was_rotated_takes_its_grants_along() {
    for clients in [
        vec![client("new", Some("s"))],
        vec![client("new", Some("s")), client("app", Some("old"))],
    ] {
        let org = Org::start().await;
        org.control().set_client(Some("new"), Some("s"));
        let crm = org.crm_of(sealed(&org, "app", Some("old")), deployed(&clients));
        crm.count(Object::Account).await.unwrap();
        assert_eq!(kept(&org), ("new".to_owned(), None));
    }
}

#[tokio::test]
async fn a_grant_of_an_app_that_the_deployment_does_not_know_keeps_its_own_secret() {
    let org = Org::start().await;
    org.control().set_client(Some("own"), Some("s"));
    let options = deployed(&[client("app", Some("another"))]);
    let crm = org.crm_of(sealed(&org, "own", Some("s")), options);
    crm.count(Object::Account).await.unwrap();
    assert_eq!(org.control().count_requests(TOKEN), 1);
    assert_eq!(kept(&org), ("own".to_owned(), Some("s".to_owned())));
}

#[tokio::test]
async fn an_app_that_is_refused_is_the_operator_s_matter_and_no_lost_grant() {
    for (id, secret) in [("app", "other"), ("another", "new")] {
        let org = Org::start().await;
        org.control().set_client(Some(id), Some(secret));
        let options = deployed(&[client("app", Some("new")), client("app", Some("old"))]);
        let crm = org.crm_of(sealed(&org, "app", None), options);
        let fault = crm.count(Object::Account).await.unwrap_err();
        assert_eq!(fault.kind(), Kind::Operator, "{fault}");
        assert!(!org.kept.lock().unwrap().renewed, "the right is given back");
    }
}

#[tokio::test]
async fn a_grant_that_was_taken_back_is_revoked_while_a_secret_is_rotated_too() {
    let org = Org::start().await;
    org.control().set_client(Some("app"), Some("old"));
    org.control().revoke_grant();
    let options = deployed(&[client("app", Some("new")), client("app", Some("old"))]);
    let crm = org.crm_of(sealed(&org, "app", None), options);
    let fault = crm.count(Object::Account).await.unwrap_err();
    assert_eq!(fault.kind(), Kind::Revoked, "{fault}");
}

#[tokio::test]
async fn what_another_client_says_of_a_grant_does_not_revoke_it() {
    let org = Org::start().await;
    // The deployment's app is known to Salesforce. The grant's own app is unknown by now.
    org.control().set_client(Some("app"), Some("new"));
    org.control().revoke_grant();
    let options = deployed(&[client("app", Some("new"))]);
    let crm = org.crm_of(sealed(&org, "own", Some("s")), options);
    let fault = crm.count(Object::Account).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.crm_code()),
        (Kind::Operator, Some(&CrmCode::said("invalid_client_id")))
    );
}

#[tokio::test]
async fn a_consent_is_redeemed_while_a_secret_is_rotated_and_seals_none() {
    for known in ["new", "old"] {
        let org = Org::start().await;
        org.control().set_client(Some("client"), Some(known));
        let app = App {
            clients: vec![client("client", Some("new")), client("client", Some("old"))],
            redirect_url: "https://app.example.com/connected".to_owned(),
            login_urls: vec![org.simulator.url().to_owned()],
        };
        let apps = OperatorApps::from([(Provider::Salesforce, app)]);
        let connectors = Connectors {
            salesforce: options(),
            ..Connectors::default()
        };
        let apps = RegisteredApps::new(&apps, &connectors);
        let code = consents::code(&org, &apps).await;
        let consent = Consent {
            login_url: org.simulator.url(),
            environment: None,
            code: &code,
            verifier: Some(consents::VERIFIER),
        };
        let given = apps.exchange(Provider::Salesforce, consent).await;
        let given = given.ok().unwrap();
        assert!(matches!(
            given.grant,
            Grant::RefreshToken {
                client_secret: None,
                ..
            }
        ));
    }
}
