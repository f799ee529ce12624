//! Tenants are held to their allowance, whatever breaks and however many come at once.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    admission::Admission,
    allowance::{Allowance, Limit, StoredAllowance},
    dispatch,
    export_copy::ask,
    exports::LIES,
    fault::{Code, Fault, Outcome},
    integration::Which,
    ports::Allowances,
    record::Object,
    removal::{Asked, Asker},
    sync::Ended,
    tenant::TenantId,
};
use infra::memory::{Faults, MemoryStore, Mode, Pages::Ordered};
use jiff::{SignedDuration, Timestamp};

use crate::world::{DAILY, DAY, HOUR, MINUTE, SLICE, World, fill};

fn said<const N: usize>(numbers: [(Limit, u32); N]) -> Allowance {
    Allowance(BTreeMap::from(numbers))
}

fn tenant() -> TenantId {
    TenantId::parse("acme-1").unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn which(world: &World) -> Which {
    Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    }
}

fn used_up(fault: &Fault) -> Option<Duration> {
    assert_eq!(*fault.code(), Code::AllowanceUsedUp, "{fault}");
    fault.retry_after()
}

/// Begins a run, and takes it to its end.
async fn begins(world: &World, random: u32, allowance: &Allowance) -> Outcome<bool> {
    let (store, now) = (&world.store, world.now());
    let allowance = Some(allowance);
    let begun = dispatch::at_once(store, &which(world), now, &DAILY, random, allowance).await?;
    for order in begun.orders {
        world.finish(crate::world::due(order), Faults::none()).await;
    }
    world.pass(SignedDuration::from_millis(500));
    Ok(begun.begun)
}

/// What a user with the right to write did to a tenant's CRM: runs, one after the other, for 20 seconds.
#[tokio::test]
async fn runs_that_a_user_begins_end_at_the_hours_number_and_go_on_in_the_next_hour() {
    let requests = async |most: u32| {
        let world = World::new(Ordered, 3).await;
        fill(&world.crm, Object::Account, 20);
        world.pass(HOUR - SignedDuration::from_secs(world.now().as_second() % 3_600));
        let (allowance, before) = (
            said([(Limit::RunsPerHour, most)]),
            world.crm.calls("changes"),
        );
        let mut begun = 0;
        for random in 0..39 {
            match begins(&world, random, &allowance).await {
                Ok(is_begun) => begun += u32::from(is_begun),
                Err(fault) => {
                    let wait = used_up(&fault).unwrap();
                    let hour = Duration::from_secs(3_600);
                    assert!(
                        wait <= hour && wait > hour - Duration::from_secs(60),
                        "{wait:?}"
                    );
                }
            }
        }
        let sent = world.crm.calls("changes") - before;
        world.pass(HOUR);
        assert!(
            begins(&world, 40, &allowance).await.unwrap(),
            "the next hour"
        );
        (begun, sent)
    };
    let (free, held) = (requests(1_000).await, requests(12).await);
    // Runs and requests, without and with the hour's number.
    assert_eq!((free, held), ((39, 201), (12, 66)));
}

#[tokio::test]
async fn a_run_that_is_open_is_answered_again_and_counts_once() {
    let world = World::new(Ordered, 3).await;
    let allowance = said([(Limit::RunsPerHour, 1)]);
    let ask = async |random| {
        let (store, now) = (&world.store, world.now());
        dispatch::at_once(store, &which(&world), now, &DAILY, random, Some(&allowance)).await
    };
    let first = ask(1).await.unwrap();
    for random in 2..5 {
        let again = ask(random).await.unwrap();
        assert_eq!((again.run, again.begun), (first.run.clone(), false));
    }
}

#[tokio::test]
async fn of_many_at_once_no_two_get_the_same_and_none_gets_too_much() {
    let (store, allowance) = (
        MemoryStore::new(),
        said([(Limit::RunsPerHour, 5), (Limit::Slices, 3)]),
    );
    let tenant = tenant();
    let admission = Admission {
        tenant: &tenant,
        allowance: &allowance,
        now: at(0),
    };
    let spends = (0..15).map(|n| {
        let store = &store;
        async move {
            admission
                .spend(store, Limit::RunsPerHour, 1, &format!("r{n}"))
                .await
                .is_ok()
        }
    });
    let spent = futures::future::join_all(spends).await;
    assert_eq!(spent.into_iter().filter(|is| *is).count(), 5);
    let holds = (0..15).map(|n| {
        let store = &store;
        async move {
            admission
                .hold(store, Limit::Slices, &format!("s{n}"), at(60))
                .await
                .is_ok()
        }
    });
    let held = futures::future::join_all(holds).await;
    assert_eq!(held.into_iter().filter(|is| *is).count(), 3);
}

#[tokio::test]
async fn a_call_whose_answer_was_lost_is_counted_once() {
    let (allowance, tenant) = (said([(Limit::RunsPerHour, 3)]), tenant());
    // The third window has begun, so that both ways of spending are met.
    for (begun, n_calls) in [(false, 2), (true, 1)] {
        for n in 1..=n_calls {
            let store = std::sync::Arc::new(MemoryStore::new());
            let admission = Admission {
                tenant: &tenant,
                allowance: &allowance,
                now: at(0),
            };
            if begun {
                admission
                    .spend(&*store, Limit::RunsPerHour, 1, "before")
                    .await
                    .unwrap();
            }
            let faults = Faults::at(n, Mode::LosesReply);
            let broken = domain::ports::Around {
                inner: store.clone(),
                hook: faults,
            };
            let lost = admission
                .spend(&broken, Limit::RunsPerHour, 1, "run-1")
                .await;
            assert!(lost.is_err(), "the call {n} was lost");
            admission
                .spend(&*store, Limit::RunsPerHour, 1, "run-1")
                .await
                .unwrap();
            let stored = store.allowance(&tenant).await.unwrap();
            let left = stored.rates[&Limit::RunsPerHour].left;
            assert_eq!(left, if begun { 1 } else { 2 }, "{begun} {n}");
        }
    }
}

