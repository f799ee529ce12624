//! Every call of every port breaks in turn. There is one record in the end, and no caller is told otherwise.

use domain::{
    create::{Answer, CreateOutcome, Request},
    fault::{Fault, Outcome},
    record::Object::{self, Account, Contact},
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use jiff::SignedDuration;
use proptest::prelude::*;

use super::{anna, werk};
use crate::world::{HOUR, MINUTE, World, id, write};

/// The outcomes of successive callers, until one is told that the record is created.
pub(super) async fn told(
    world: &World,
    request: &Request,
    object: Object,
    faults: &Faults,
) -> Vec<Option<Outcome<Answer>>> {
    let mut told = Vec::new();
    for (n, wait) in [SignedDuration::ZERO, MINUTE, MINUTE, HOUR, HOUR]
        .into_iter()
        .enumerate()
    {
        world.pass(wait);
        let holder = format!("holder-{n}");
        let none = Faults::none();
        let faults = if n == 0 { faults } else { &none };
        let answer = world.creates("key-1", request, &holder, faults).await;
        assert!(
            world.n_in_crm(object) <= 1,
            "a second record after {told:?}"
        );
        if let Some(Ok(answer)) = &answer
            && let CreateOutcome::Created { id, .. } = &answer.items[0]
        {
            assert!(
                world.crm.records(object).contains_key(id),
                "{id} is not there"
            );
        }
        told.push(answer);
    }
    told
}

async fn broken_at(n: u64, mode: Mode, external: bool, request: &Request, object: Object) -> bool {
    let world = World::new(Ordered, 5).await;
    world.crm.keep_external_ids(external);
    write(&world.crm, Account, 5, "there before");
    world.crm.delete(Account, &id(5));
    world.assess("anna@werk1.example").await;
    let faults = Faults::at(n, mode);
    let told = told(&world, request, object, &faults).await;
    let Some(broke) = faults.broke() else {
        return false;
    };
    let last = told.last().unwrap().as_ref().unwrap();
    assert!(
        matches!(&last, Ok(answer) if matches!(answer.items[0], CreateOutcome::Created { .. })),
        "{broke} {mode:?}: {told:?}"
    );
    assert_eq!(world.n_in_crm(object), 1, "{broke} {mode:?}: {told:?}");
    true
}

#[tokio::test]
async fn whatever_call_breaks_one_record_exists_in_the_end_and_nobody_is_told_otherwise() {
    for (request, object) in [(werk(), Account), (anna(), Contact)] {
        for external in [false, true] {
            for mode in Mode::ALL {
                let mut n = 1;
                while broken_at(n, mode, external, &request, object).await {
                    n += 1;
                }
                assert!(n > 10, "{n} calls only");
            }
        }
    }
}

#[tokio::test]
async fn a_lost_answer_leads_to_a_lookup_and_an_open_outcome_is_called_unknown() {
    let world = World::new(Ordered, 5).await;
    // Counting finds the call that sends.
    let calm = Faults::none();
    let counting = World::new(Ordered, 5).await;
    counting
        .creates("key-1", &werk(), "a", &calm)
        .await
        .unwrap()
        .unwrap();
    let mut seen = (false, false);
    for n in 1..=calm.n_calls() {
        for mode in [Mode::FailsBefore, Mode::LosesReply] {
            let world = World::new(Ordered, 5).await;
            let faults = Faults::at(n, mode);
            let first = world.creates("key-1", &werk(), "a", &faults).await.unwrap();
            if faults.broke() != Some("create_records") {
                continue;
            }
            let outcome = first.unwrap().items.remove(0);
            if mode == Mode::LosesReply {
                assert!(
                    matches!(outcome, CreateOutcome::Created { .. }),
                    "{outcome:?}"
                );
                seen.0 = true;
            } else {
                assert_eq!(outcome, CreateOutcome::Unknown);
                world.pass(MINUTE);
                assert_eq!(
                    world.outcome("key-1", &werk()).await,
                    CreateOutcome::Unknown
                );
                assert_eq!(world.n_in_crm(Account), 0);
                world.pass(HOUR);
                let outcome = world.outcome("key-1", &werk()).await;
                assert!(
                    matches!(outcome, CreateOutcome::Created { .. }),
                    "{outcome:?}"
                );
                seen.1 = true;
            }
        }
    }
    assert_eq!(seen, (true, true));
    drop(world);
}

pub(super) fn step() -> impl Strategy<Value = (u64, Mode, i64)> {
    (
        1..40_u64,
        prop::sample::select(Mode::ALL.to_vec()),
        0..2_000_i64,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_number_of_broken_callers_make_at_most_one_record(
        steps in prop::collection::vec(step(), 1..6), external in any::<bool>()
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async move {
            let world = World::new(Ordered, 5).await;
            world.crm.keep_external_ids(external);
            world.assess("anna@werk1.example").await;
            let mut told: Vec<Result<CreateOutcome, Fault>> = Vec::new();
            for (n, (at, mode, wait)) in steps.into_iter().enumerate() {
                let holder = format!("holder-{n}");
                let answer = world.creates("key-1", &anna(), &holder, &Faults::at(at, mode)).await;
                if let Some(answer) = answer {
                    told.push(answer.map(|mut answer| answer.items.remove(0)));
                }
                assert!(world.n_in_crm(Contact) <= 1, "{told:?}");
                world.pass(SignedDuration::from_secs(wait));
            }
            let created = told.iter().any(|one| matches!(one, Ok(CreateOutcome::Created { .. })));
            assert!(!created || world.n_in_crm(Contact) == 1, "{told:?}");
            for wait in [HOUR, HOUR] {
                world.pass(wait);
                told.push(world.create("key-1", &anna()).await.map(|mut answer| answer.items.remove(0)));
            }
            assert!(matches!(told.last(), Some(Ok(CreateOutcome::Created { .. }))), "{told:?}");
            assert_eq!(world.n_in_crm(Contact), 1, "{told:?}");
        });
    }
}
