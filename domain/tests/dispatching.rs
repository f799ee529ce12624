use domain::{
    dispatch::{Dispatched, Kind, dispatch, unverified},
    fault::{Code, Outcome},
    integration::{LOOK_AGAIN, Lease, OpenRun},
    ports::{Leases, Schedule, Store},
    tenant::RunId,
};
use infra::memory::{Faults, Mode, Pages::Ordered};

use crate::world::{DAY, HOUR, MINUTE, World, due};

async fn ask(store: &dyn Store, world: &World, kind: Kind, random: u32) -> Outcome<Dispatched> {
    dispatch(store, kind, world.now(), DAY, &|| random, None).await
}

#[tokio::test]
async fn the_daily_rule_begins_each_due_run_once() {
    let world = World::new(Ordered, 3).await;
    let hourly = ask(&world.store, &world, Kind::Hourly, 1).await.unwrap();
    assert!(hourly.orders.is_empty(), "the hourly rule begins nothing");
    let daily = ask(&world.store, &world, Kind::Daily, 1).await.unwrap();
    assert_eq!((daily.begun, daily.orders.len()), (1, 1));
    let again = ask(&world.store, &world, Kind::Daily, 2).await.unwrap();
    assert_eq!((again.begun, again.resumed, again.orders.len()), (0, 0, 0));
}

#[tokio::test]
async fn a_run_that_the_daily_rule_missed_is_begun_by_the_hourly_rule_and_not_a_day_later() {
    let world = World::new(Ordered, 3).await;
    world.run().await;
    // With 20 hours between runs, the daily rule fires up to four hours after a run is due. This one ended before its first claim.
    let interval = HOUR * 20;
    let hourly = || {
        dispatch(
            &world.store,
            Kind::Hourly,
            world.now(),
            interval,
            &|| 5,
            None,
        )
    };
    world.wait(DAY + HOUR * 6 - MINUTE);
    assert_eq!(
        hourly().await.unwrap().begun,
        0,
        "the daily rule may still come back"
    );
    world.wait(MINUTE);
    let late = hourly().await.unwrap();
    assert_eq!((late.begun, late.orders.len()), (1, 1));
    let again = hourly().await.unwrap();
    assert_eq!((again.begun, again.orders.len()), (0, 0));
}

#[tokio::test]
async fn a_finished_run_is_due_again_an_interval_after_it_was_begun() {
    let world = World::new(Ordered, 3).await;
    world.run().await;
    world.wait(DAY - MINUTE);
    let early = ask(&world.store, &world, Kind::Daily, 1).await.unwrap();
    assert_eq!(early.begun, 0);
    world.wait(MINUTE);
    let daily = ask(&world.store, &world, Kind::Daily, 1).await.unwrap();
    assert_eq!(daily.begun, 1);
}

#[tokio::test]
async fn an_order_that_was_lost_is_given_again_for_the_same_run() {
    let world = World::new(Ordered, 3).await;
    let lost = world.begin().await;
    world.wait(LOOK_AGAIN - MINUTE);
    let early = ask(&world.store, &world, Kind::Hourly, 2).await.unwrap();
    assert!(early.orders.is_empty());
    world.wait(MINUTE);
    let mut hourly = ask(&world.store, &world, Kind::Hourly, 2).await.unwrap();
    assert_eq!((hourly.begun, hourly.resumed), (0, 1));
    assert_eq!(due(hourly.orders.remove(0)), lost);
}

#[tokio::test]
async fn a_working_slice_gets_no_second_order() {
    let world = World::new(Ordered, 3).await;
    let order = world.begin().await;
    let lease = Lease {
        holder: "at-work".to_owned(),
        run: order.run.clone(),
        deadline: world.now().checked_add(HOUR).unwrap(),
    };
    let taken = world.store.take_lease(&world.scope, &lease, world.now());
    taken.await.unwrap().unwrap();
    world.wait(LOOK_AGAIN);
    let look = ask(&world.store, &world, Kind::Hourly, 2).await.unwrap();
    assert_eq!((look.resumed, look.orders.len()), (1, 0));
    world.wait(LOOK_AGAIN);
    let look = ask(&world.store, &world, Kind::Hourly, 2).await.unwrap();
    assert_eq!((look.resumed, look.orders.len()), (1, 1));
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_found_an_hour_later() {
    let world = World::new(Ordered, 3).await;
    let faults = Faults::at(2, Mode::LosesReply);
    let ports = faults.wrap(&world.ports);
    let lost = ask(ports.store.as_ref(), &world, Kind::Daily, 1).await;
    assert_eq!(*lost.err().unwrap().code(), Code::TestReplyLost);
    assert_eq!(faults.broke(), Some("claim"));
    let run = RunId::begin(world.now(), 1);
    world.wait(LOOK_AGAIN);
    let mut look = ask(&world.store, &world, Kind::Hourly, 2).await.unwrap();
    assert_eq!(due(look.orders.remove(0)).run, run);
}

#[tokio::test]
async fn a_repeated_claim_succeeds_and_a_competing_one_fails() {
    let world = World::new(Ordered, 3).await;
    let (found, _) = world.store.due(world.now(), None).await.unwrap();
    let run = |random| OpenRun {
        id: RunId::begin(world.now(), random),
        begun: world.now(),
        next: world.now().checked_add(DAY).unwrap(),
    };
    let later = world.now().checked_add(LOOK_AGAIN).unwrap();
    for (random, claimed) in [(1, true), (1, true), (2, false)] {
        let run = run(random);
        let claim = world.store.claim(&found[0], &run, later);
        assert_eq!(claim.await.unwrap(), claimed);
    }
}

#[tokio::test]
async fn an_integration_ages_from_its_last_run_that_was_in_order() {
    let world = World::new(Ordered, 3).await;
    let age = async || {
        let found = unverified(&world.store, world.now(), 10).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, world.scope);
        found[0].1
    };
    assert!(age().await.is_zero(), "it was connected just now");
    world.wait(HOUR * 30);
    assert_eq!(age().await, HOUR * 30, "nothing has proved it");
    let report = world.run().await;
    assert!(report.is_in_order());
    assert!(age().await < HOUR);
    world.wait(HOUR * 26);
    assert!(age().await >= HOUR * 26);
}

#[tokio::test]
async fn an_age_that_cannot_be_read_is_a_fault_and_not_zero() {
    let world = World::new(Ordered, 3).await;
    let faults = Faults::at(1, Mode::FailsBefore);
    let ports = faults.wrap(&world.ports);
    let read = unverified(ports.store.as_ref(), world.now(), 10).await;
    assert!(read.is_err());
    assert_eq!(faults.broke(), Some("longest_unverified"));
}
