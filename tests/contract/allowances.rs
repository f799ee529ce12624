//! The port `Allowances`.

use std::collections::BTreeMap;

use domain::{
    allowance::{Allowance, Limit, Places, Rate, StoredAllowance},
    ports::{Spending, Spent},
    tenant::TenantId,
};
use futures::future::join_all;

use super::{backends::World, samples::at};

const RUNS: Limit = Limit::RunsPerHour;

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn rate(window: i64, left: u32, last: &str) -> Rate {
    Rate {
        window: at(window),
        left,
        last: last.to_owned(),
    }
}

fn spending(window: i64, n: u32, id: &str) -> Spending<'_> {
    Spending {
        window: at(window),
        n,
        id,
    }
}

fn places<const N: usize>(taken: [(&str, i64); N]) -> Places {
    Places(taken.map(|(id, until)| (id.to_owned(), at(until))).into())
}

pub(super) async fn a_rate_is_taken_until_nothing_is_left_and_anew_in_the_next_window(
    world: &World,
) {
    let (mine, theirs) = (tenant("rate-a"), tenant("rate-a-2"));
    let store = &world.store;
    let row = async || store.allowance(&mine).await.unwrap();
    assert_eq!(row().await, StoredAllowance::default());
    let spend = async |what: Spending<'_>| store.spend(&mine, RUNS, &what).await.unwrap();
    let refused = spend(spending(0, 1, "a")).await;
    assert_eq!(refused, Spent::Not(StoredAllowance::default()));

    let first = rate(0, 5, "a");
    assert!(store.open_window(&mine, RUNS, None, &first).await.unwrap());
    // Somebody else saw no window, either, and comes too late.
    let late = rate(0, 5, "b");
    assert!(!store.open_window(&mine, RUNS, None, &late).await.unwrap());
    assert_eq!(row().await.rates, BTreeMap::from([(RUNS, first.clone())]));
    assert_eq!(spend(spending(0, 3, "b")).await, Spent::Taken);
    // The answer was lost.
    assert_eq!(spend(spending(0, 3, "b")).await, Spent::Taken);
    assert_eq!(row().await.rates[&RUNS], rate(0, 2, "b"));
    assert_eq!(spend(spending(0, 3, "c")).await, Spent::Not(row().await));
    assert_eq!(
        spend(spending(3_600, 1, "c")).await,
        Spent::Not(row().await)
    );
    let next = rate(3_600, 4, "c");
    let before = rate(0, 2, "b");
    assert!(
        store
            .open_window(&mine, RUNS, Some(&before), &next)
            .await
            .unwrap()
    );
    assert!(
        !store
            .open_window(&mine, RUNS, Some(&before), &next)
            .await
            .unwrap()
    );
    assert_eq!(spend(spending(0, 1, "d")).await, Spent::Not(row().await));
    assert_eq!(row().await.rates[&RUNS], next);
    // Other rates and other tenants have their own.
    let exports = spending(3_600, 1, "e");
    let other = store
        .spend(&mine, Limit::ExportsPerDay, &exports)
        .await
        .unwrap();
    assert_eq!(other, Spent::Not(row().await));
    assert_eq!(
        store.allowance(&theirs).await.unwrap(),
        StoredAllowance::default()
    );
}

pub(super) async fn of_many_at_once_as_many_are_served_as_there_is_left(world: &World) {
    let (mine, store) = (tenant("rate-b"), &world.store);
    let opens = (0..5).map(|n| {
        let (store, mine) = (store.clone(), mine.clone());
        async move {
            let rate = rate(0, 7, &format!("open-{n}"));
            store.open_window(&mine, RUNS, None, &rate).await.unwrap()
        }
    });
    let opened = join_all(opens).await;
    assert_eq!(opened.into_iter().filter(|opened| *opened).count(), 1);
    let spends = (0..20).map(|n| {
        let (store, mine) = (store.clone(), mine.clone());
        async move {
            let id = format!("spend-{n}");
            let what = spending(0, 1, &id);
            store.spend(&mine, RUNS, &what).await.unwrap() == Spent::Taken
        }
    });
    let spent = join_all(spends).await;
    assert_eq!(spent.into_iter().filter(|spent| *spent).count(), 7);
    let puts = (0..5).map(|n| {
        let (store, mine) = (store.clone(), mine.clone());
        async move {
            let id = format!("slice-{n}");
            let after = places([(&id, 60)]);
            let none = Places::default();
            store
                .put_places(&mine, Limit::Slices, &none, &after)
                .await
                .unwrap()
        }
    });
    let put = join_all(puts).await;
    assert_eq!(put.into_iter().filter(|put| *put).count(), 1);
}

pub(super) async fn places_come_after_those_that_were_seen(world: &World) {
    let (mine, store) = (tenant("places-a"), &world.store);
    let (none, one) = (Places::default(), places([("s1", 60)]));
    let two = places([("s1", 60), ("s2", 90)]);
    let put = async |before: &Places, after: &Places| {
        store
            .put_places(&mine, Limit::Slices, before, after)
            .await
            .unwrap()
    };
    assert!(!put(&one, &two).await, "nobody has a place yet");
    assert!(put(&none, &one).await && !put(&none, &two).await);
    assert!(put(&one, &two).await && put(&two, &none).await);
    assert!(put(&none, &one).await, "all were given back");
    let stored = store.allowance(&mine).await.unwrap();
    assert_eq!(stored.places, BTreeMap::from([(Limit::Slices, one)]));
}

pub(super) async fn a_tenants_own_numbers_come_in_place_of_the_last_and_begin_its_windows_anew(
    world: &World,
) {
    let (mine, store) = (tenant("own-a"), &world.store);
    let open = rate(0, 5, "a");
    assert!(store.open_window(&mine, RUNS, None, &open).await.unwrap());
    let held = places([("s1", 60)]);
    let none = Places::default();
    assert!(
        store
            .put_places(&mine, Limit::Slices, &none, &held)
            .await
            .unwrap()
    );
    for own in [
        Allowance(BTreeMap::from([(RUNS, 3), (Limit::Slices, 2)])),
        Allowance(BTreeMap::from([(Limit::Integrations, 0)])),
    ] {
        // A write with a lost answer is repeated.
        store.set_allowance(&mine, &own).await.unwrap();
        store.set_allowance(&mine, &own).await.unwrap();
        let stored = store.allowance(&mine).await.unwrap();
        assert_eq!((stored.own, stored.rates), (own, BTreeMap::new()));
        assert_eq!(stored.places[&Limit::Slices], held);
    }
    assert!(store.open_window(&mine, RUNS, None, &open).await.unwrap());
}
