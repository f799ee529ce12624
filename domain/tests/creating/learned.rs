//! An answer says what became known by it, so that each outcome is counted once, however often a caller asks.

use domain::{
    create::{CreateOutcome, Known, Request},
    record::Object::Account,
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use serde_json::json;

use super::{one, wanted, werk};
use crate::world::{HOUR, World};

/// What three calls with one key, an hour apart, learn.
async fn learned(world: &World, request: &Request) -> Vec<Vec<Known>> {
    let mut learned = Vec::new();
    for _ in 0..3 {
        learned.push(world.create("key-1", request).await.unwrap().learned);
        world.pass(HOUR);
    }
    learned
}

fn accounts(n: usize) -> Request {
    let items = (0..n).map(|n| wanted(Account, &json!({"Name": format!("Werk {n} GmbH")})));
    Request {
        items: items.collect(),
        allow_duplicate: true,
    }
}

#[tokio::test]
async fn a_request_that_is_repeated_tells_nothing_new() {
    let world = World::new(Ordered, 5).await;
    let mut request = accounts(2);
    request
        .items
        .push(wanted(Account, &json!({"Unknown": "x"})));
    let first = vec![Known::Created, Known::Created, Known::NotCreated];
    assert_eq!(learned(&world, &request).await, [first, vec![], vec![]]);
}

#[tokio::test]
async fn an_unknown_outcome_is_told_once_and_once_more_when_it_becomes_known() {
    let world = World::new(Ordered, 5).await;
    world.run().await;
    world.crm.lose_answer_about(1, false);
    let first = vec![Known::Created, Known::Unknown, Known::Created];
    let told = [first, vec![Known::Created], vec![]];
    assert_eq!(learned(&world, &accounts(3)).await, told);
}

#[tokio::test]
async fn what_a_killed_caller_made_is_told_by_the_next_one() {
    for mode in [Mode::KilledBefore, Mode::KilledAfter] {
        let world = World::new(Ordered, 5).await;
        let calm = Faults::none();
        world.creates("key-0", &accounts(1), "a", &calm).await;
        let mut n_told = 0;
        for call in 1..calm.n_calls() {
            let world = World::new(Ordered, 5).await;
            let killed = Faults::at(call, mode);
            let ended = world.creates("key-1", &werk(), "b", &killed).await;
            assert!(ended.is_none(), "{call}");
            world.pass(HOUR);
            let answer = world.create("key-1", &werk()).await.unwrap();
            let is_made = matches!(answer.items[0], CreateOutcome::Created { .. });
            assert!(is_made, "{answer:?}");
            n_told += u64::from(answer.learned == [Known::Created]);
        }
        // A caller that is killed after its last write has answered nobody, and counted nothing.
        assert!(n_told + 2 >= calm.n_calls() - 1, "{mode:?}: {n_told}");
    }
}

#[tokio::test]
async fn a_request_of_which_nothing_came_is_tried_anew() {
    let world = World::new(Ordered, 5).await;
    let unfit = one(Account, json!({"Unknown": "x"}));
    let told = vec![Known::NotCreated];
    assert_eq!(
        learned(&world, &unfit).await,
        [told.clone(), told.clone(), told]
    );
}
