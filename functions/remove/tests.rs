#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first surprise"
)]

use std::sync::Arc;

use domain::{
    integration::Which,
    order::Order,
    ports::{Integrations, Keys, Ports},
    removal::{Asked, Asker},
};
use infra::memory::{MemoryKeys, MemoryStore};

use super::*;
use crate::{
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
