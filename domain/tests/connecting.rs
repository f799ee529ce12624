//! Consents, and the conditions for connecting.

use std::sync::Mutex;

use async_trait::async_trait;
use domain::{
    connect::{Begun, Requested, Returned, begin, complete},
    fault::{Code, CrmCode, Fault, Outcome},
    integration::{Credentials, Grant, Integration, Provider, Status, Which},
    offboarding::Offboarding,
    ports::{Apps, Ask, Consent, Granting, Integrations, Offboardings},
    removal::{Asked, Asker},
    seal::Room,
    tenant::{Generation, IntegrationId, TenantId},
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use jiff::SignedDuration;

use crate::world::{MINUTE, World};

/// An OAuth app whose CRM issues one code.
struct App {
    pkce: bool,
    /// Whether all grants of an organisation are one.
    shared: bool,
    /// The environments of the CRM. Empty if the CRM has none.
    environments: &'static [&'static str],
    asked: Mutex<Vec<(String, Option<String>)>>,
    verifiers: Mutex<Vec<Option<String>>>,
}

impl Default for App {
    fn default() -> Self {
        Self {
            pkce: true,
            shared: false,
            environments: &[],
            asked: Mutex::default(),
            verifiers: Mutex::default(),
        }
    }
}

#[async_trait]
impl Apps for App {
    fn granting(&self, _: Provider) -> Granting {
        Granting {
            pkce: self.pkce,
            expiring: true,
            shared: self.shared,
        }
    }

    fn environment(&self, _: Provider, wanted: Option<&str>) -> Outcome<Option<String>> {
        match wanted {
            None if self.environments.is_empty() => Ok(None),
            Some(wanted) if self.environments.contains(&wanted) => Ok(Some(wanted.to_owned())),
            _ => Err(Fault::of(Code::EnvironmentRefused)),
        }
    }

    fn login_url(&self, _: Provider, wanted: Option<&str>) -> Outcome<String> {
        Ok(wanted.unwrap_or("https://login.example").to_owned())
    }

    fn authorization_url(&self, _: Provider, ask: &Ask<'_>) -> Outcome<String> {
        let asked = (ask.state.to_owned(), ask.challenge.map(str::to_owned));
        self.asked.lock().unwrap().push(asked);
        let environment = ask.environment.unwrap_or("any");
        Ok(format!(
            "{}/authorize?state={}&scope={environment}",
            ask.login_url, ask.state
        ))
    }

    async fn exchange(&self, _: Provider, consent: Consent<'_>) -> Outcome<Credentials> {
        self.verifiers
            .lock()
            .unwrap()
            .push(consent.verifier.map(str::to_owned));
        if consent.code != "good" {
            return Err(Fault::crm("crm", CrmCode::InvalidGrant));
        }
        Ok(Credentials {
            login_url: consent.login_url.to_owned(),
            instance_url: consent.environment.map(str::to_owned),
            client_id: "app".to_owned(),
            grant: Grant::RefreshToken {
                refresh_token: "given".to_owned(),
                client_secret: None,
            },
            access_token: None,
            expires: None,
            scope: None,
        })
    }
}

const ENVIRONMENT: &str = "https://acme.environments.example";

fn with_environments() -> App {
    App {
        environments: &[ENVIRONMENT],
        ..App::default()
    }
}

fn tenant(world: &World) -> TenantId {
    world.scope.tenant.clone()
}

fn which(world: &World) -> Which {
    Which {
        tenant: tenant(world),
        integration: IntegrationId::parse("crm-2").unwrap(),
    }
}

async fn begun(world: &World, app: &App, n: u8) -> Outcome<Begun> {
    begun_for(world, app, n, None).await
}

async fn begun_for(world: &World, app: &App, n: u8, environment: Option<&str>) -> Outcome<Begun> {
    let mut random = [n; 64];
    random[32..].fill(n + 100);
    let requested = Requested {
        which: which(world),
        user: "user-1",
        provider: Provider::Salesforce,
        login_url: None,
        environment,
        random,
    };
    begin((&world.ports).into(), app, world.now(), requested).await
}

fn state(app: &App) -> String {
    app.asked.lock().unwrap().last().unwrap().0.clone()
}

async fn returned(
    world: &World,
    app: &App,
    user: &str,
    state: &str,
    code: &str,
) -> Outcome<Integration> {
    let tenant = tenant(world);
    let returned = Returned {
        tenant: &tenant,
        user,
        state,
        code,
    };
    let completed = complete((&world.ports).into(), app, world.now(), returned).await;
    completed.map(|connected| connected.integration)
}

fn code<T>(outcome: Outcome<T>) -> String {
    outcome.err().unwrap().code().to_string()
}

