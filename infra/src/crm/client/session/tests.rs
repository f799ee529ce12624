//! Grants of every kind: the requests for an access token, what is stored, and the meaning of refusals.

use std::{cell::Cell, collections::BTreeMap, sync::Arc};

use domain::{
    fault::{CrmCode, Kind},
    integration::{Credentials, Grant, Provider},
    ports::CrmAccess,
};
use jiff::Timestamp;

use super::{
    super::{
        Client, ClientSettings, Told,
        testing::{REFUSALS, Row, Seen, Server, TOKENS, VENDOR, settings},
        vendor::{Hosts, Revoking, Tokens, Vendor},
    },
    Call, Refusal, Session,
};

/// A vendor with a token endpoint per customer directory, an API per environment, and id and secret in the form.
static IN_FORM: Vendor = Vendor {
    hosts: Hosts {
        exact: &["login.vendor.example"],
        under: &["environments.example"],
    },
    tokens: Tokens {
        path: |credentials| match &credentials.grant {
            Grant::ClientCredentials {
                directory: Some(directory),
            } => format!("/{directory}/token").into(),
            _ => "/renewal/{version}/token".into(),
        },
        scope: |credentials| {
            let environment = credentials.instance_url.as_ref()?;
            Some(format!("{environment}/.default"))
        },
        ..TOKENS
    },
    ..VENDOR
};

/// A vendor with id and secret in the header, an API host that comes with the token, and grants that can be revoked.
static IN_HEADER: Vendor = Vendor {
    tokens: Tokens {
        revoking: Some(Revoking {
            path: "/revoke",
            by_client: true,
        }),
        basic: true,
        tells_host: true,
        ..TOKENS
    },
    ..VENDOR
};

const BEGUN: i64 = 1_795_000_000;

thread_local! {
    static CLOCK: Cell<i64> = const { Cell::new(BEGUN) };
    /// Requests and throttles that were told.
    static TOLD: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

fn told(what: Told) {
    let (requests, throttles) = TOLD.get();
    TOLD.set(match what {
        Told::Request => (requests + 1, throttles),
        Told::Throttle => (requests, throttles + 1),
    });
}

fn now() -> Timestamp {
    Timestamp::from_second(CLOCK.get()).unwrap()
}

/// A login host, an API on another host, and the row that holds the grant.
struct World {
    login: Server,
    api: Server,
    clients: Vec<Client>,
}

fn client(id: &str, secret: &str) -> Client {
    Client {
        id: id.to_owned(),
        secret: Some(secret.to_owned()),
    }
}

fn client_credentials() -> Grant {
    Grant::ClientCredentials {
        directory: Some("acme-directory".to_owned()),
    }
}

fn refresh_token() -> Grant {
    Grant::RefreshToken {
        refresh_token: "refresh".to_owned(),
        client_secret: None,
    }
}

impl World {
    async fn start() -> Self {
        CLOCK.set(BEGUN);
        TOLD.set((0, 0));
        Self {
            login: Server::start().await,
            api: Server::start().await,
            clients: vec![client("app", "secret")],
        }
    }

    fn credentials(&self, grant: Grant) -> Credentials {
        Credentials {
            login_url: self.login.url.clone(),
            instance_url: Some(self.api.url.clone()),
            client_id: "app".to_owned(),
            grant,
            access_token: None,
            expires: None,
            scope: None,
        }
    }

    /// Makes a session as the next slice would, from the stored row.
    fn session(&self, vendor: &'static Vendor, row: &Arc<Row>) -> Session {
        let settings = ClientSettings {
            clients: self.clients.clone(),
            token_version: "2026-03".to_owned(),
            now,
            told,
            ..settings()
        };
        let access = CrmAccess {
            provider: Provider::ALL[0],
            credentials: row.stored(),
            renewal: Arc::clone(row) as _,
            fields: BTreeMap::new(),
        };
        let (session, _) = Session::open(access, vendor, &settings, 0).unwrap();
        session
    }
}

async fn ask(session: &Session) -> Result<(), Refusal> {
    let call = Call::get("/things".to_owned());
    session.run(&call, |_| Ok(())).await
}

fn bearers(seen: &[Seen]) -> Vec<&str> {
    let all = seen.iter();
    all.map(|seen| seen.authorization.as_deref().unwrap_or("nobody"))
        .collect()
}

fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn client_credentials_ask_the_customer_s_directory_for_one_environment() {
    let world = World::start().await;
    let row = Row::new(world.credentials(client_credentials()));
    let token = r#"{"token_type":"Bearer","access_token":"first","expires_in":3599}"#;
    world.login.answers(200, token);
    world.api.answers(200, "{}");
    ask(&world.session(&IN_FORM, &row)).await.unwrap();

    let asked = world.login.seen();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].path, "/acme-directory/token");
    let scope = format!("{}/.default", world.api.url);
    let wanted = form(&[
        ("grant_type", "client_credentials"),
        ("client_id", "app"),
        ("client_secret", "secret"),
        ("scope", &scope),
    ]);
    assert_eq!(asked[0].form, wanted);
    assert_eq!(asked[0].authorization, None);
    assert_eq!(bearers(&world.api.seen()), ["Bearer first"]);

    let kept = row.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].access_token.as_deref(), Some("first"));
    assert_eq!(kept[0].expires.unwrap().as_second(), BEGUN + 3_599);
    assert_eq!(kept[0].instance_url.as_deref(), Some(&*world.api.url));
    assert!(matches!(
        &kept[0].grant,
        Grant::ClientCredentials { directory: Some(directory) } if directory == "acme-directory"
    ));
}

