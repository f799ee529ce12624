use domain::{
    integration::{Integration, Lease, Status, Which},
    ports::{Copies, Integrations, Leases, Runs},
    record::Object::{Account, Contact, Opportunity},
    sync::Ended,
    tenant::{Generation, RunId},
};
use futures::FutureExt;
use infra::memory::{
    Faults,
    Pages::{Ordered, Unordered},
};

use crate::world::{DAY, HOUR, MINUTE, Shared, World, at, fill, id, integration, scope, write};

#[tokio::test]
async fn many_slices_end_in_the_state_of_one() {
    for pages in [Ordered, Unordered] {
        let shared = Shared::new().await;
        let mut ends = Vec::new();
        for tick in [0, 150_000] {
            let mut world = World::of(shared.clone(), pages, 2).await;
            fill(&world.crm, Account, 9);
            fill(&world.crm, Contact, 5);
            fill(&world.crm, Opportunity, 3);
            world.pass(HOUR);
            world.tick = tick;
            let n = world.finish(world.begin().await, Faults::none()).await;
            assert_eq!(n > 3, tick > 0, "{n} slices");
            world.assert_is_copy().await;
            let mut contents = world.contents().await;
            contents.extend(world.counts().await);
            ends.push(contents);
        }
        assert_eq!(ends[0], ends[1]);
    }
}

#[tokio::test]
async fn a_second_slice_leaves_the_integration_to_the_first() {
    let world = World::new(Ordered, 3).await;
    let due = world.begin().await;
    let first = Lease {
        holder: "first".to_owned(),
        run: due.run.clone(),
        deadline: world.now().checked_add(HOUR).unwrap(),
    };
    let lease = world.store.take_lease(&world.scope, &first, world.now());
    assert!(lease.await.unwrap().is_some());
    assert!(matches!(world.calm_slice(&due).await, Ok(Ended::Busy)));
    assert_eq!(world.crm.calls("describe"), 0);
    world.wait(HOUR);
    let ended = world.calm_slice(&due).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
}

#[tokio::test]
async fn an_order_for_a_run_that_ended_does_nothing() {
    let world = World::new(Ordered, 3).await;
    let due = world.begin().await;
    world.calm_slice(&due).await.unwrap();
    let before = world.store.snapshot();
    assert!(matches!(world.calm_slice(&due).await, Ok(Ended::Stale)));
    assert_eq!(world.store.snapshot(), before);
    let other = domain::order::SyncDue {
        run: RunId::begin(at(1), 1),
        ..due
    };
    assert!(matches!(world.calm_slice(&other).await, Ok(Ended::Stale)));
}

#[tokio::test]
async fn a_slice_whose_lease_another_took_stores_no_checkpoint() {
    let world = World::new(Ordered, 2).await;
    fill(&world.crm, Account, 9);
    world.pass(HOUR);
    let due = world.begin().await;
    let (store, scope, other) = (
        world.store.clone(),
        world.scope.clone(),
        Lease {
            holder: "other".to_owned(),
            run: due.run.clone(),
            deadline: world.now().checked_add(DAY).unwrap(),
        },
    );
    let late = world.now().checked_add(HOUR).unwrap();
    world.at_look(4, move || {
        let lease = store.take_lease(&scope, &other, late).now_or_never();
        assert!(lease.unwrap().unwrap().is_some());
    });
    assert!(matches!(world.calm_slice(&due).await, Ok(Ended::Stale)));
    let held = world.held(Account).await;
    assert!((1..9).contains(&held), "{held}");
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let integration = world.store.integration(&which).await.unwrap().unwrap();
    assert_eq!(integration.lease.unwrap().holder, "other");
    assert!(world.store.snapshot().runs.is_empty());
    // The records that the slice had written before the checkpoint failed are counted once.
    world.wait(DAY + MINUTE);
    world.finish(due, Faults::none()).await;
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_slice_whose_generation_ended_stores_no_checkpoint() {
    let world = World::new(Ordered, 2).await;
    fill(&world.crm, Account, 9);
    write(&world.crm, Account, 3, "changed");
    world.pass(HOUR);
    let due = world.begin().await;
    // The lease is treated as over, because an integration cannot be replaced while somebody holds one.
    let next = Integration {
        due: world.now().checked_add(DAY).unwrap(),
        ..integration(&world.keys, &scope(2)).await
    };
    let store = world.store.clone();
    world.at_look(4, move || {
        let earlier = Some((Generation(1), Status::Connected));
        let connected = store.connect(&next, earlier).now_or_never();
        assert!(connected.unwrap().unwrap());
    });
    assert!(matches!(world.calm_slice(&due).await, Ok(Ended::Stale)));
    let held = world.held(Account).await;
    assert!((1..9).contains(&held), "{held}");
    let none = world.store.progress(&scope(2)).await.unwrap();
    assert!(none.is_empty());
    assert!(world.store.snapshot().runs.is_empty());
    let known = world.store.known(&scope(2), Account, &[id(0)]).await;
    assert_eq!(known.unwrap(), [None]);
}
