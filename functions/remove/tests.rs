#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]

use std::sync::Arc;

use domain::{
    end_tenant::{self, EndLimits},
    integration::Which,
    order::{OffboardingDue, Order},
    ports::{Integrations, Keys, Offboardings, Ports, TenantKeyring},
    removal::{Asked, Asker},
};
use infra::memory::{MemoryKeys, MemoryStore};

use super::{doors::Doors, *};
use crate::{
    adapters::EndPorts,
    events::tests::delivered,
    test_world::{self, Bus, at, connected, scope},
};

struct World {
    store: MemoryStore,
    keys: MemoryKeys,
    ports: Ports,
}

/// Returns a world with an integration whose removal was requested.
async fn removing() -> World {
    let (store, keys) = (MemoryStore::new(), MemoryKeys::new());
    let scope = scope("acme-1");
    keys.create(&scope).await.unwrap();
    let integration = connected(scope.clone());
    assert!(store.connect(&integration, None).await.unwrap());
    let which = Which {
        tenant: scope.tenant,
        integration: scope.integration,
    };
    let asked = Asked {
        by: Asker::stored("u-1").unwrap(),
        at: at(0),
    };
    let begun = remove_integration::begin(&store, &which, &asked)
        .await
        .unwrap();
    assert!(matches!(begun, remove_integration::Begun::Removing { .. }));
    let ports: Ports = Ports {
        keys: Arc::new(keys.clone()),
        ..test_world::ports(&store)
    };
    World { store, keys, ports }
}

async fn fate_at(world: &World, bus: &Bus, now: i64, body: &str) -> Fate {
    let settings = remove_integration::RemovalLimits {
        settle: SignedDuration::ZERO,
        skew: SignedDuration::ZERO,
        deletes_per_second: u32::MAX,
        ..remove_integration::RemovalLimits::default()
    };
    let given = WorkContext {
        ports: &world.ports,
        send: &|orders| bus.send(orders),
        settings: &settings,
        clock: &|| at(now),
        holder: &|| "holder-1".to_owned(),
        deadline: at(900),
    };
    message(&given, &|_| async {}.boxed(), body).await
}

fn good() -> String {
    let order = Order::RemovalDue(RemovalDue {
        scope: scope("acme-1"),
    });
    delivered(&order).to_string()
}

#[tokio::test]
async fn a_removal_ends_with_a_receipt_and_an_event_that_names_it() {
    let (world, bus) = (removing().await, Bus::default());
    assert_eq!(fate_at(&world, &bus, 0, &good()).await, Fate::Consumed);
    assert!(world.keys.scopes().is_empty());
    assert_eq!(world.store.snapshot().receipts.len(), 1);
    let sent = bus.sent.lock().unwrap();
    assert_eq!(sent[0].detail_type(), "IntegrationRemoved");
}

#[tokio::test]
async fn an_event_that_is_lost_at_the_end_is_sent_when_the_message_comes_again() {
    let world = removing().await;
    let broken = Bus {
        broken: true,
        ..Bus::default()
    };
    assert_eq!(fate_at(&world, &broken, 0, &good()).await, Fate::Returned);
    let bus = Bus::default();
    assert_eq!(fate_at(&world, &bus, 0, &good()).await, Fate::Consumed);
    assert_eq!(bus.n_sent(), 1);
}

#[tokio::test]
async fn a_removal_counts_once_however_often_its_order_comes() {
    let (world, bus) = (removing().await, Bus::default());
    let counted = async || {
        let (fate, sheet) = metrics::gather(fate_at(&world, &bus, 0, &good())).await;
        assert_eq!(fate, Fate::Consumed);
        sheet.get(Metric::RemovalsFinished)
    };
    assert_eq!(counted().await, Some(1));
    assert_eq!((counted().await, counted().await), (None, None));
    assert_eq!(bus.n_sent(), 3, "its event is sent each time");
}

#[tokio::test]
async fn a_malformed_message_and_one_without_time_are_returned_untouched() {
    let (world, bus) = (removing().await, Bus::default());
    let before = world.store.snapshot();
    for (now, body) in [
        (0, String::new()),
        (0, "{}".to_owned()),
        (0, good().replace("RemovalDue", "SyncDue")),
        (0, good().replace("acme-1", "Acme 1")),
        (870, good()),
    ] {
        assert_eq!(fate_at(&world, &bus, now, &body).await, Fate::Returned);
    }
    assert_eq!(world.store.snapshot(), before);
}

#[tokio::test]
async fn an_order_for_nothing_is_consumed() {
    let (world, bus) = (removing().await, Bus::default());
    let other = good().replace("acme-1", "acme-2");
    assert_eq!(fate_at(&world, &bus, 0, &other).await, Fate::Consumed);
    assert_eq!(bus.n_sent(), 0);
}

