//! Orders that the event bus may not have received yet.

use domain::{
    integration::Status,
    order::{IntegrationConnected, Order, SyncDue, SyncFailed},
    tenant::{RunId, Scope},
    vanished::{Answer, Decided},
};

use super::{
    backends::World,
    samples::{at, integration, report, run, scope, which},
    store::leased,
};
use domain::removal::{Asked, Asker};

fn failed(scope: &Scope, code: &str) -> Order {
    Order::SyncFailed(SyncFailed {
        scope: scope.clone(),
        run: run(),
        code: code.to_owned(),
        needs_reconnect: true,
    })
}

async fn untold(world: &World, scope: &Scope) -> Vec<Order> {
    let there = world.store.integration(&which(scope)).await;
    there.unwrap().unwrap().untold
}

pub(super) async fn what_a_run_s_end_tells_is_kept_once_and_until_it_is_told(world: &World) {
    let scope = leased(world, "untold-end").await;
    let orders = [failed(&scope, "one"), failed(&scope, "two")];
    let report = report(None);
    for _ in 0..2 {
        let status = Status::Connected;
        let end = world
            .store
            .finish(&scope, "me", &report, at(5), status, &orders);
        end.await.unwrap();
    }
    assert_eq!(untold(world, &scope).await, orders);
    for _ in 0..2 {
        let told = world.store.note_told(&scope, &orders[..1]);
        told.await.unwrap();
        assert_eq!(untold(world, &scope).await, orders[1..]);
    }
    world.store.note_told(&scope, &orders).await.unwrap();
    assert_eq!(untold(world, &scope).await, []);
    world.store.note_told(&scope, &orders).await.unwrap();
}

pub(super) async fn what_the_slice_of_a_later_run_is_leased_says_what_is_untold(world: &World) {
    let scope = leased(world, "untold-lease").await;
    let (first, sooner) = (failed(&scope, "one"), report(None));
    let end = world.store.finish(
        &scope,
        "me",
        &sooner,
        at(5),
        Status::Connected,
        std::slice::from_ref(&first),
    );
    end.await.unwrap();
    let lease = super::samples::lease("you", 100);
    let taken = world.store.take_lease(&scope, &lease, at(6)).await;
    assert_eq!(taken.unwrap().unwrap().untold, std::slice::from_ref(&first));
    let second = failed(&scope, "two");
    let later = domain::progress::RunReport {
        run: RunId::begin(at(7), 7),
        ..report(None)
    };
    let end = world.store.finish(
        &scope,
        "you",
        &later,
        at(9),
        Status::Connected,
        std::slice::from_ref(&second),
    );
    end.await.unwrap();
    assert_eq!(untold(world, &scope).await, [first, second]);
}

pub(super) async fn connecting_and_answering_are_kept_and_end_with_the_generation(world: &World) {
    let scope = scope("untold-connect");
    let connected = Order::IntegrationConnected(IntegrationConnected {
        scope: scope.clone(),
    });
    let mut integration = integration(&scope);
    integration.untold = vec![connected.clone()];
    assert!(world.store.connect(&integration, None).await.unwrap());
    let asked = Asked {
        by: Asker::stored("admin-1").unwrap(),
        at: at(5),
    };
    let decided = Decided {
        run: run(),
        answer: Answer::Leave,
        left_too: false,
        asked: asked.clone(),
    };
    let answered = Order::SyncDue(SyncDue {
        scope: scope.clone(),
        run: run(),
        slice: 0,
    });
    let noted = world
        .store
        .decide_deletions(&scope, &decided, &[], &answered);
    noted.await.unwrap();
    assert_eq!(untold(world, &scope).await, [connected, answered.clone()]);
    let begun = world.store.begin_removal(&which(&scope), &asked).await;
    begun.unwrap();
    assert_eq!(untold(world, &scope).await, []);
    // A late note puts no row into a generation that has ended.
    world.store.note_told(&scope, &[answered]).await.unwrap();
    assert_eq!(untold(world, &scope).await, []);
}

pub(super) async fn an_integration_that_is_not_there_is_told_of_without_a_trace(world: &World) {
    let scope = scope("untold-nobody");
    let told = [failed(&scope, "one")];
    world.store.note_told(&scope, &told).await.unwrap();
    let there = world.store.integration(&which(&scope)).await.unwrap();
    assert!(there.is_none());
}
