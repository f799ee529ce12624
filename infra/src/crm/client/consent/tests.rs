use std::collections::BTreeMap;

use domain::{
    fault::{CrmCode, Kind},
    ports::{Ask, Consent},
};

use super::{
    super::{
        testing::{REFUSALS, Server, TEST, TOKENS, VENDOR, settings},
        vendor::{Revoking, Tokens},
    },
    *,
};

/// A vendor whose consents are for one environment, which the administrator names.
static ENVIRONMENTS: Vendor = Vendor {
    hosts: Hosts {
        exact: &["login.vendor.example"],
        under: &["environments.example"],
    },
    tokens: Tokens {
        redeem_path: "/common/token",
        path: |_| Cow::Borrowed("/renewal/token"),
        revoking: Some(Revoking {
            path: "/revoke",
            by_client: false,
        }),
        ..TOKENS
    },
    ..VENDOR
};

/// A vendor at which clients identify themselves in the header.
static BASIC: Vendor = Vendor {
    tokens: Tokens {
        basic: true,
        at_login: true,
        ..TOKENS
    },
    ..VENDOR
};

static IN_ENVIRONMENTS: Consents = Consents {
    page: Page::AtLogin("/authorize"),
    scope: |environment| Some(format!("{}/impersonation", environment?).into()),
    own_logins: &[],
    environments: Some(Hosts {
        exact: &[],
        under: &["environments.example"],
    }),
};

static PLAIN: Consents = Consents {
    page: Page::At("https://www.vendor.example/consent?lang=en"),
    scope: |_| None,
    own_logins: &[],
    environments: None,
};

static OWN: Consents = Consents {
    page: Page::AtLogin("/authorize"),
    scope: |_| Some(Cow::Borrowed("read")),
    own_logins: &["customers.example"],
    environments: None,
};

const EXPIRING: Granting = Granting {
    pkce: true,
    expiring: true,
    shared: false,
};

fn app(vendor: &'static Vendor, consents: &'static Consents, login: &str) -> VendorApp {
    let client = |secret: &str| Client {
        id: "an app".to_owned(),
        secret: Some(secret.to_owned()),
    };
    let app = App {
        clients: vec![client("secret"), client("previous")],
        redirect_url: "https://app.example.com/connected".to_owned(),
        login_urls: vec![login.to_owned()],
    };
    VendorApp::new(vendor, consents, EXPIRING, Some(app), settings())
}

fn strict(vendor: &'static Vendor, consents: &'static Consents) -> VendorApp {
    let settings = ClientSettings::default();
    VendorApp {
        settings,
        ..app(vendor, consents, "https://api.vendor.example")
    }
}

#[test]
fn a_vendor_without_pkce_and_scopes_of_its_own_is_asked_for_neither() {
    let ask = Ask {
        login_url: "https://api.vendor.example",
        environment: None,
        state: "st",
        challenge: None,
    };
    let url = strict(&TEST, &PLAIN).authorization_url(&ask).unwrap();
    assert_eq!(
        url,
        "https://www.vendor.example/consent?lang=en&response_type=code&client_id=an%20app\
         &redirect_uri=https%3A%2F%2Fapp.example.com%2Fconnected&state=st"
    );
}

#[test]
fn only_listed_logins_and_customers_own_domains_may_be_named() {
    let url = |wanted| strict(&TEST, &OWN).login_url(wanted);
    assert_eq!(url(None).unwrap(), "https://api.vendor.example");
    assert!(url(Some("https://acme.customers.example/")).is_ok());
    for wanted in [
        "https://evil.example/.customers.example",
        "https://customers.example",
    ] {
        assert_eq!(
            *url(Some(wanted)).unwrap_err().code(),
            Code::LoginRefused,
            "{wanted}"
        );
    }
}

#[test]
fn an_environment_is_one_of_the_vendor_s_and_named_where_it_is_needed() {
    let environment = |wanted| strict(&ENVIRONMENTS, &IN_ENVIRONMENTS).environment(wanted);
    let acme = environment(Some("https://acme.environments.example/")).unwrap();
    assert_eq!(acme.as_deref(), Some("https://acme.environments.example"));
    for wanted in [
        None,
        Some(""),
        Some("acme"),
        Some("http://acme.environments.example"),
        Some("https://acme.environments.example.evil.example"),
        Some("https://environments.example"),
        Some("https://acme.environments.example/api"),
        Some("http://127.0.0.1:9001"),
        // A host of the vendor that is no environment.
        Some("https://login.vendor.example"),
    ] {
        let fault = environment(wanted).unwrap_err();
        assert_eq!(
            (fault.code(), fault.field()),
            (&Code::EnvironmentRefused, Some("/environment")),
            "{wanted:?}"
        );
    }
    let none = strict(&TEST, &OWN);
    assert_eq!(none.environment(None).unwrap(), None);
    let refused = none.environment(Some("https://acme.environments.example"));
    assert_eq!(*refused.unwrap_err().code(), Code::EnvironmentRefused);
}

