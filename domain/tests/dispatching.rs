use domain::{
    dispatch::{Dispatched, Watched, dispatch, listed, watch, whole},
    fault::{Code, Outcome},
    integration::{Integration, LOOK_AGAIN, Lease, OpenRun, Which},
    order::Rule,
    ports::{Integrations, Leases, Schedule, Store},
    settings::{Calendar, Spread},
    sync::Ended,
    tenant::{RunId, Scope, TenantId},
};
use infra::memory::{Faults, Mode, Pages::Ordered};

use crate::world::{DAILY, DAY, HOUR, MINUTE, World, due};

async fn ask(store: &dyn Store, world: &World, rule: Rule, random: u32) -> Outcome<Dispatched> {
    whole(store, rule, world.now(), &DAILY, &|| random).await
}

#[tokio::test]
async fn the_daily_rule_begins_each_due_run_once() {
    let world = World::new(Ordered, 3).await;
    let hourly = ask(&world.store, &world, Rule::Hourly, 1).await.unwrap();
    assert!(hourly.orders.is_empty(), "the hourly rule begins nothing");
    let daily = ask(&world.store, &world, Rule::Daily, 1).await.unwrap();
    assert_eq!((daily.begun, daily.orders.len()), (1, 1));
    let again = ask(&world.store, &world, Rule::Daily, 2).await.unwrap();
    assert_eq!((again.begun, again.resumed, again.orders.len()), (0, 0, 0));
}

