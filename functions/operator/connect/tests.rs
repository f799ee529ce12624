#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use domain::{
    fault::{Code, CrmCode, Fault},
    integration::{Credentials, Grant, Integration, Provider, Status, Which},
    offboarding::Offboarding,
    order::{IntegrationConnected, Order},
    ports::{
        Answer, Around, Call, Changes, Crm, CrmAccess, Deleted, Hook, IdPage, Inspect,
        Integrations, Keys, Offboardings, Ports, Renewal, Rights, Shape, Store, Usage,
    },
    progress::PageToken,
    record::{Item, Object, Parent, RecordId},
    removal::{Asked, Asker},
    tenant::{Generation, Scope},
};
use futures::future::{BoxFuture, FutureExt};
use infra::memory::{MemoryKeys, MemoryStore};
use jiff::SignedDuration;

use super::*;
use crate::test_world::{self, Bus, at, connected, scope};

/// A CRM that rotates the refresh token when its clock is read.
struct Rotating {
    renewal: Arc<dyn Renewal>,
    credentials: Credentials,
    refused: bool,
}

#[async_trait]
impl Inspect for Rotating {
    async fn organisation(&self) -> Outcome<Option<String>> {
        Ok(Some("00D000000000001".to_owned()))
    }

    async fn rights(&self, _: Object) -> Outcome<Option<Rights>> {
        Err(Fault::of(Code::TestUnexpected))
    }
}

#[async_trait]
impl domain::ports::Powers for Rotating {
    async fn scopes(&self) -> Outcome<Option<domain::ports::Allowed>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn permissions(&self) -> Outcome<Option<domain::ports::Allowed>> {
        Err(Fault::of(Code::TestUnexpected))
    }
}

#[async_trait]
impl domain::ports::Filling for Rotating {
    async fn usual(&self, _: Object) -> Outcome<Vec<domain::ports::Usual>> {
        Err(Fault::of(Code::TestUnexpected))
    }
}

#[async_trait]
impl domain::ports::Bases for Rotating {
    async fn has_bases(&self) -> Outcome<bool> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn note_bases(
        &self,
        _: &[domain::ports::BasisOf],
    ) -> Outcome<Vec<domain::ports::Written>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn find_bases(&self, _: &[domain::ports::BasisOf]) -> Outcome<Vec<bool>> {
        Err(Fault::of(Code::TestUnexpected))
    }
}

#[async_trait]
impl domain::ports::Writing for Rotating {
    async fn check(&self, _: &[domain::ports::Draft]) -> Outcome<Vec<domain::ports::Checked>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn create(
        &self,
        _: &[domain::ports::NewRecord],
        _: domain::ports::Duplicates,
    ) -> Outcome<Vec<domain::ports::Written>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn rehearse(
        &self,
        _: &[domain::ports::NewRecord],
        _: domain::ports::Duplicates,
    ) -> Outcome<Vec<domain::ports::Written>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn find(&self, _: &[domain::ports::Sought]) -> Outcome<Vec<domain::ports::LookedUp>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    fn settles(&self) -> SignedDuration {
        SignedDuration::ZERO
    }
}

#[async_trait]
impl Crm for Rotating {
    fn abilities(&self) -> &domain::ports::Abilities {
        unreachable!("connecting asks for no ability")
    }

    async fn clock(&self) -> Outcome<Timestamp> {
        if self.refused {
            return Err(Fault::crm("salesforce", CrmCode::InvalidGrant));
        }
        let mut renewed = self.credentials.clone();
        renewed.access_token = Some("00D000000000001!secret".to_owned());
        renewed.instance_url = Some("https://acme.my.salesforce.com".to_owned());
        renewed.grant = grant("second");
        self.renewal.keep(renewed).await?;
        Ok(at(0))
    }

    async fn describe(&self, _: Object) -> Outcome<Option<Shape>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn leave_out(&self, _: Object, _: &[String], _: bool) -> Outcome<()> {
        Err(Fault::of(Code::TestUnexpected))
    }

    fn in_use(&self, _: Object) -> Option<Arc<Shape>> {
        None
    }