#[test]
fn the_consent_is_asked_for_in_the_environment_and_at_the_login_host() {
    let environment = "https://acme.environments.example";
    let ask = Ask {
        login_url: "https://login.vendor.example",
        environment: Some(environment),
        state: "st",
        challenge: Some("ch"),
    };
    let app = strict(&ENVIRONMENTS, &IN_ENVIRONMENTS);
    let url = Url::parse(&app.authorization_url(&ask).unwrap()).unwrap();
    assert_eq!(url.host_str(), Some("login.vendor.example"));
    let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(
        query["scope"],
        "https://acme.environments.example/impersonation"
    );
    assert_eq!(query["code_challenge"], "ch");
}

fn consent<'a>(server: &'a Server, environment: Option<&'a str>) -> Consent<'a> {
    Consent {
        login_url: &server.url,
        environment,
        code: "a code",
        verifier: Some("a verifier"),
    }
}

#[tokio::test]
async fn a_code_is_redeemed_at_its_own_path_and_the_grant_is_for_the_environment() {
    let server = Server::start().await;
    let app = app(&ENVIRONMENTS, &IN_ENVIRONMENTS, &server.url);
    let token = r#"{"access_token":"a","refresh_token":"r","expires_in":3599,"scope":"s"}"#;
    server.answers(200, token);
    let environment = "https://acme.environments.example";
    let credentials = app.exchange(consent(&server, Some(environment))).await;
    let credentials = credentials.ok().unwrap();
    assert_eq!(credentials.instance_url.as_deref(), Some(environment));
    assert_eq!(credentials.login_url, server.url);
    assert!(credentials.expires.is_some());
    let seen = server.seen();
    assert_eq!(seen[0].path, "/common/token");
    let sent = |name: &str| seen[0].form.get(name).map(String::as_str);
    assert_eq!(sent("code_verifier"), Some("a verifier"));
    assert_eq!(sent("client_secret"), Some("secret"));
}

#[tokio::test]
async fn a_grant_for_a_host_that_is_refused_is_given_back_where_the_login_was() {
    let server = Server::start().await;
    let app = app(&ENVIRONMENTS, &IN_ENVIRONMENTS, &server.url);
    let token = r#"{"access_token":"a","refresh_token":"r","expires_in":3599}"#;
    server.answers(200, token);
    server.answers(200, "");
    let refused = app.exchange(consent(&server, Some("https://evil.example")));
    let fault = refused.await.err().unwrap();
    assert_eq!(fault.crm_code(), Some(&CrmCode::HostRefused));
    let seen = server.seen();
    assert_eq!(seen[1].path, "/revoke");
    assert_eq!(seen[1].form["token"], "r");
}

#[tokio::test]
async fn a_grant_that_ends_and_cannot_be_renewed_is_refused() {
    for (expiring, ok) in [(true, false), (false, true)] {
        let server = Server::start().await;
        let app = VendorApp {
            granting: Granting {
                expiring,
                ..EXPIRING
            },
            ..app(&ENVIRONMENTS, &IN_ENVIRONMENTS, &server.url)
        };
        server.answers(200, r#"{"access_token":"a"}"#);
        let environment = Some("https://acme.environments.example");
        let given = app.exchange(consent(&server, environment)).await;
        match given {
            Ok(_) => assert!(ok),
            Err(fault) => {
                assert!(!ok);
                assert_eq!(fault.crm_code(), Some(&CrmCode::NoRefreshToken));
            }
        }
    }
}

#[tokio::test]
async fn a_refused_code_says_whose_matter_it_is() {
    for (status, body, kind) in REFUSALS {
        let server = Server::start().await;
        let app = app(&BASIC, &PLAIN, &server.url);
        server.answers(status, body);
        server.answers(status, body);
        let given = app.exchange(consent(&server, None)).await;
        assert_eq!(given.err().unwrap().kind(), kind, "{body}");
        // Only a refused client leaves the code unused. Then the previous client may try it.
        let clients: Vec<String> = server
            .seen()
            .iter()
            .map(|seen| {
                assert!(!seen.form.contains_key("client_id"));
                seen.basic().unwrap()
            })
            .collect();
        match kind {
            Kind::Operator => assert_eq!(clients, ["an app:secret", "an app:previous"]),
            _ => assert_eq!(clients, ["an app:secret"], "{body}"),
        }
    }
}
