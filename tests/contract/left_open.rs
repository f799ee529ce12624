//! The port `Leases`: an open run that its slice leaves to the next one.

use domain::integration::{Due, Status};

use super::{
    backends::World,
    removals::asked,
    samples::{at, lease, open_run, report, which},
    store::{connected, due_tenants},
};

pub(super) async fn who_leaves_a_run_open_says_when_it_is_looked_at_and_up_to_when_somebody_worked(
    world: &World,
) {
    let (scope, _) = connected(world, "left-open").await;
    let store = &world.store;
    let of = |all: Vec<Due>| all.into_iter().find(|due| due.scope == scope);
    let seen = of(due_tenants(world, 0).await).unwrap();
    assert!(store.claim(&seen, &open_run(), at(3600)).await.unwrap());
    let taken = store.take_lease(&scope, &lease("me", 100), at(1)).await;
    assert!(taken.unwrap().is_some());

    store.leave_open(&scope, "you", at(50)).await.unwrap();
    assert_eq!(
        of(due_tenants(world, 3599).await),
        None,
        "not ours to leave"
    );
    let row = store.integration(&which(&scope)).await.unwrap().unwrap();
    assert_eq!(row.lease, Some(lease("me", 100)));

    for _ in 0..2 {
        store.leave_open(&scope, "me", at(50)).await.unwrap();
        let left = of(due_tenants(world, 50).await).unwrap();
        assert_eq!((left.due, left.leased_until), (at(50), Some(at(100))));
        assert_eq!(left.open_run, Some(open_run()));
    }
    let taken = store.take_lease(&scope, &lease("you", 200), at(60)).await;
    assert_eq!(taken.unwrap().unwrap().lease, Some(lease("you", 200)));
    let report = report(None);
    let finished = store.finish(&scope, "you", &report, at(70), Status::Connected, &[]);
    finished.await.unwrap();
    let next = of(due_tenants(world, 70).await).unwrap();
    assert_eq!((next.due, next.leased_until), (at(70), None));
}

pub(super) async fn a_removal_stays_due_whoever_leaves_its_run_open(world: &World) {
    let (scope, _) = connected(world, "left-removed").await;
    let store = &world.store;
    let taken = store.take_lease(&scope, &lease("me", 100), at(1)).await;
    assert!(taken.unwrap().is_some());
    let begun = store.begin_removal(&which(&scope), &asked("u-1")).await;
    assert!(begun.unwrap().is_some());
    let due = async || {
        let all = due_tenants(world, 1_000_000).await;
        let found = all.into_iter().find(|due| due.scope == scope);
        found.map(|due| (due.due, due.removing))
    };
    let before = due().await;
    assert!(before.is_some_and(|(_, removing)| removing));
    store.leave_open(&scope, "me", at(900_000)).await.unwrap();
    assert_eq!(due().await, before);
    let row = store.integration(&which(&scope)).await.unwrap().unwrap();
    assert_eq!(row.lease, None, "and the lease is given back");
}