#[tokio::test]
async fn a_consent_connects_and_its_state_is_used_up() {
    let (world, app) = (World::new(Ordered, 3).await, App::default());
    begun(&world, &app, 1).await.unwrap();
    let state = state(&app);
    let integration = returned(&world, &app, "user-1", &state, "good")
        .await
        .unwrap();
    assert_eq!(
        (integration.status, integration.due),
        (Status::Connected, world.now())
    );
    assert_eq!(integration.organisation, "00D000000000001");
    let again = returned(&world, &app, "user-1", &state, "good").await;
    assert_eq!(code(again), "state.unknown");
    let (listed, _) = world
        .store
        .integrations(&tenant(&world), None)
        .await
        .unwrap();
    assert_eq!(listed.len(), 2);
}

#[tokio::test]
async fn a_state_is_for_the_user_who_began_and_for_a_quarter_of_an_hour() {
    for (user, wait, ok) in [
        ("user-1", 14, true),
        ("user-1", 15, false),
        ("user-2", 1, false),
    ] {
        let (world, app) = (World::new(Ordered, 3).await, App::default());
        begun(&world, &app, 1).await.unwrap();
        world.wait(SignedDuration::from_mins(wait));
        let connected = returned(&world, &app, user, &state(&app), "good").await;
        assert_eq!(connected.is_ok(), ok, "{user} after {wait} minutes");
        assert_eq!(
            app.verifiers.lock().unwrap().len(),
            usize::from(ok),
            "the CRM is not asked"
        );
    }
}

#[tokio::test]
async fn the_challenge_belongs_to_the_verifier_and_no_two_consents_share_one() {
    let (world, app) = (World::new(Ordered, 3).await, App::default());
    for n in 1..4 {
        begun(&world, &app, n).await.unwrap();
        let refused = returned(&world, &app, "user-1", &state(&app), "bad").await;
        assert_eq!(code(refused), "code.refused");
    }
    let (asked, verifiers) = (app.asked.lock().unwrap(), app.verifiers.lock().unwrap());
    for ((state, challenge), verifier) in asked.iter().zip(verifiers.iter()) {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let verifier = verifier.as_ref().unwrap();
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
        assert_eq!(*challenge, Some(URL_SAFE_NO_PAD.encode(digest)));
        assert!((43..=128).contains(&verifier.len()), "RFC 7636, 4.1");
        assert_ne!(state, verifier);
    }
    assert_ne!(verifiers[0], verifiers[1]);
}

#[tokio::test]
async fn a_crm_without_pkce_is_asked_without_a_challenge_and_given_no_verifier() {
    let app = App {
        pkce: false,
        ..App::default()
    };
    let world = World::new(Ordered, 3).await;
    begun(&world, &app, 1).await.unwrap();
    returned(&world, &app, "user-1", &state(&app), "good")
        .await
        .unwrap();
    assert_eq!(app.asked.lock().unwrap()[0].1, None);
    assert_eq!(*app.verifiers.lock().unwrap(), [None]);
}

#[tokio::test]
async fn the_requested_environment_is_connected() {
    let app = with_environments();
    let world = World::new(Ordered, 3).await;
    let page = begun_for(&world, &app, 1, Some(ENVIRONMENT)).await.unwrap();
    let login = format!("https://login.example/authorize?state={}", state(&app));
    assert_eq!(
        page.authorization_url,
        format!("{login}&scope={ENVIRONMENT}")
    );
    let integration = returned(&world, &app, "user-1", &state(&app), "good")
        .await
        .unwrap();
    let keys = world.ports.keys.open(&integration.scope).await.unwrap();
    let sealed = &integration.credentials;
    let credentials = Credentials::open(&keys.unwrap(), &integration.scope, sealed);
    let credentials = credentials.ok().unwrap();
    assert_eq!(credentials.instance_url.as_deref(), Some(ENVIRONMENT));
    assert_eq!(credentials.login_url, "https://login.example");
}

#[tokio::test]
async fn nothing_is_connected_for_a_tenant_that_has_ended() {
    let (world, app) = (World::new(Ordered, 3).await, App::default());
    begun(&world, &app, 1).await.unwrap();
    let asked = Asked {
        by: Asker::operator(),
        at: world.now(),
    };
    let ended = Offboarding::begin(asked);
    let mine = tenant(&world);
    assert!(
        world
            .store
            .put_offboarding(&mine, None, &ended)
            .await
            .unwrap()
    );
    assert_eq!(code(begun(&world, &app, 2).await), "tenant.ended");
    let late = returned(&world, &app, "user-1", &state(&app), "good").await;
    assert_eq!(code(late), "tenant.ended");
    assert_eq!(world.crm.calls("revoke"), 1, "the grant is given back");
    let (listed, _) = world.store.integrations(&mine, None).await.unwrap();
    assert_eq!(listed.len(), 1);
}

