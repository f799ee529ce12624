//! Runs without progress are reported, helped by smaller pages, and given up.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use domain::{
    integration::{Integration, Which},
    order::SyncDue,
    ports::Integrations,
    progress::{RunReport, Verdict},
    record::Object::{self, Account, Contact},
    standstill::Standstill,
    sync::{Alarm, Ended},
};
use futures::FutureExt;
use infra::memory::{
    Faults,
    Pages::{Ordered, Unordered},
};
use jiff::SignedDuration;

use crate::world::{DAY, HOUR, MINUTE, World, due, fill, of, verdict};

/// A CRM with slow pages. `takes` returns the duration by object and number of records.
async fn slow(
    n: usize,
    page_size: usize,
    takes: impl Fn(Object, usize) -> SignedDuration + Send + Sync + 'static,
) -> World {
    let world = World::new(Ordered, page_size).await;
    fill(&world.crm, Account, n);
    fill(&world.crm, Contact, 2);
    world.pass(HOUR);
    let hand = world.hand();
    world.crm.on_page(move |object, n| {
        let millis = i64::try_from(takes(object, n).as_millis()).unwrap();
        hand.fetch_add(millis, Ordering::SeqCst);
    });
    world
}

async fn integration(world: &World) -> Integration {
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    world.store.integration(&which).await.unwrap().unwrap()
}

/// The result of a run that hands over again and again: its report, its last standstill, and all alarms.
struct Came {
    report: RunReport,
    told: Option<Standstill>,
    slices: u32,
    alarms: Vec<Alarm>,
}

async fn ended(world: &World, mut order: SyncDue) -> Came {
    let (mut told, mut alarms) = (None, Vec::new());
    for slices in 1..2_000 {
        match world.calm_slice(&order).await.unwrap() {
            Ended::HandedOver {
                mut orders,
                standstill,
                alarm,
                given_up,
            } => {
                assert_eq!(alarm.is_some(), !given_up.is_empty());
                order = due(orders.remove(0));
                told = standstill.or(told);
                alarms.extend(alarm);
            }
            Ended::Finished { report, alarm, .. } => {
                alarms.extend(alarm);
                return Came {
                    report,
                    told,
                    slices,
                    alarms,
                };
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("the run does not end");
}

#[tokio::test]
async fn pages_that_come_too_late_become_smaller_until_the_run_makes_progress() {
    // A page of the usual size takes 25 minutes, but a slice has only 15.
    let world = slow(1_500, 1_500, |_, n| {
        SignedDuration::from_secs(i64::try_from(n).unwrap())
    })
    .await;
    let came = ended(&world, world.begin().await).await;
    assert_eq!(came.told.unwrap().slices, 3);
    assert!(came.alarms.is_empty());
    assert_eq!(verdict(&came.report, Account), Verdict::Verified);
    world.assert_is_copy().await;
    assert_eq!(integration(&world).await.standstill, None);
}

#[tokio::test]
async fn a_run_without_progress_for_a_day_is_reported_and_given_up_and_the_other_objects_are_read()
{
    let world = slow(9, 3, |object, _| match object {
        Account => MINUTE * 20,
        _ => SignedDuration::ZERO,
    })
    .await;
    let begun = world.now();
    let mut order = world.begin().await;
    // The operator is not told before the third slice without progress.
    for n in 1..=4_u32 {
        let Ok(Ended::HandedOver {
            mut orders,
            standstill,
            ..
        }) = world.calm_slice(&order).await
        else {
            panic!("not handed over");
        };
        order = due(orders.remove(0));
        assert_eq!(standstill.is_some(), n == 4, "slice {n}");
        let there = integration(&world).await;
        assert_eq!(there.told_standstill().is_some(), n == 4);
    }
    let came = ended(&world, order).await;
    let lasted = came.report.ended.duration_since(begun);
    assert!(HOUR * 20 < lasted && lasted < HOUR * 21, "{lasted}");
    let failed = Verdict::Failed("sync.no_progress".to_owned());
    assert_eq!(verdict(&came.report, Account), failed);
    assert_eq!(verdict(&came.report, Contact), Verdict::Verified);
    assert_eq!(came.alarms, [Alarm::GivenUp]);
    assert_eq!(came.told.unwrap().since, begun);
}

#[tokio::test]
async fn consecutive_slices_without_progress_are_not_repeated_for_ever() {
    let mut world = slow(9, 3, |object, _| match object {
        Account => MINUTE * 20,
        _ => SignedDuration::ZERO,
    })
    .await;
    world.settings.most_idle_slices = 5;
    let came = ended(&world, world.begin().await).await;
    assert_eq!(came.slices, 6);
    let failed = Verdict::Failed("sync.no_progress".to_owned());
    assert_eq!(verdict(&came.report, Account), failed);
}

#[tokio::test]
async fn a_run_with_progress_is_not_given_up_however_long_it_takes() {
    // One page per slice: a slice has 15 minutes.
    let world = slow(400, 3, |_, _| MINUTE * 14).await;
    let begun = world.now();
    let came = ended(&world, world.begin().await).await;
    assert!(came.report.ended.duration_since(begun) > HOUR * 24);
    assert!(came.alarms.is_empty() && came.told.is_none());
    assert_eq!(of(&came.report, Account).written, 400);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn killed_slices_count_too() {
    let world = slow(9, 3, |_, _| SignedDuration::ZERO).await;
    let order = world.begin().await;
    for n in 0..4 {
        assert_eq!(integration(&world).await.told_standstill(), None, "{n}");
        // Dropping a slice while it waits for a page kills it.
        let faults = Faults::silent("changes", 1);
        let mut slice = Box::pin(world.slice(&order, &faults));
        for _ in 0..1_000 {
            assert!((&mut slice).now_or_never().is_none());
        }
        drop(slice);
        world.wait(MINUTE * 20);
    }
    let told = integration(&world).await;
    assert_eq!(told.told_standstill().unwrap().slices, 3);
    world.wait(DAY);
    let faults = Faults::none();
    let Some(Ok(Ended::Finished { report, .. })) = world.slice(&order, &faults).await else {
        panic!("not finished");
    };
    let failed = Verdict::Failed("sync.no_progress".to_owned());
    assert_eq!(verdict(&report, Account), failed);
    assert_eq!(verdict(&report, Contact), Verdict::Verified);
}

#[tokio::test]
async fn the_hint_of_smaller_pages_is_given_for_jobs_too() {
    let world = World::new(Unordered, 1_500).await;
    fill(&world.crm, Account, 1_500);
    world.pass(HOUR);
    let (hand, largest) = (world.hand(), Arc::new(AtomicU32::new(0)));
    let seen = Arc::clone(&largest);
    world.crm.on_page(move |_, n| {
        seen.store(u32::try_from(n).unwrap(), Ordering::SeqCst);
        hand.fetch_add(i64::try_from(n).unwrap() * 1_000, Ordering::SeqCst);
    });
    ended(&world, world.begin().await).await;
    assert!(largest.load(Ordering::SeqCst) <= 500);
    world.assert_is_copy().await;
}