    async fn changes(&self, _: Changes<'_>) -> Outcome<Answer> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn forget(&self, _: &PageToken) {}

    async fn deleted(&self, _: Object, _: Timestamp, _: Timestamp) -> Outcome<Deleted> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn count(&self, _: Object) -> Outcome<domain::ports::Count> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn ids(&self, _: Object, _: Option<&PageToken>) -> Outcome<IdPage> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn fetch(&self, _: Object, _: &[RecordId]) -> Outcome<Vec<Item>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    async fn parents(&self, _: Object, _: &[RecordId]) -> Outcome<Vec<Option<Parent>>> {
        Err(Fault::of(Code::TestUnexpected))
    }

    fn usage(&self) -> Usage {
        Usage::default()
    }

    async fn revoke(&self) -> Outcome<domain::ports::Revoked> {
        Err(Fault::of(Code::TestUnexpected))
    }
}

fn grant(refresh_token: &str) -> Grant {
    Grant::RefreshToken {
        refresh_token: refresh_token.to_owned(),
        client_secret: None,
    }
}

struct World {
    store: MemoryStore,
    keys: MemoryKeys,
    bus: Bus,
    crm_refuses: bool,
    organisation: Option<String>,
    /// Whether another caller connects the integration at the same moment.
    has_rival: bool,
}

impl World {
    /// Makes a world whose integration was never connected.
    fn new() -> Self {
        Self {
            store: MemoryStore::new(),
            keys: MemoryKeys::new(),
            bus: Bus::default(),
            crm_refuses: false,
            organisation: None,
            has_rival: false,
        }
    }

    /// Makes a world whose integration was connected before.
    async fn earlier(status: Status, organisation: &str) -> Self {
        let world = Self::new();
        let scope = Scope {
            generation: Generation(4),
            ..scope("acme-1")
        };
        let keys = world.keys.create(&scope).await.unwrap();
        let credentials = Credentials {
            login_url: String::new(),
            instance_url: None,
            client_id: String::new(),
            grant: grant("old"),
            access_token: None,
            expires: None,
            scope: None,
        };
        let integration = Integration {
            credentials: credentials.seal(&keys, &scope).unwrap(),
            organisation: organisation.to_owned(),
            status,
            ..connected(scope)
        };
        assert!(world.store.connect(&integration, None).await.unwrap());
        world
    }

    /// Connects. Returns the outcome and the number of connectors made, which tells whether the CRM was asked.
    async fn connect(&self) -> (Outcome<Value>, usize) {
        let n_connectors = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&n_connectors);
        let refused = self.crm_refuses;
        let ports = test_world::ports(&self.store);
        let store: Arc<dyn Store> = match self.has_rival {
            false => ports.store.clone(),
            true => Arc::new(Around {
                inner: ports.store.clone(),
                hook: Rival(self.store.clone()),
            }),
        };
        let ports: Ports = Ports {
            store,
            keys: Arc::new(self.keys.clone()),
            crm: Arc::new(move |access: CrmAccess| {
                counted.fetch_add(1, Ordering::Relaxed);
                Ok(Arc::new(Rotating {
                    renewal: access.renewal,
                    credentials: access.credentials,
                    refused,
                }) as Arc<dyn Crm>)
            }),
            ..ports
        };
        let given = ConnectContext {
            ports: &ports,
            send: &|orders| self.bus.send(orders),
            now: at(5),
        };
        let scope = scope("acme-1");
        let connected = connect(
            &given,
            Connect {
                which: Which {
                    tenant: scope.tenant,
                    integration: scope.integration,
                },
                provider: Provider::Salesforce,
                credentials: Credentials {
                    login_url: "https://login.salesforce.com".to_owned(),
                    instance_url: None,
                    client_id: "app".to_owned(),
                    grant: grant("first"),
                    access_token: None,
                    expires: None,
                    scope: None,
                },
                organisation: self.organisation.clone(),
            },
        )
        .await;
        (connected, n_connectors.load(Ordering::Relaxed))
    }

    async fn there(&self) -> Option<Integration> {
        let scope = scope("acme-1");
        let which = Which {
            tenant: scope.tenant,
            integration: scope.integration,
        };
        self.store.integration(&which).await.unwrap()
    }

    async fn stored(&self) -> (Integration, Credentials) {
        let stored = self.there().await.unwrap();
        let keys = self.keys.open(&stored.scope).await.unwrap().unwrap();
        let credentials = Credentials::open(&keys, &stored.scope, &stored.credentials).unwrap();
        (stored, credentials)
    }
}

/// A store in which another caller connects the integration just before the first one who asks.
struct Rival(MemoryStore);

