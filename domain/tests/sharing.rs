//! The share of the CRM's daily budget: a run that has used it waits, and goes on when there is room.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    change_settings, dispatch,
    fault::{Code, Fault, Kind},
    integration::Which,
    order::SyncDue,
    ports::{Integrations, Runs},
    progress::{Progress, Share, Verdict},
    record::Object,
    settings::Settings,
    standstill::Waiting,
    sync::{Alarm, Ended},
};
use infra::memory::{Faults, Mode, Pages::Ordered};

use crate::world::{DAILY, DAY, HOUR, MINUTE, SLICE, World, due, fill, id, of, write};

/// The CRM's daily quota.
const QUOTA: u64 = 100_000;

const USED_UP: &str = "crm.share_used_up";
const RESERVED: &str = "crm.reserve_reached";

fn which(world: &World) -> Which {
    Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    }
}

/// A CRM with thirty accounts on ten pages.
async fn filled() -> World {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 30);
    world.pass(HOUR);
    world
}

async fn waits(world: &World) -> Option<Waiting> {
    let integration = world.store.integration(&which(world)).await.unwrap();
    integration.unwrap().waits().cloned()
}

async fn sent(world: &World) -> u64 {
    let progress = world.store.progress(&world.scope).await.unwrap();
    Progress::hourly(&progress).in_last_day(world.now())
}

/// As if the last runs had sent so many requests more.
async fn spend(world: &World, requests: u64) {
    let progress = world.store.progress(&world.scope).await.unwrap();
    let mut account = progress.into_iter().next().unwrap();
    account.summary.note_requests(world.now(), requests);
    world.store.replace_progress(&world.scope, account);
}

fn pause(ended: &Ended) -> Option<&str> {
    match ended {
        Ended::Paused { code, .. } => Some(code),
        _ => None,
    }
}

async fn begin_at_once(world: &World) -> SyncDue {
    let begun = dispatch::at_once(&world.store, &which(world), world.now(), &DAILY, 5, None).await;
    due(begun.unwrap().orders.remove(0))
}

#[tokio::test]
async fn a_run_stops_between_pages_when_others_have_used_all_but_the_reserve() {
    let world = filled().await;
    let due = world.begin().await;
    let crm = world.crm.clone();
    world.crm.on_page(move |_, _| crm.use_up(QUOTA * 4 / 5));
    let ended = world.calm_slice(&due).await.unwrap();
    assert_eq!(pause(&ended), Some(RESERVED), "{ended:?}");
    assert_eq!(world.held(Object::Account).await, 3, "its page is stored");
    // Each hour it asks once how much is left, and reads nothing.
    for _ in 0..30 {
        world.pass(HOUR);
        let (clock, changes) = (world.crm.calls("clock"), world.crm.calls("changes"));
        let ended = world.calm_slice(&due).await.unwrap();
        assert_eq!(pause(&ended), Some(RESERVED), "{ended:?}");
        assert_eq!(world.crm.calls("clock"), clock + 1);
        assert_eq!(world.crm.calls("changes"), changes);
        let waits = waits(&world).await.unwrap();
        assert_eq!((waits.code.as_str(), waits.at), (RESERVED, world.now()));
        assert_eq!(waits.until, world.now().checked_add(HOUR).unwrap());
    }
    world.crm.on_page(|_, _| {});
    world.crm.use_up(0);
    let ended = world.calm_slice(&due).await.unwrap();
    let Ended::Finished { report, .. } = ended else {
        panic!("{ended:?}");
    };
    assert!(report.failure.is_none(), "to wait is not to stand still");
    for (_, summary) in &report.objects {
        assert_eq!(summary.verdict, Some(Verdict::Verified));
    }
    world.assert_is_copy().await;
    assert_eq!(waits(&world).await, None);
}

#[tokio::test]
async fn a_run_stops_between_two_steps_of_an_object() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 2);
    world.pass(HOUR);
    let crm = world.crm.clone();
    world.crm.on_page(move |_, _| crm.use_up(QUOTA));
    let ended = world.calm_slice(&world.begin().await).await.unwrap();
    assert_eq!(pause(&ended), Some(RESERVED), "{ended:?}");
    assert_eq!(world.held(Object::Account).await, 2);
    assert_eq!(
        (world.crm.calls("changes"), world.crm.calls("count")),
        (1, 0)
    );
}