#[tokio::test]
async fn a_kept_token_serves_other_slices_until_shortly_before_its_end() {
    let world = World::start().await;
    let row = Row::new(world.credentials(client_credentials()));
    for token in ["first", "second"] {
        let answer = format!(r#"{{"access_token":"{token}","expires_in":600}}"#);
        world.login.answers(200, &answer);
    }
    for (second, bearer) in [
        (0, "Bearer first"),
        (419, "Bearer first"),
        (421, "Bearer second"),
    ] {
        CLOCK.set(BEGUN + second);
        world.api.answers(200, "{}");
        ask(&world.session(&IN_FORM, &row)).await.unwrap();
        assert_eq!(bearers(&world.api.seen()), [bearer], "after {second} s");
    }
    assert_eq!(world.login.seen().len(), 2);
}

#[tokio::test]
async fn one_connector_renews_its_token_before_the_api_would_refuse_it() {
    let world = World::start().await;
    let row = Row::new(world.credentials(refresh_token()));
    for token in ["first", "second"] {
        let answer = format!(r#"{{"access_token":"{token}","expires_in":1800}}"#);
        world.login.answers(200, &answer);
        world.api.answers(200, "{}");
    }
    let session = world.session(&IN_FORM, &row);
    ask(&session).await.unwrap();
    CLOCK.set(BEGUN + 1_700);
    ask(&session).await.unwrap();
    assert_eq!(
        bearers(&world.api.seen()),
        ["Bearer first", "Bearer second"]
    );
}

#[tokio::test]
async fn a_refresh_token_that_another_connector_rotated_is_the_one_that_is_sent() {
    let world = World::start().await;
    let row = Row::new(world.credentials(refresh_token()));
    for n in [1, 2] {
        let answer = format!(
            r#"{{"access_token":"access-{n}","refresh_token":"refresh-{n}","expires_in":600}}"#
        );
        world.login.answers(200, &answer);
        world.api.answers(200, "{}");
    }
    // Both know the grant as it was at first.
    let one = world.session(&IN_FORM, &row);
    let other = world.session(&IN_FORM, &row);
    ask(&one).await.unwrap();
    CLOCK.set(BEGUN + 600);
    ask(&other).await.unwrap();
    let sent = world.login.seen().into_iter();
    let sent: Vec<String> = sent
        .map(|seen| seen.form["refresh_token"].clone())
        .collect();
    assert_eq!(sent, ["refresh", "refresh-1"]);
}

#[tokio::test]
async fn a_refresh_token_is_renewed_at_the_path_of_renewals_and_kept_when_no_new_one_comes() {
    let world = World::start().await;
    let row = Row::new(world.credentials(refresh_token()));
    world.login.answers(200, r#"{"access_token":"first"}"#);
    world.api.answers(200, "{}");
    ask(&world.session(&IN_FORM, &row)).await.unwrap();
    let asked = world.login.seen();
    assert_eq!(asked[0].path, "/renewal/2026-03/token");
    let wanted = form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "refresh"),
        ("client_id", "app"),
        ("client_secret", "secret"),
    ]);
    assert_eq!(asked[0].form, wanted);
    let kept = row.stored();
    assert_eq!(kept.expires, None);
    assert!(
        matches!(kept.grant, Grant::RefreshToken { refresh_token, .. } if refresh_token == "refresh")
    );
}

#[tokio::test]
async fn a_refusal_says_whose_matter_it_is_and_nothing_is_kept() {
    for grant in [refresh_token(), client_credentials()] {
        for (status, body, kind) in REFUSALS {
            let world = World::start().await;
            let row = Row::new(world.credentials(grant.clone()));
            for _ in 0..3 {
                world.login.answers(status, body);
            }
            let refusal = ask(&world.session(&IN_FORM, &row)).await.unwrap_err();
            assert_eq!(refusal.fault.kind(), kind, "{body}");
            assert!(world.api.seen().is_empty(), "{body}");
            assert!(row.kept().is_empty(), "{body}");
            assert_eq!(row.abandoned(), 1, "the right is given back: {body}");
        }
    }
}