impl Hook for Rival {
    fn around<'a, T: Send + 'a>(
        &'a self,
        call: Call<'a>,
        work: BoxFuture<'a, Outcome<T>>,
    ) -> BoxFuture<'a, Outcome<T>> {
        async move {
            if call.method == "connect" {
                self.0.connect(&connected(scope("acme-1")), None).await?;
            }
            work.await
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_first_connection_is_stored_due_at_once_with_the_token_that_rotation_left() {
    let world = World::new();
    let answer = world.connect().await.0.unwrap();
    assert_eq!(answer["generation"], 1);
    assert_eq!(answer["organisation"], "00D000000000001");
    assert_eq!(answer["announced"], true);
    let (stored, credentials) = world.stored().await;
    assert_eq!((stored.status, stored.due), (Status::Connected, at(5)));
    assert_eq!(stored.scope, scope("acme-1"));
    assert_eq!(
        credentials.instance_url.as_deref(),
        Some("https://acme.my.salesforce.com")
    );
    let Grant::RefreshToken { refresh_token, .. } = credentials.grant else {
        panic!("another grant");
    };
    assert_eq!(refresh_token, "second", "the first one is dead");
    let sent = world.bus.sent.lock().unwrap().clone();
    let connected = IntegrationConnected {
        scope: stored.scope,
    };
    assert_eq!(sent, [Order::IntegrationConnected(connected)]);
    assert!(!answer.to_string().contains("secret"));
}

#[tokio::test]
async fn a_lost_grant_goes_on_with_its_generation_and_a_removed_integration_begins_the_next() {
    for (status, generation) in [(Status::NeedsReconnect, 4), (Status::Removed, 5)] {
        let world = World::earlier(status, "00D000000000001").await;
        assert_eq!(world.connect().await.0.unwrap()["generation"], generation);
        let (stored, _) = world.stored().await;
        assert_eq!(stored.scope.generation, Generation(generation));
    }
}

#[tokio::test]
async fn a_connection_that_may_not_be_is_refused_before_the_crm_is_asked() {
    for (status, code) in [
        (Status::Connected, Code::IntegrationConnectedAlready),
        (Status::Removing, Code::IntegrationRemoving),
    ] {
        let world = World::earlier(status, "00D000000000001").await;
        let (connected, n_connectors) = world.connect().await;
        assert_eq!(*connected.unwrap_err().code(), code);
        assert_eq!(n_connectors, 0, "its refresh token was not used up");
    }
}

#[tokio::test]
async fn a_tenant_that_has_ended_is_refused_before_the_crm_is_asked() {
    for world in [
        World::new(),
        World::earlier(Status::Removed, "00D000000000001").await,
    ] {
        let asked = Asked {
            by: Asker::operator(),
            at: at(4),
        };
        let (tenant, ended) = (scope("acme-1").tenant, Offboarding::begin(asked));
        let put = world.store.put_offboarding(&tenant, None, &ended).await;
        assert!(put.unwrap());
        let status = async || world.there().await.map(|there| there.status);
        let before = status().await;
        let (connected, n_connectors) = world.connect().await;
        assert_eq!(*connected.unwrap_err().code(), Code::TenantEnded);
        assert_eq!((n_connectors, status().await), (0, before));
    }
}

#[tokio::test]
async fn another_organisation_is_refused_and_nothing_is_stored() {
    let other = World::earlier(Status::Removed, "00D000000000002").await;
    let mut named = World::new();
    named.organisation = Some("00D000000000003".to_owned());
    for world in [other, named] {
        let keys = world.keys.scopes();
        let fault = world.connect().await.0.unwrap_err();
        assert_eq!(*fault.code(), Code::IntegrationOtherOrganisation);
        assert_eq!(world.keys.scopes(), keys, "no keys were made");
        assert_eq!(world.bus.n_sent(), 0);
    }
}

#[tokio::test]
async fn a_grant_that_the_crm_refuses_is_not_stored() {
    let mut world = World::new();
    world.crm_refuses = true;
    assert_eq!(
        world.connect().await.0.unwrap_err().crm_code(),
        Some(&CrmCode::InvalidGrant)
    );
    assert!(world.there().await.is_none());
}

#[tokio::test]
async fn two_who_connect_at_once_do_not_overwrite_each_other() {
    let mut world = World::new();
    world.has_rival = true;
    let fault = world.connect().await.0.unwrap_err();
    assert_eq!(*fault.code(), Code::IntegrationChangedMeanwhile);
    assert_eq!(world.bus.n_sent(), 0);
}

#[tokio::test]
async fn a_connection_whose_event_is_lost_is_a_connection_all_the_same() {
    let mut world = World::new();
    world.bus.broken = true;
    assert_eq!(world.connect().await.0.unwrap()["announced"], false);
    assert_eq!(world.stored().await.0.status, Status::Connected);
}