#[tokio::test]
async fn no_day_has_more_requests_than_the_share_and_a_long_run_comes_to_its_end() {
    let mut world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 300);
    world.pass(HOUR);
    world.settings.crm_share = Share {
        percent: 1,
        reserve_percent: 20,
    };
    world.crm.set_quota(4_000);
    let (mut order, mut pauses, mut days) = (world.begin().await, 0, Vec::new());
    loop {
        let before = (sent(&world).await, world.crm.requests());
        let ended = world.calm_slice(&order).await.unwrap();
        let now = sent(&world).await;
        assert!(now <= 40, "{now}");
        assert_eq!(
            now - before.0,
            world.crm.requests() - before.1,
            "all are counted"
        );
        match ended {
            Ended::Paused { code, wait } => {
                assert_eq!(code, USED_UP);
                days.push(wait.as_secs() / 3_600);
                pauses += 1;
                world.pass(HOUR);
            }
            Ended::HandedOver { mut orders, .. } => order = due(orders.remove(0)),
            Ended::Finished { report, .. } => {
                assert!(report.failure.is_none());
                assert_eq!(
                    of(&report, Object::Account).verdict,
                    Some(Verdict::Verified)
                );
                break;
            }
            other => panic!("{other:?}"),
        }
        assert!(pauses < 500, "it goes on");
    }
    assert!(days.contains(&24) && days.contains(&1), "{days:?}");
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_run_that_waits_for_its_share_asks_the_crm_nothing() {
    let world = filled().await;
    world.run().await;
    spend(&world, QUOTA / 4).await;
    write(&world.crm, Object::Account, 1, "later");
    world.pass(HOUR);
    let order = begin_at_once(&world).await;
    let before = world.crm.requests();
    for _ in 0..23 {
        let ended = world.calm_slice(&order).await.unwrap();
        assert_eq!(pause(&ended), Some(USED_UP), "{ended:?}");
        world.pass(HOUR);
    }
    assert_eq!(world.crm.requests(), before);
    let until = waits(&world).await.unwrap().until;
    world.pass(until.duration_since(world.now()));
    let ended = world.calm_slice(&order).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
    world.assert_is_copy().await;
}

#[tokio::test]
async fn all_runs_of_a_day_count_and_none_of_the_day_before() {
    let world = filled().await;
    world.run().await;
    let first = world.crm.requests();
    world.pass(HOUR * 20);
    let order = begin_at_once(&world).await;
    world.finish(order, Faults::none()).await;
    assert_eq!(sent(&world).await, world.crm.requests());
    world.pass(HOUR * 5);
    assert_eq!(sent(&world).await, world.crm.requests() - first);
}

#[tokio::test]
async fn nobody_can_ask_a_crm_again_and_again_that_wants_quiet() {
    let world = filled().await;
    let order = world.begin().await;
    let quiet = Fault::of(Code::CrmSilent)
        .with_kind(Kind::Transient)
        .after(Duration::from_secs(3 * 3_600));
    world.crm.fail("changes", None, Some(quiet));
    assert!(pause(&world.calm_slice(&order).await.unwrap()).is_some());
    let looks = async || {
        let now = world.now();
        let asked = dispatch::at_once(&world.store, &which(&world), now, &DAILY, 5, None).await;
        asked.unwrap().orders.len()
    };
    world.pass(HOUR);
    assert_eq!(looks().await, 0, "it wants no requests for two more hours");
    world.pass(HOUR * 2);
    assert_eq!(looks().await, 1);
}

#[tokio::test]
async fn an_administrator_who_gives_more_lets_the_run_go_on() {
    let world = filled().await;
    world.run().await;
    spend(&world, QUOTA / 4).await;
    let order = begin_at_once(&world).await;
    assert!(pause(&world.calm_slice(&order).await.unwrap()).is_some());
    let (store, keys) = (&world.store, &world.keys);
    let set = change_settings::read(store, keys, &which(&world)).await;
    let set = set.unwrap();
    let more = Settings {
        crm_share_percent: Some(60),
        ..set.settings.clone()
    };
    let (tag, now) = (set.tag(), world.now());
    let written =
        change_settings::write(store, keys, &which(&world), &tag, more, now, &DAILY).await;
    written.unwrap();
    let ended = world.calm_slice(&order).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
}

#[tokio::test]
async fn without_a_daily_budget_no_run_waits() {
    let world = filled().await;
    world.crm.set_quota(0);
    world.run().await;
    spend(&world, QUOTA * 10).await;
    let order = begin_at_once(&world).await;
    let ended = world.calm_slice(&order).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
}

#[tokio::test]
async fn requests_of_failed_attempts_count_towards_the_share() {
    let world = filled().await;
    let fault = Fault::of(Code::CrmSilent).with_kind(Kind::Transient);
    world.crm.fail("count", Some(Object::Account), Some(fault));
    let order = world.begin().await;
    let ended = world.calm_slice(&order).await;
    assert!(ended.is_err() || matches!(ended, Ok(Ended::HandedOver { .. })));
    assert_eq!(sent(&world).await, world.crm.requests());
}