#[tokio::test]
async fn client_credentials_are_had_with_the_previous_secret_while_it_is_rotated() {
    let mut world = World::start().await;
    world.clients.push(client("app", "previous"));
    let row = Row::new(world.credentials(client_credentials()));
    world.login.answers(401, r#"{"error":"invalid_client"}"#);
    world.login.answers(200, r#"{"access_token":"first"}"#);
    world.api.answers(200, "{}");
    ask(&world.session(&IN_FORM, &row)).await.unwrap();
    let secrets: Vec<String> = world
        .login
        .seen()
        .into_iter()
        .map(|seen| seen.form["client_secret"].clone())
        .collect();
    assert_eq!(secrets, ["secret", "previous"]);
}

#[tokio::test]
async fn client_credentials_without_an_environment_have_no_api_to_go_to() {
    let world = World::start().await;
    let row = Row::new(Credentials {
        instance_url: None,
        ..world.credentials(client_credentials())
    });
    world.login.answers(200, r#"{"access_token":"first"}"#);
    let refusal = ask(&world.session(&IN_FORM, &row)).await.unwrap_err();
    assert_eq!(refusal.fault.crm_code(), Some(&CrmCode::HostRefused));
}

#[tokio::test]
async fn a_secret_goes_to_the_host_of_logins_only_unless_tokens_name_the_api() {
    let world = World::start().await;
    let row = Row::new(world.credentials(client_credentials()));
    for _ in 0..3 {
        // This is no answer of a login. Elsewhere the organisation's own host would be asked instead.
        world.login.answers(200, "<html>");
    }
    let refusal = ask(&world.session(&IN_FORM, &row)).await.unwrap_err();
    assert_eq!(refusal.fault.crm_code(), Some(&CrmCode::NotAnApi));
    assert!(world.api.seen().is_empty());
}

#[tokio::test]
async fn a_token_of_one_account_is_sent_as_it_is_and_never_renewed() {
    let world = World::start().await;
    let token = Grant::Token {
        token: "pat-1".to_owned(),
    };
    let row = Row::new(world.credentials(token));
    let session = world.session(&IN_FORM, &row);
    CLOCK.set(BEGUN + 100_000_000);
    world.api.answers(200, "{}");
    ask(&session).await.unwrap();
    assert_eq!(bearers(&world.api.seen()), ["Bearer pat-1"]);

    world.api.answers(401, "{}");
    let refusal = ask(&session).await.unwrap_err();
    assert_eq!(
        (refusal.fault.kind(), refusal.fault.crm_code()),
        (Kind::Revoked, Some(&CrmCode::TokenRefused))
    );
    for _ in 0..3 {
        world.api.answers(503, "{}");
    }
    let refusal = ask(&session).await.unwrap_err();
    assert_eq!(refusal.fault.kind(), Kind::Transient);
    assert!(world.login.seen().is_empty() && row.kept().is_empty());
}

#[tokio::test]
async fn a_client_that_belongs_in_the_header_is_not_in_the_form() {
    let world = World::start().await;
    let row = Row::new(world.credentials(refresh_token()));
    let answer = format!(
        r#"{{"access_token":"first","refresh_token":"next","api_domain":"{}"}}"#,
        world.api.url
    );
    world.login.answers(200, &answer);
    world.api.answers(200, "{}");
    let session = world.session(&IN_HEADER, &row);
    ask(&session).await.unwrap();
    world.login.answers(200, "");
    session.revoke().await.unwrap();

    let asked = world.login.seen();
    let paths: Vec<&str> = asked.iter().map(|seen| &*seen.path).collect();
    assert_eq!(paths, ["/token", "/revoke"]);
    for seen in &asked {
        assert_eq!(seen.basic().as_deref(), Some("app:secret"));
    }
    let renewed = form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "refresh"),
    ]);
    assert_eq!(asked[0].form, renewed);
    assert_eq!(asked[1].form, form(&[("token", "next")]));
}

#[tokio::test]
async fn a_grant_is_given_back_with_the_previous_secret_too_and_a_dead_one_is_fine() {
    let mut world = World::start().await;
    world.clients.push(client("app", "previous"));
    let row = Row::new(world.credentials(refresh_token()));
    let session = world.session(&IN_HEADER, &row);
    world.login.answers(401, r#"{"error":"invalid_client"}"#);
    world.login.answers(400, r#"{"error":"invalid_grant"}"#);
    session.revoke().await.unwrap();
    let clients: Vec<_> = world.login.seen().iter().filter_map(Seen::basic).collect();
    assert_eq!(clients, ["app:secret", "app:previous"]);

    for _ in 0..2 {
        world.login.answers(401, r#"{"error":"invalid_client"}"#);
    }
    let refusal = session.revoke().await.unwrap_err();
    assert_eq!(refusal.fault.kind(), Kind::Operator);
}

#[tokio::test]
async fn a_vendor_that_takes_nothing_back_is_not_asked_to() {
    let world = World::start().await;
    let row = Row::new(world.credentials(client_credentials()));
    world.session(&IN_FORM, &row).revoke().await.unwrap();
    assert!(world.login.seen().is_empty());
}

#[tokio::test]
async fn whoever_counts_is_told_of_each_request_and_of_each_answer_that_we_ask_too_much() {
    let world = World::start().await;
    let row = Row::new(world.credentials(client_credentials()));
    world
        .login
        .answers(200, r#"{"access_token":"first","expires_in":3599}"#);
    for status in [429, 500, 200] {
        world.api.answers(status, "{}");
    }
    ask(&world.session(&IN_FORM, &row)).await.unwrap();
    assert_eq!(TOLD.get(), (4, 1), "one of the requests is for the token");
}