#[tokio::test]
async fn nothing_begins_without_a_needed_environment_or_with_one_that_is_refused() {
    let with = with_environments();
    for (app, wanted) in [
        (&with, None),
        (&with, Some("https://evil.example")),
        (&App::default(), Some(ENVIRONMENT)),
    ] {
        let world = World::new(Ordered, 3).await;
        let refused = begun_for(&world, app, 1, wanted).await;
        assert_eq!(code(refused), "environment.refused", "{wanted:?}");
        assert!(app.asked.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_pending_consent_is_nowhere_in_clear() {
    let (world, app) = (World::new(Ordered, 3).await, with_environments());
    begun_for(&world, &app, 1, Some(ENVIRONMENT)).await.unwrap();
    let state = state(&app);
    for (place, bytes) in world.store.raw() {
        let text = String::from_utf8_lossy(&bytes).into_owned() + &place;
        assert!(
            !text.contains(&state) && !text.contains("user-1") && !text.contains(ENVIRONMENT),
            "{place}"
        );
    }
    assert!(Room::ALL.contains(&Room::LedgerState));
}

#[tokio::test]
async fn a_grant_of_another_organisation_is_refused_and_revoked() {
    let (world, app) = (World::new(Ordered, 3).await, App::default());
    begun(&world, &app, 1).await.unwrap();
    let integration = returned(&world, &app, "user-1", &state(&app), "good")
        .await
        .unwrap();
    let keys = world
        .ports
        .keys
        .open(&integration.scope)
        .await
        .unwrap()
        .unwrap();
    let (scope, sealed) = (&integration.scope, &integration.credentials);
    let credentials = Credentials::open(&keys, scope, sealed).unwrap();
    let lost = Integration {
        status: Status::NeedsReconnect,
        // Sealed again, because the same bytes would look like a repeated call whose answer was lost.
        credentials: credentials.seal(&keys, scope).unwrap(),
        ..integration.clone()
    };
    let seen = Some((Generation(1), Status::Connected));
    assert!(world.store.connect(&lost, seen).await.unwrap());
    begun(&world, &app, 2).await.unwrap();
    world.crm.set_organisation(Some("00D000000000009"));
    let refused = returned(&world, &app, "user-1", &state(&app), "good").await;
    assert_eq!(code(refused), "integration.other_organisation");
    assert_eq!(world.crm.calls("revoke"), 1);
    world.crm.revoke(false);
    world.crm.set_organisation(Some("00D000000000001"));
    begun(&world, &app, 3).await.unwrap();
    let again = returned(&world, &app, "user-1", &state(&app), "good")
        .await
        .unwrap();
    assert_eq!(again.scope, integration.scope, "the copy goes on");
}

/// Two pages of one user: the second consent is of the account that the first one has just connected.
#[tokio::test]
async fn a_refused_consent_does_not_end_a_grant_that_others_share() {
    let world = World::new(Ordered, 3).await;
    let app = App {
        shared: true,
        ..App::default()
    };
    begun(&world, &app, 1).await.unwrap();
    let first = state(&app);
    begun(&world, &app, 2).await.unwrap();
    let second = state(&app);
    returned(&world, &app, "user-1", &first, "good")
        .await
        .unwrap();
    let refused = returned(&world, &app, "user-1", &second, "good").await;
    assert_eq!(code(refused), "integration.connected_already");
    assert_eq!(world.crm.calls("revoke"), 0);
}

#[tokio::test]
async fn a_connected_integration_is_not_connected_again() {
    let (world, app) = (World::new(Ordered, 3).await, App::default());
    begun(&world, &app, 1).await.unwrap();
    returned(&world, &app, "user-1", &state(&app), "good")
        .await
        .unwrap();
    assert_eq!(
        code(begun(&world, &app, 2).await),
        "integration.connected_already"
    );
}

#[tokio::test]
async fn an_interrupted_connection_can_be_repeated_and_is_never_half_made() {
    for mode in Mode::ALL {
        for n in 1.. {
            let (mut world, app) = (World::new(Ordered, 3).await, App::default());
            begun(&world, &app, 1).await.unwrap();
            let whole = world.ports.clone();
            let faults = Faults::at(n, mode);
            world.ports = faults.wrap(&whole);
            let first = state(&app);
            let done = faults
                .until_killed(returned(&world, &app, "user-1", &first, "good"))
                .await;
            world.ports = whole;
            world.wait(MINUTE);
            world.crm.revoke(false);
            let there = world.store.integration(&which(&world)).await.unwrap();
            if there.is_none() {
                assert!(done.is_none_or(|done| done.is_err()), "{mode:?} at {n}");
                begun(&world, &app, 2).await.unwrap();
                returned(&world, &app, "user-1", &state(&app), "good")
                    .await
                    .unwrap();
            }
            let there = world
                .store
                .integration(&which(&world))
                .await
                .unwrap()
                .unwrap();
            let keys = world.ports.keys.open(&there.scope).await.unwrap().unwrap();
            assert!(Credentials::open(&keys, &there.scope, &there.credentials).is_ok());
            if faults.broke().is_none() {
                break;
            }
        }
    }
}