#[tokio::test]
async fn a_run_that_waited_long_outlives_a_failure_at_its_next_look() {
    let world = filled().await;
    let order = world.begin().await;
    world.crm.use_up(QUOTA);
    for _ in 0..48 {
        assert!(pause(&world.calm_slice(&order).await.unwrap()).is_some());
        world.pass(HOUR);
    }
    // The first calls are those that open the keys, and the one that asks how much is left.
    let mut n = 1;
    loop {
        let faults = Faults::at(n, Mode::FailsBefore);
        let ended = world.slice(&order, &faults).await.unwrap();
        if faults.broke().is_none() {
            assert!(pause(&ended.unwrap()).is_some());
            break;
        }
        let is_open = ended.is_err() || pause(&ended.unwrap()).is_some();
        assert!(is_open, "{:?}", faults.broke());
        world.pass(HOUR);
        n += 1;
    }
    assert!(n > 5, "{n}");
    world.crm.use_up(0);
    world.finish(order, Faults::none()).await;
    world.assert_is_copy().await;
}

/// As a CRM whose quota other programs use up while the run waits: it refuses even the question how much is left.
#[tokio::test]
async fn a_run_whose_looks_are_refused_shows_it_and_is_given_up_after_20_hours() {
    let world = filled().await;
    let crm = world.crm.clone();
    world.crm.on_page(move |_, _| crm.use_up(QUOTA));
    let order = world.begin().await;
    assert!(pause(&world.calm_slice(&order).await.unwrap()).is_some());
    world.pass(HOUR);
    let refused = Fault::of(Code::CrmSilent)
        .with_kind(Kind::Transient)
        .after(Duration::from_secs(900));
    world.crm.fail("clock", None, Some(refused.clone()));
    for hour in 1..=20 {
        let ended = world.calm_slice(&order).await.unwrap();
        world.pass(HOUR);
        assert_eq!(
            pause(&ended),
            Some(&*refused.code().to_string()),
            "{hour}: {ended:?}"
        );
        let waits = waits(&world).await.unwrap();
        assert_eq!(waits.code, refused.code().to_string(), "{hour}");
        assert!(
            waits.at.checked_add(HOUR * 2).unwrap() > world.now(),
            "{hour}: it is old"
        );
    }
    world.pass(HOUR * 2);
    let ended = world.calm_slice(&order).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
}

#[tokio::test]
async fn a_run_that_has_worked_for_a_day_outlives_a_failure_at_a_look_of_its_wait() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 120);
    world.pass(HOUR);
    let hand = world.hand();
    let slow = i64::try_from((MINUTE * 7).as_millis()).unwrap();
    let (crm, is_used_up) = (world.crm.clone(), Arc::new(AtomicBool::new(false)));
    let used_up = Arc::clone(&is_used_up);
    world.crm.on_page(move |_, _| {
        hand.fetch_add(slow, Ordering::SeqCst);
        if used_up.load(Ordering::SeqCst) {
            crm.use_up(QUOTA);
        }
    });
    let mut order = world.begin().await;
    for hour in 0..18 {
        let ended = world.calm_slice(&order).await.unwrap();
        let Ended::HandedOver { mut orders, .. } = ended else {
            panic!("{hour}: {ended:?}");
        };
        order = due(orders.remove(0));
        world.pass(HOUR);
    }
    is_used_up.store(true, Ordering::SeqCst);
    assert!(pause(&world.calm_slice(&order).await.unwrap()).is_some());
    world.pass(HOUR);
    let broken = Fault::of(Code::CrmSilent).with_kind(Kind::Transient);
    world.crm.fail("clock", None, Some(broken));
    let failed = world.calm_slice(&order).await;
    assert!(failed.is_err(), "{failed:?}");
    world.crm.fail("clock", None, None);
    is_used_up.store(false, Ordering::SeqCst);
    world.crm.use_up(0);
    world.finish(order, Faults::none()).await;
    world.assert_is_copy().await;
}

