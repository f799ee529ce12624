//! Events about changes, when the process ends before the bus has the events.

use domain::{
    integration::Which,
    order::{Order, SyncDue},
    ports::{Integrations, Outbox},
    record::Object::Account,
    sync::Ended,
};
use infra::memory::{Faults, Mode, Pages::Ordered};

use crate::world::{DAY, HOUR, World, fill};

async fn world() -> World {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Account, 7);
    world.pass(HOUR);
    world
}

async fn untold(world: &World) -> Vec<Order> {
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let there = world.store.integration(&which).await.unwrap().unwrap();
    there.untold
}

fn is_of(order: &Order, due: &SyncDue) -> bool {
    matches!(order, Order::SyncCompleted(told) if told.run == due.run)
}

#[tokio::test]
async fn the_end_of_a_run_is_kept_until_the_bus_has_it() {
    let world = world().await;
    let due = world.begin().await;
    let ended = world.untold_slice(&due, &Faults::none()).await;
    let Some(Ok(Ended::Finished { orders, .. })) = ended else {
        panic!("{ended:?}");
    };
    let kept = untold(&world).await;
    assert_eq!(kept, orders);
    assert!(matches!(&kept[..], [order] if is_of(order, &due)));
    world.store.note_told(&world.scope, &orders).await.unwrap();
    assert_eq!(untold(&world).await, []);
}

#[tokio::test]
async fn an_unsent_end_of_a_run_is_sent_before_that_of_the_next_run() {
    let world = world().await;
    let first = world.begin().await;
    world.untold_slice(&first, &Faults::none()).await;
    world.pass(DAY);
    let second = world.begin().await;
    let ended = world.slice(&second, &Faults::none()).await;
    let Some(Ok(Ended::Finished { orders, .. })) = ended else {
        panic!("{ended:?}");
    };
    assert!(
        matches!(&orders[..], [one, two] if is_of(one, &first) && is_of(two, &second)),
        "{orders:?}"
    );
    assert_eq!(untold(&world).await, []);
}

#[tokio::test]
async fn an_end_that_was_stored_while_the_slice_was_killed_is_kept_once() {
    for mode in [Mode::KilledBefore, Mode::KilledAfter] {
        let world = world().await;
        let due = world.begin().await;
        let calm = Faults::none();
        world.untold_slice(&due, &calm).await;
        // The same again in another world. The end is the last call.
        let world = self::world().await;
        let due = world.begin().await;
        let faults = Faults::at(calm.n_calls(), mode);
        assert!(world.untold_slice(&due, &faults).await.is_none());
        assert_eq!(faults.broke(), Some("finish"));
        world.wait(HOUR);
        let ended = world.untold_slice(&due, &Faults::none()).await;
        assert!(
            matches!(ended, Some(Ok(Ended::Finished { .. } | Ended::Stale))),
            "{ended:?}"
        );
        let kept = untold(&world).await;
        assert!(
            matches!(&kept[..], [order] if is_of(order, &due)),
            "{mode:?}: {kept:?}"
        );
    }
}