#[tokio::test]
async fn a_run_that_the_daily_rule_missed_is_begun_by_the_hourly_rule_and_not_a_day_later() {
    let world = World::new(Ordered, 3).await;
    world.run().await;
    // With 20 hours between runs, the daily rule fires up to four hours after a run is due. This one ended before its first claim.
    let calendar = Calendar::every(HOUR * 20);
    let hourly = || whole(&world.store, Rule::Hourly, world.now(), &calendar, &|| 5);
    world.wait(DAY + HOUR * 4 + MINUTE * 29);
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
async fn a_run_without_a_chosen_hour_begins_at_the_hour_that_it_has_among_the_spread_ones() {
    let world = World::new(Ordered, 3).await;
    let calendar = Calendar {
        interval: HOUR * 20,
        spread: Some(Spread { from: 1, hours: 4 }),
    };
    let hourly = || whole(&world.store, Rule::Hourly, world.now(), &calendar, &|| 5);
    // It was connected just now and never ran, so it does not wait for its hour.
    let mut begun = hourly().await.unwrap();
    let order = due(begun.orders.remove(0));
    world.finish(order, Faults::none()).await;
    let hour = calendar.hour(None, &world.scope).unwrap();
    assert!((1..5).contains(&hour));
    // The clock of these tests begins at 14:13:20 UTC.
    let mut hours = 0;
    while hourly().await.unwrap().begun == 0 {
        world.pass(HOUR);
        hours += 1;
        assert!(hours < 24, "it does not begin");
    }
    assert_eq!((14 + hours) % 24, i32::from(hour));
}

#[tokio::test]
async fn a_claim_that_fails_takes_no_order_from_the_others_of_its_page() {
    let world = World::new(Ordered, 3).await;
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let first = world.store.integration(&which).await.unwrap();
    for n in 0..3 {
        let mut other = first.clone().unwrap();
        other.scope.tenant = TenantId::parse(&format!("tenant-{n}")).unwrap();
        assert!(world.store.connect(&other, None).await.unwrap());
    }
    // A page has up to four, and all are in the second part of the list. So the third call is the first claim.
    let faults = Faults::at(3, Mode::FailsBefore);
    let ports = faults.wrap(&world.ports);
    let store = ports.store.as_ref();
    let mut pages = Vec::new();
    for part in world.store.parts().await.unwrap() {
        pages.push(
            dispatch(store, Rule::Daily, world.now(), &DAILY, &|| 1, &part)
                .await
                .unwrap(),
        );
    }
    assert_eq!(faults.broke(), Some("claim"));
    assert_eq!(pages.iter().filter(|page| page.fault.is_some()).count(), 1);
    let n_orders: usize = pages.iter().map(|page| page.orders.len()).sum();
    assert_eq!(n_orders, 3);
}

#[tokio::test]
async fn a_finished_run_is_due_again_an_interval_after_it_was_begun() {
    let world = World::new(Ordered, 3).await;
    world.run().await;
    world.wait(DAY - MINUTE);
    let early = ask(&world.store, &world, Rule::Daily, 1).await.unwrap();
    assert_eq!(early.begun, 0);
    world.wait(MINUTE);
    let daily = ask(&world.store, &world, Rule::Daily, 1).await.unwrap();
    assert_eq!(daily.begun, 1);
}

#[tokio::test]
async fn an_order_that_was_lost_is_given_again_for_the_same_run() {
    let world = World::new(Ordered, 3).await;
    let lost = world.begin().await;
    world.wait(LOOK_AGAIN - MINUTE);
    let early = ask(&world.store, &world, Rule::Hourly, 2).await.unwrap();
    assert!(early.orders.is_empty());
    world.wait(MINUTE);
    let mut hourly = ask(&world.store, &world, Rule::Hourly, 2).await.unwrap();
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
    let look = ask(&world.store, &world, Rule::Hourly, 2).await.unwrap();
    assert_eq!((look.resumed, look.orders.len()), (1, 0));
    world.wait(LOOK_AGAIN);
    let look = ask(&world.store, &world, Rule::Hourly, 2).await.unwrap();
    assert_eq!((look.resumed, look.orders.len()), (1, 1));
}

#[tokio::test]
async fn an_order_that_waits_in_a_queue_for_a_day_is_given_again_five_times_and_not_each_hour() {
    let world = World::new(Ordered, 3).await;
    world.begin().await;
    let mut hours = Vec::new();
    for hour in 1..=24 {
        world.wait(HOUR);
        let look = ask(&world.store, &world, Rule::Hourly, 2).await.unwrap();
        hours.extend((!look.orders.is_empty()).then_some(hour));
    }
    assert_eq!(hours, [1, 2, 4, 8, 16]);
}

#[tokio::test]
async fn a_run_that_waited_for_hours_and_was_left_open_is_looked_at_within_the_hour() {
    let world = World::new(Ordered, 3).await;
    let order = world.begin().await;
    for _ in 0..9 {
        world.wait(HOUR);
        ask(&world.store, &world, Rule::Hourly, 2).await.unwrap();
    }
    // Its next look is seven hours away when the slice begins.
    world.crm.exhaust(true);
    let paused = world.calm_slice(&order).await.unwrap();
    assert!(matches!(paused, Ended::Paused { .. }), "{paused:?}");
    let mut orders = Vec::new();
    for _ in 0..4 {
        world.wait(HOUR);
        let look = ask(&world.store, &world, Rule::Hourly, 2).await.unwrap();
        orders.push(look.orders.len());
        if let Some(order) = look.orders.into_iter().next() {
            world.calm_slice(&due(order)).await.unwrap();
        }
    }
    assert_eq!(
        orders, [1; 4],
        "each look is followed by work, so the next comes in an hour"
    );
}

#[tokio::test]
async fn a_new_run_is_ordered_although_an_order_of_an_earlier_run_came_a_moment_ago() {
    let world = World::new(Ordered, 3).await;
    let order = world.begin().await;
    world.calm_slice(&order).await.unwrap();
    world.wait(DAY - MINUTE);
    assert!(matches!(world.calm_slice(&order).await, Ok(Ended::Stale)));
    world.wait(MINUTE);
    let daily = ask(&world.store, &world, Rule::Daily, 3).await.unwrap();
    assert_eq!((daily.begun, daily.orders.len()), (1, 1));
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_found_an_hour_later() {
    let world = World::new(Ordered, 3).await;
    let faults = Faults::at(4, Mode::LosesReply);
    let ports = faults.wrap(&world.ports);
    let lost = ask(ports.store.as_ref(), &world, Rule::Daily, 1).await;
    assert_eq!(*lost.err().unwrap().code(), Code::TestReplyLost);
    assert_eq!(faults.broke(), Some("claim"));
    let run = RunId::begin(world.now(), 1);
    world.wait(LOOK_AGAIN);
    let mut look = ask(&world.store, &world, Rule::Hourly, 2).await.unwrap();
    assert_eq!(due(look.orders.remove(0)).run, run);
}

#[tokio::test]
async fn a_repeated_claim_succeeds_and_a_competing_one_fails() {
    let world = World::new(Ordered, 3).await;
    let found = listed(&world.store, world.now()).await.unwrap();
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

/// What a look finds, with a limit of 26 hours.
async fn look(world: &World) -> Watched {
    let found = watch(&world.store, Rule::Hourly, world.now(), HOUR * 26).await;
    found.unwrap()
}

#[tokio::test]
async fn an_integration_ages_from_its_last_run_that_was_in_order() {
    let world = World::new(Ordered, 3).await;
    assert!(look(&world).await.longest.is_zero(), "connected just now");
    world.wait(HOUR * 26 - MINUTE);
    let nearly = look(&world).await;
    assert_eq!((nearly.longest, nearly.overdue), (HOUR * 26 - MINUTE, 0));
    world.wait(MINUTE);
    let overdue = look(&world).await;
    assert_eq!((overdue.overdue, overdue.new), (1, 1));
    assert_eq!(overdue.named.len(), 1, "it is named once");
    assert_eq!(overdue.named[0].scope, world.scope);
    assert_eq!(
        (overdue.named[0].age, overdue.named[0].is_new),
        (HOUR * 26, true)
    );
    let report = world.run().await;
    assert!(report.is_in_order());
    let fresh = look(&world).await;
    assert!(fresh.longest < HOUR && fresh.named.is_empty());
    world.wait(HOUR * 26);
    assert_eq!(look(&world).await.overdue, 1);
}

/// Connects another integration in the same store, which is measured from then on.
async fn connect_another(world: &World, n: usize) {
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let first = world.store.integration(&which).await.unwrap().unwrap();
    let mut another = Integration {
        due: world.now(),
        open_run: None,
        ..first
    };
    another.scope.tenant = TenantId::parse(&format!("another-{n}")).unwrap();
    assert!(world.store.connect(&another, None).await.unwrap());
}

#[tokio::test]
async fn a_second_integration_that_falls_silent_is_new_while_the_first_is_known() {
    let world = World::new(Ordered, 3).await;
    world.wait(HOUR * 10);
    connect_another(&world, 1).await;
    world.wait(HOUR * 16 + MINUTE * 20);
    let mut news = Vec::new();
    for hour in 26..40 {
        let found = look(&world).await;
        let named = found.named.iter().filter(|named| named.is_new).count();
        assert_eq!(found.new, named as u64, "whoever is new is named");
        if found.new > 0 {
            news.push((hour, found.overdue));
        }
        world.wait(HOUR);
    }
    assert_eq!(
        news,
        [(26, 1), (36, 2)],
        "each once, and the second as well"
    );
}

#[tokio::test]
async fn a_look_that_is_minutes_late_misses_nobody() {
    let world = World::new(Ordered, 3).await;
    // A minute before the limit, and an hour and four minutes later.
    world.wait(HOUR * 26 - MINUTE);
    assert_eq!(look(&world).await.new, 0);
    world.wait(HOUR + MINUTE * 4);
    assert_eq!(look(&world).await.new, 1);
}

#[tokio::test]
async fn all_overdue_integrations_are_counted_and_the_new_are_named_beside_the_oldest() {
    let world = World::new(Ordered, 3).await;
    for n in 0..119 {
        connect_another(&world, n).await;
    }
    world.wait(HOUR * 5);
    for n in 119..122 {
        connect_another(&world, n).await;
    }
    world.wait(HOUR * 26);
    let found = look(&world).await;
    assert_eq!((found.overdue, found.new), (123, 3));
    let new: Vec<bool> = found.named.iter().map(|named| named.is_new).collect();
    assert_eq!(new, [vec![false; 100], vec![true; 3]].concat());
    let mut scopes: Vec<&Scope> = found.named.iter().map(|named| &named.scope).collect();
    scopes.dedup();
    assert_eq!(scopes.len(), 103);
}

#[tokio::test]
async fn an_age_that_cannot_be_read_is_a_fault_and_not_zero() {
    let world = World::new(Ordered, 3).await;
    world.wait(HOUR * 30);
    for (call, method) in [
        (1, "longest_unverified"),
        (2, "unverified_within"),
        (3, "unverified_within"),
    ] {
        let faults = Faults::at(call, Mode::FailsBefore);
        let ports = faults.wrap(&world.ports);
        let read = watch(ports.store.as_ref(), Rule::Hourly, world.now(), HOUR * 26).await;
        assert!(read.is_err());
        assert_eq!(faults.broke(), Some(method));
    }
}

#[tokio::test]
async fn a_row_of_an_earlier_build_is_measured_from_its_next_claim() {
    let world = World::new(Ordered, 3).await;
    world.store.lose_verified(&world.scope);
    world.wait(HOUR * 30);
    assert!(look(&world).await.longest.is_zero(), "nothing says its age");
    world.begin().await;
    world.wait(HOUR * 26);
    let found = look(&world).await;
    assert_eq!((found.longest, found.overdue), (HOUR * 26, 1));
}