/// As an object of which each slice sends requests and stores nothing, because its pages come too late.
#[tokio::test]
async fn a_run_that_uses_its_share_every_day_without_any_result_is_given_up() {
    let world = filled().await;
    let (crm, hand) = (world.crm.clone(), world.hand());
    let late = i64::try_from((MINUTE * 20).as_millis()).unwrap();
    world.crm.on_page(move |_, _| {
        crm.use_up(QUOTA);
        hand.fetch_add(late, std::sync::atomic::Ordering::SeqCst);
    });
    let mut order = world.begin().await;
    let mut looks = 0;
    let report = loop {
        assert!(looks < 5_000, "it is never given up");
        match world.calm_slice(&order).await.unwrap() {
            Ended::Paused { .. } => {
                world.pass(HOUR);
                looks += 1;
                // The others' requests are forgotten after a day.
                if looks % 24 == 0 {
                    world.crm.use_up(0);
                }
            }
            Ended::HandedOver { mut orders, .. } => {
                order = due(orders.remove(0));
            }
            Ended::Finished { report, alarm, .. } => {
                assert_eq!(alarm, Some(Alarm::GivenUp));
                break report;
            }
            other => panic!("{other:?}"),
        }
    };
    let failed = Verdict::Failed("sync.no_progress".to_owned());
    assert_eq!(of(&report, Object::Account).verdict, Some(failed));
    assert!(
        looks > 24 && report.ended.duration_since(report.begun) > DAY * 20,
        "{looks}"
    );
}

#[tokio::test]
async fn the_time_waited_counts_neither_after_the_run_has_gone_on() {
    let world = filled().await;
    let order = world.begin().await;
    world.crm.use_up(QUOTA);
    for _ in 0..48 {
        assert!(pause(&world.calm_slice(&order).await.unwrap()).is_some());
        world.pass(HOUR);
    }
    world.crm.use_up(0);
    // The run goes on, and this slice is killed at its first page.
    let silent = Faults::silent("changes", 1);
    let mut slice = Box::pin(world.slice(&order, &silent));
    for _ in 0..1_000 {
        assert!(futures::FutureExt::now_or_never(&mut slice).is_none());
    }
    drop(slice);
    world.wait(SLICE + MINUTE);
    let failing = |hours: i64| {
        let world = &world;
        let order = &order;
        async move {
            world.pass(HOUR * i32::try_from(hours).unwrap());
            let faults = Faults::at(2, Mode::FailsBefore);
            let ended = world.slice(order, &faults).await.unwrap();
            ended.is_err()
        }
    };
    assert!(failing(1).await, "it has been active for an hour");
    assert!(failing(1).await);
    assert!(!failing(20).await, "it is given up after all");
}

#[tokio::test]
async fn a_run_that_is_broken_at_any_call_while_it_comes_to_wait_comes_to_the_same_copy() {
    for mode in Mode::ALL {
        let mut n = 1;
        loop {
            let world = filled().await;
            let order = world.begin().await;
            let crm = world.crm.clone();
            world.crm.on_page(move |_, _| crm.use_up(QUOTA));
            let faults = Faults::at(n, mode);
            let _ = world.slice(&order, &faults).await;
            let is_past = faults.broke().is_none();
            world.crm.on_page(|_, _| {});
            world.crm.use_up(0);
            world.pass(SLICE + MINUTE);
            world.finish(order, Faults::none()).await;
            world.assert_is_copy().await;
            assert_eq!(waits(&world).await, None);
            assert!(world.copied(Object::Account).await.contains_key(&id(29)));
            if is_past {
                break;
            }
            n += 1;
        }
        assert!(n > 10, "{n}");
    }
}

/// Records that came with an old time stamp are found by comparing ids, and fetched 200 at a time.
#[tokio::test]
async fn a_comparison_that_fetches_much_stops_at_the_share_and_goes_on_with_what_is_left() {
    let mut world = World::new(Ordered, 1_000).await;
    fill(&world.crm, Object::Account, 3);
    for n in 100..2_600 {
        world
            .crm
            .put_late(Object::Account, &id(n), &[("Name", "Neu")], HOUR * 30);
    }
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR * 40);
    world.settings.crm_share = Share {
        percent: 1,
        reserve_percent: 20,
    };
    world.crm.set_quota(2_000);
    let (mut order, mut pauses) = (world.begin().await, 0);
    loop {
        let before = world.held(Object::Account).await;
        let ended = world.calm_slice(&order).await.unwrap();
        assert!(sent(&world).await <= 20, "{}", sent(&world).await);
        match ended {
            Ended::Paused { code, .. } => {
                assert_eq!(code, USED_UP);
                pauses += usize::from(world.held(Object::Account).await > before);
                world.pass(HOUR);
            }
            Ended::HandedOver { mut orders, .. } => order = due(orders.remove(0)),
            Ended::Finished { report, .. } => {
                let verdict = &of(&report, Object::Account).verdict;
                assert_eq!(*verdict, Some(Verdict::Verified));
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(pauses > 0, "it came to the bound while it fetched");
    world.assert_is_copy().await;
}
