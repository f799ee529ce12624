//! Interchangeable drafts: several records of one request that are equal in every field. Each is made once, whichever answers are
//! lost. The number of records that the CRM made tells how many are still to be made.

use std::collections::BTreeSet;

use domain::{
    create::{Answer, CreateOutcome, Request},
    record::Object::Account,
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::json;

use super::{broken::step, wanted};
use crate::world::{HOUR, MINUTE, World};

/// Three interchangeable branches, and a different one.
fn branches() -> Request {
    let names = ["Kette", "Kette", "Einzeln", "Kette"];
    let branch = |name: &str| wanted(Account, &json!({"Name": format!("{name} GmbH")}));
    Request {
        items: names.map(branch).into(),
        allow_duplicate: false,
    }
}

const N: usize = 4;

/// The ids in an answer. Each is in the CRM, and none appears twice.
fn told(world: &World, answer: &Answer) -> usize {
    let there = world.crm.records(Account);
    let mut ids = BTreeSet::new();
    for outcome in &answer.items {
        if let CreateOutcome::Created { id, .. } = outcome {
            assert!(there.contains_key(id), "{id} is not there");
            assert!(ids.insert(id.clone()), "{id} is told twice: {answer:?}");
        }
    }
    ids.len()
}

async fn broken_at(n: u64, mode: Mode, external: bool, made: Option<usize>) -> bool {
    let world = World::new(Ordered, 5).await;
    world.crm.keep_external_ids(external);
    if let Some(made) = made {
        world.crm.make_only(made);
    }
    let faults = Faults::at(n, mode);
    let none = Faults::none();
    let mut last = 0;
    for (n, wait) in [SignedDuration::ZERO, MINUTE, MINUTE, HOUR, HOUR, HOUR]
        .into_iter()
        .enumerate()
    {
        world.pass(wait);
        let faults = if n == 0 { &faults } else { &none };
        let answer = world
            .creates("key-1", &branches(), &format!("holder-{n}"), faults)
            .await;
        assert!(world.n_in_crm(Account) <= N, "one too many: {answer:?}");
        if let Some(Ok(answer)) = answer {
            let n_told = told(&world, &answer);
            assert!(n_told >= last, "{answer:?}");
            last = n_told;
        }
    }
    if faults.broke().is_none() {
        return false;
    }
    let broke = (faults.broke(), mode, external, made);
    assert_eq!((last, world.n_in_crm(Account)), (N, N), "{broke:?}");
    true
}

#[tokio::test]
async fn whatever_call_breaks_and_however_many_were_made_each_exists_once_and_is_reported_once() {
    for external in [false, true] {
        for made in [None, Some(0), Some(1), Some(2), Some(3)] {
            for mode in Mode::ALL {
                let mut n = 1;
                while broken_at(n, mode, external, made).await {
                    n += 1;
                }
                assert!(n > 9, "{n} calls only");
            }
        }
    }
}

#[tokio::test]
async fn after_a_lost_answer_all_made_records_are_found_at_once() {
    let (mut seen, mut n) = (false, 1);
    while !seen {
        let world = World::new(Ordered, 5).await;
        let faults = Faults::at(n, Mode::LosesReply);
        let answer = world
            .creates("key-1", &branches(), "a", &faults)
            .await
            .unwrap();
        if faults.broke() == Some("create_records") {
            assert_eq!(told(&world, &answer.unwrap()), N);
            seen = true;
        }
        n += 1;
    }
}

#[tokio::test]
async fn a_surplus_record_is_somebody_elses_and_the_outcome_is_unknown() {
    let mut n = 1;
    loop {
        let world = World::new(Ordered, 5).await;
        // Another program of the same user makes an equal record in the same minute.
        let name = [("Name", "Kette GmbH")];
        world.crm.put(Account, &crate::world::id(5), &name);
        let faults = Faults::at(n, Mode::LosesReply);
        let answer = world.creates("key-1", &branches(), "a", &faults).await;
        if faults.broke() == Some("create_records") {
            assert_eq!(
                told(&world, &answer.unwrap().unwrap()),
                1,
                "the one that is not alike"
            );
            world.pass(HOUR);
            let answer = world.create("key-1", &branches()).await.unwrap();
            assert_eq!(told(&world, &answer), 1);
            assert_eq!(answer.items[0], CreateOutcome::Unknown);
            assert_eq!(world.n_in_crm(Account), N + 1, "nothing is sent again");
            return;
        }
        n += 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_number_of_broken_callers_make_each_at_most_once(
        steps in prop::collection::vec((step(), prop::option::of(0..=N)), 1..6), external in any::<bool>()
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async move {
            let world = World::new(Ordered, 5).await;
            world.crm.keep_external_ids(external);
            for (n, ((at, mode, wait), made)) in steps.into_iter().enumerate() {
                if let Some(made) = made {
                    world.crm.make_only(made);
                }
                let faults = Faults::at(at, mode);
                let answer = world.creates("key-1", &branches(), &format!("holder-{n}"), &faults).await;
                assert!(world.n_in_crm(Account) <= N, "{answer:?}");
                if let Some(Ok(answer)) = answer {
                    told(&world, &answer);
                }
                world.pass(SignedDuration::from_secs(wait));
            }
            for _ in 0..3 {
                world.pass(HOUR);
                let answer = world.create("key-1", &branches()).await.unwrap();
                told(&world, &answer);
            }
            let answer = world.create("key-1", &branches()).await.unwrap();
            assert_eq!((told(&world, &answer), world.n_in_crm(Account)), (N, N));
        });
    }

    #[test]
    fn equal_requests_never_make_more_than_all_of_them_asked_for_and_share_no_record(
        steps in prop::collection::vec((0..2_usize, step(), prop::option::of(0..=N)), 1..8)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async move {
            let world = World::new(Ordered, 5).await;
            let keys = ["key-1", "key-2"];
            for (n, (of, (at, mode, wait), made)) in steps.into_iter().enumerate() {
                if let Some(made) = made {
                    world.crm.make_only(made);
                }
                let faults = Faults::at(at, mode);
                world.creates(keys[of], &branches(), &format!("holder-{n}"), &faults).await;
                assert!(world.n_in_crm(Account) <= 2 * N);
                world.pass(SignedDuration::from_secs(wait));
            }
            let mut both = Vec::new();
            for _ in 0..2 {
                both.clear();
                for key in keys {
                    world.pass(HOUR);
                    both.extend(world.create(key, &branches()).await.unwrap().items);
                }
            }
            let all = Answer { items: both, learned: Vec::new(), orders: Vec::new() };
            assert!(told(&world, &all) <= world.n_in_crm(Account));
            assert!(world.n_in_crm(Account) <= 2 * N);
        });
    }
}