#[tokio::test]
async fn a_tenants_own_number_counts_for_it_alone_and_at_once() {
    let (store, allowance) = (MemoryStore::new(), said([(Limit::RunsPerHour, 1)]));
    let (mine, other) = (tenant(), TenantId::parse("acme-2").unwrap());
    let spend = async |tenant: &TenantId, id: &str| {
        let admission = Admission {
            tenant,
            allowance: &allowance,
            now: at(0),
        };
        admission
            .spend(&store, Limit::RunsPerHour, 1, id)
            .await
            .is_ok()
    };
    assert!(spend(&mine, "a").await && !spend(&mine, "b").await && spend(&other, "a").await);
    store
        .set_allowance(&mine, &said([(Limit::RunsPerHour, 2)]))
        .await
        .unwrap();
    assert!(spend(&mine, "c").await && spend(&mine, "d").await && !spend(&mine, "e").await);
    assert!(!spend(&other, "b").await);
}

#[tokio::test]
async fn exports_end_at_the_days_number_and_at_the_files_that_lie_there() {
    let world = World::new(Ordered, 3).await;
    let asks = async |random, allowance: &Allowance| {
        let asked = Asked {
            by: Asker::stored("u-1").unwrap(),
            at: world.now(),
        };
        let (store, which) = (&world.store, which(&world));
        let (export, orders) = ask(store, &which, asked, random, allowance).await?;
        let repeated = orders.is_empty();
        if !repeated {
            let mut failed = export;
            failed.phase = domain::exports::Phase::Failed;
            let scope = &world.scope;
            let (me, until) = ("me", world.now().checked_add(MINUTE).unwrap());
            let exports = &world.store as &dyn domain::ports::Exports;
            exports
                .take_export(scope, &failed.id, me, until, world.now())
                .await
                .unwrap();
            exports.note_export(scope, me, &failed).await.unwrap();
        }
        Ok::<_, Fault>(())
    };
    let a_day = said([(Limit::ExportsPerDay, 2), (Limit::ExportsKept, 9)]);
    asks(1, &a_day).await.unwrap();
    asks(2, &a_day).await.unwrap();
    let wait = used_up(&asks(3, &a_day).await.unwrap_err()).unwrap();
    assert!(wait <= Duration::from_secs(86_400));
    let stored = world.store.allowance(&world.scope.tenant).await.unwrap();
    let lying = &stored.places[&Limit::ExportsKept];
    assert_eq!(
        lying.0.len(),
        2,
        "what was refused has given its place back"
    );
    world.pass(DAY);
    let kept = said([(Limit::ExportsPerDay, 9), (Limit::ExportsKept, 2)]);
    let wait = used_up(&asks(4, &kept).await.unwrap_err()).unwrap();
    assert_eq!(SignedDuration::try_from(wait).unwrap(), LIES - DAY);
    world.pass(LIES - DAY);
    asks(5, &kept).await.unwrap();
}

#[tokio::test]
async fn slices_of_a_tenant_wait_for_a_place_and_a_dead_one_frees_it_in_time() {
    let mut world = World::new(Ordered, 3).await;
    fill(&world.crm, Object::Account, 4);
    world.settings.allowance = Some(said([(Limit::Slices, 1)]));
    let (tenant, due) = (world.scope.tenant.clone(), world.begin().await);
    let other = said([]);
    let admission = Admission {
        tenant: &tenant,
        allowance: &other,
        now: world.now(),
    };
    // Another integration's slice is killed at its work.
    let until = world.now().checked_add(SLICE).unwrap();
    admission
        .hold(&world.store, Limit::Slices, "dead", until)
        .await
        .unwrap();
    let ended = world.calm_slice(&due).await.unwrap();
    let Ended::Crowded { wait } = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(SignedDuration::try_from(wait).unwrap(), SLICE);
    world.wait(SLICE);
    let ended = world.calm_slice(&due).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
    let stored = world.store.allowance(&tenant).await.unwrap();
    assert!(
        stored.places[&Limit::Slices].0.is_empty(),
        "it is given back"
    );
}

#[tokio::test]
async fn a_slice_that_is_cut_off_anywhere_leaves_no_place_for_longer_than_its_time() {
    for n in 1..400 {
        let mut world = World::new(Ordered, 3).await;
        fill(&world.crm, Object::Account, 4);
        world.settings.allowance = Some(said([(Limit::Slices, 1)]));
        let due = world.begin().await;
        let faults = Faults::at(n, Mode::KilledAfter);
        let whole = world.slice(&due, &faults).await.is_some();
        world.wait(SLICE + MINUTE);
        world.finish(due, Faults::none()).await;
        world.assert_is_copy().await;
        let StoredAllowance { places, .. } =
            world.store.allowance(&world.scope.tenant).await.unwrap();
        assert!(places[&Limit::Slices].at(world.now()).0.is_empty(), "{n}");
        if whole && faults.broke().is_none() {
            return;
        }
    }
    panic!("a slice has fewer calls");
}