/// A tenant with an integration, of which the operator wants nothing more.
async fn ending() -> (World, Doors, Arc<std::sync::Mutex<Vec<&'static str>>>) {
    let (store, keys) = (MemoryStore::new(), MemoryKeys::new());
    let scope = scope("acme-1");
    keys.create(&scope).await.unwrap();
    keys.tenant(&scope.tenant).await.unwrap();
    let integration = connected(scope);
    assert!(store.connect(&integration, None).await.unwrap());
    let ports: Ports = Ports {
        keys: Arc::new(keys.clone()),
        ..test_world::ports(&store)
    };
    let opened = Arc::<std::sync::Mutex<Vec<_>>>::default();
    let (of_removals, of_ends) = (Arc::clone(&opened), Arc::clone(&opened));
    let (removals, end_store, end_keys) = (ports.clone(), store.clone(), keys.clone());
    let doors = Doors {
        removals: Box::new(move |_| {
            of_removals.lock().unwrap().push("removal");
            let ports = Arc::new(removals.clone());
            Box::pin(async move { Ok(ports) })
        }),
        ends: Box::new(move |_| {
            of_ends.lock().unwrap().push("end");
            let ports = Arc::new(EndPorts {
                store: Arc::new(end_store.clone()),
                keys: Arc::new(end_keys.clone()),
            });
            Box::pin(async move { Ok(ports) })
        }),
        limits: EndLimits {
            settle: SignedDuration::from_secs(310),
            ..EndLimits::default()
        },
    };
    (World { store, keys, ports }, doors, opened)
}

async fn fate_of(doors: &Doors, bus: &Bus, now: i64, body: &str) -> Fate {
    let given = work::WorkContext {
        ports: &(),
        send: &|orders| bus.send(orders),
        settings: &remove_integration::RemovalLimits {
            settle: SignedDuration::ZERO,
            skew: SignedDuration::ZERO,
            deletes_per_second: u32::MAX,
            ..remove_integration::RemovalLimits::default()
        },
        clock: &|| at(now),
        holder: &|| "holder-1".to_owned(),
        deadline: at(now + 900),
    };
    doors.message(&given, body).await
}

fn end_due() -> String {
    let tenant = scope("acme-1").tenant;
    delivered(&Order::OffboardingDue(OffboardingDue { tenant })).to_string()
}

#[tokio::test]
async fn the_end_of_a_tenant_waits_for_its_time_and_for_its_removals_in_a_session_of_its_own() {
    let (world, doors, opened) = ending().await;
    let (tenant, bus) = (scope("acme-1").tenant, Bus::default());
    let sessions = || std::mem::take(&mut *opened.lock().unwrap());
    // An order ends no tenant by itself.
    assert_eq!(fate_of(&doors, &bus, 0, &end_due()).await, Fate::Consumed);
    assert!(world.store.offboarding(&tenant).await.unwrap().is_none());
    assert_eq!((sessions(), bus.n_sent()), (vec!["end"], 0));

    let asked = Asked {
        by: Asker::stored("operator:AAAAAAAAAAAAAAAAAAAAAA").unwrap(),
        at: at(0),
    };
    end_tenant::begin(&world.store, &tenant, asked)
        .await
        .unwrap();
    let broken = Bus {
        broken: true,
        ..Bus::default()
    };
    let lost = fate_of(&doors, &broken, 10, &end_due()).await;
    assert_eq!(lost, Fate::Returned);
    let early = fate_of(&doors, &bus, 10, &end_due()).await;
    assert_eq!(early, Fate::Early(std::time::Duration::from_secs(300)));
    let sent = std::mem::take(&mut *bus.sent.lock().unwrap());
    assert_eq!(sent.len(), 1);
    let removal = delivered(&sent[0]).to_string();
    // The time is over, and a removal is not. Its end orders the rest.
    let waits = fate_of(&doors, &bus, 400, &end_due()).await;
    assert_eq!(waits, Fate::Consumed);
    bus.sent.lock().unwrap().clear();
    sessions();
    assert_eq!(fate_of(&doors, &bus, 401, &removal).await, Fate::Consumed);
    assert_eq!(sessions(), ["removal"]);
    let sent = std::mem::take(&mut *bus.sent.lock().unwrap());
    let names: Vec<&str> = sent.iter().map(Order::detail_type).collect();
    assert_eq!(names, ["IntegrationRemoved", "OffboardingDue"]);
    let goes_on = delivered(&sent[1]).to_string();
    assert_eq!(fate_of(&doors, &bus, 402, &goes_on).await, Fate::Consumed);
    let state = world.store.offboarding(&tenant).await.unwrap().unwrap();
    // Whoever ordered the end is in its receipt, and in those of the removals that follow from it.
    let document = state.receipt.unwrap().document;
    let removals = world.store.snapshot().receipts;
    assert_eq!(removals.len(), 1);
    for document in removals.values().chain([&document]) {
        let said: Value = serde_json::from_str(document).unwrap();
        assert_eq!(said["asked"]["by"], "operator:AAAAAAAAAAAAAAAAAAAAAA");
    }
    assert!(
        world
            .keys
            .tenant_versions(&tenant)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(sessions(), ["end"]);
    let malformed = end_due().replace("acme-1", "Acme 1");
    let fate = fate_of(&doors, &bus, 403, &malformed).await;
    assert_eq!(fate, Fate::Returned);
}
