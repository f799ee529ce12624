//! The legal basis beside the record is stored once, and never at the expense of the record.

use domain::{
    create::{CreateOutcome, Noted, Request},
    ports::BasisOf,
    record::Object::{Account, Contact, Task},
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use proptest::prelude::*;
use serde_json::json;

use super::{
    anna,
    broken::{step, told},
    one, wanted, werk,
};
use crate::world::{HOUR, World};

/// An organisation with a place for bases, and with an assessment of Anna.
async fn world() -> World {
    let world = World::new(Ordered, 5).await;
    world.crm.have_bases();
    world.assess("anna@werk1.example").await;
    world
}

fn noted(outcome: &CreateOutcome) -> Option<Noted> {
    match outcome {
        CreateOutcome::Created { basis, .. } => *basis,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn only_the_basis_of_the_records_own_person_is_stored_beside_it() {
    let world = world().await;
    let outcome = world.outcome("key-1", &anna()).await;
    assert_eq!(noted(&outcome), Some(Noted::Written));
    let CreateOutcome::Created {
        id, in_copy: true, ..
    } = &outcome
    else {
        panic!("{outcome:?}");
    };
    let bases = world.crm.bases();
    let [BasisOf { object, id: of, by }] = bases.as_slice() else {
        panic!("{bases:?}");
    };
    assert_eq!((*object, of, by.basis()), (Contact, id, "contract"));
    assert_eq!(
        noted(&world.outcome("key-1", &anna()).await),
        Some(Noted::Written)
    );
    assert_eq!(world.crm.bases().len(), 1);

    assert_eq!(noted(&world.outcome("key-2", &werk()).await), None);
    // A task is not a person. The person whom it names needs a clearance, but the task gets no basis.
    let call = one(Task, json!({"Name": "call", "Who": id.as_str()}));
    assert_eq!(noted(&world.outcome("key-3", &call).await), None);
    assert_eq!(world.crm.bases().len(), 1);
}

#[tokio::test]
async fn without_a_place_for_bases_nothing_is_sent_and_the_answer_says_so() {
    let world = World::new(Ordered, 5).await;
    world.assess("anna@werk1.example").await;
    assert_eq!(
        noted(&world.outcome("key-1", &anna()).await),
        Some(Noted::NoPlace)
    );
    assert_eq!(world.crm.calls("note_bases"), 0);
    // For a record that names no person, the rules do not even ask for the place.
    let asked = world.crm.calls("has_bases");
    world.outcome("key-2", &werk()).await;
    assert_eq!(world.crm.calls("has_bases"), asked);
}

#[tokio::test]
async fn each_person_of_a_batch_gets_a_basis() {
    let world = world().await;
    for n in 0..30 {
        world.assess(&format!("person{n}@werk1.example")).await;
    }
    let person = |n: usize| {
        let email = format!("person{n}@werk1.example");
        wanted(
            Contact,
            &json!({"Name": format!("Person {n}"), "Email": email}),
        )
    };
    let mut items: Vec<_> = (0..30).map(person).collect();
    items.push(werk().items.remove(0));
    let request = Request {
        items,
        allow_duplicate: false,
    };
    let answer = world.create("key-1", &request).await.unwrap();
    let (people, account) = answer.items.split_at(30);
    assert!(people.iter().all(|one| noted(one) == Some(Noted::Written)));
    assert_eq!(noted(&account[0]), None);
    let mut ids: Vec<_> = world.crm.bases().into_iter().map(|of| of.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), world.crm.bases().len()), (30, 30));
    assert_eq!(world.n_in_crm(Account), 1);
}

async fn broken_at(n: u64, mode: Mode, seen: &mut Vec<&'static str>) -> bool {
    let world = world().await;
    let faults = Faults::at(n, mode);
    let told = told(&world, &anna(), Contact, &faults).await;
    let Some(broke) = faults.broke() else {
        return false;
    };
    let last = told.last().unwrap().as_ref().unwrap().as_ref().unwrap();
    let case = format!("{broke} {mode:?}: {told:?}");
    assert_eq!(noted(&last.items[0]), Some(Noted::Written), "{case}");
    assert_eq!(world.crm.bases().len(), 1, "{case}");
    assert_eq!(world.n_in_crm(Contact), 1, "{case}");
    if let Some(Some(Ok(first))) = told.first()
        && broke.ends_with("_bases")
    {
        assert!(
            matches!(first.items[0], CreateOutcome::Created { in_copy: true, .. }),
            "{case}"
        );
    }
    seen.push(broke);
    true
}

#[tokio::test]
async fn whatever_call_breaks_there_is_one_record_and_one_basis_in_the_end() {
    let mut seen = Vec::new();
    for mode in Mode::ALL {
        let mut n = 1;
        while broken_at(n, mode, &mut seen).await {
            n += 1;
        }
    }
    for call in ["has_bases", "note_bases", "conclude", "create_records"] {
        assert!(seen.contains(&call), "{call} was never broken: {seen:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_number_of_broken_callers_store_at_most_one_basis(
        steps in prop::collection::vec(step(), 1..6)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async move {
            let world = world().await;
            for (n, (at, mode, wait)) in steps.into_iter().enumerate() {
                let faults = Faults::at(at, mode);
                let _ = world.creates("key-1", &anna(), &format!("holder-{n}"), &faults).await;
                assert!(world.crm.bases().len() <= 1 && world.n_in_crm(Contact) <= 1);
                world.pass(jiff::SignedDuration::from_secs(wait));
            }
            for _ in 0..3 {
                world.pass(HOUR);
                let _ = world.create("key-1", &anna()).await;
            }
            let last = world.outcome("key-1", &anna()).await;
            assert_eq!(noted(&last), Some(Noted::Written), "{last:?}");
            assert_eq!((world.crm.bases().len(), world.n_in_crm(Contact)), (1, 1));
        });
    }
}
