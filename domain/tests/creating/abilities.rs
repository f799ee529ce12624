//! CRMs that can less when records are created, or can it in another way.

use domain::{
    create::{CreateOutcome, Noted, Verdict},
    fault::Code,
    ports::{BasisPlace, FieldProblem, Rehearsing},
    record::{
        Object::{Account, Contact},
        RecordId,
    },
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use jiff::SignedDuration;
use serde_json::json;

use super::{anna, batches::sends_at, broken::told, companies::previewed, one, werk};
use crate::world::{HOUR, World, id};

#[tokio::test]
async fn whatever_call_breaks_a_record_with_a_chosen_id_is_there_once() {
    for mode in Mode::ALL {
        for n in 1.. {
            let world = World::new(Ordered, 5).await;
            world.crm.choose_ids();
            let faults = Faults::at(n, mode);
            let told = told(&world, &werk(), Account, &faults).await;
            let Some(broke) = faults.broke() else {
                assert!(n > 10, "{n} calls only");
                break;
            };
            let last = told.last().unwrap().as_ref().unwrap().as_ref().unwrap();
            let is_made = matches!(last.items[0], CreateOutcome::Created { .. });
            assert!(is_made, "{broke} {mode:?}: {told:?}");
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_by_the_id_that_was_chosen_before_sending() {
    let world = World::new(Ordered, 5).await;
    world.crm.choose_ids();
    let killed = Faults::at(sends_at(&werk()).await, Mode::KilledAfter);
    assert!(
        world
            .creates("key-1", &werk(), "a", &killed)
            .await
            .is_none()
    );
    let made: Vec<RecordId> = world.crm.records(Account).into_keys().collect();
    assert_eq!(made[0].as_str().len(), 36, "a UUID: {made:?}");
    // Another program makes one with the very same fields at the very same time.
    let same = [
        ("Name", "Werk 1 GmbH"),
        ("Website", "https://werk1.example"),
    ];
    world.crm.put(Account, &id(9), &same);
    world.pass(HOUR);
    let CreateOutcome::Created { id: found, .. } = world.outcome("key-1", &werk()).await else {
        panic!("its id tells it from the other");
    };
    assert_eq!(found, made[0]);
    assert_eq!(world.n_in_crm(Account), 2);
}

const LAG: SignedDuration = SignedDuration::from_hours(2);

#[tokio::test]
async fn until_an_index_has_caught_up_a_lookup_that_finds_nothing_proves_nothing() {
    let sent = sends_at(&werk()).await;
    for (mode, n_made) in [(Mode::KilledBefore, 0), (Mode::KilledAfter, 1)] {
        let world = World::new(Ordered, 5).await;
        world.crm.lag_index(LAG);
        let killed = Faults::at(sent, mode);
        assert!(
            world
                .creates("key-1", &werk(), "a", &killed)
                .await
                .is_none()
        );
        // The request cannot take effect any more, and the index may still miss what it made.
        world.pass(HOUR);
        let outcome = world.outcome("key-1", &werk()).await;
        assert_eq!(outcome, CreateOutcome::Unknown, "{mode:?}");
        assert_eq!(world.n_in_crm(Account), n_made);
        world.pass(LAG);
        let outcome = world.outcome("key-1", &werk()).await;
        assert!(
            matches!(outcome, CreateOutcome::Created { .. }),
            "{outcome:?}"
        );
        assert_eq!(world.n_in_crm(Account), 1, "{mode:?}");
    }
}

#[tokio::test]
async fn a_lookup_that_reads_the_records_themselves_waits_for_no_index() {
    let sent = sends_at(&werk()).await;
    for chooses in [true, false] {
        for mode in [Mode::KilledBefore, Mode::KilledAfter] {
            let world = World::new(Ordered, 5).await;
            world.crm.lag_index(LAG);
            match chooses {
                true => world.crm.choose_ids(),
                false => world.crm.keep_external_ids(true),
            }
            let killed = Faults::at(sent, mode);
            let first = world.creates("key-1", &werk(), "a", &killed).await;
            assert!(first.is_none());
            // The request cannot take effect any more. The index will not have caught up for another hour.
            world.pass(HOUR);
            let outcome = world.outcome("key-1", &werk()).await;
            assert!(
                matches!(outcome, CreateOutcome::Created { .. }),
                "{outcome:?}"
            );
            assert_eq!(world.n_in_crm(Account), 1, "{mode:?}");
        }
    }
}

#[tokio::test]
async fn a_record_that_was_sent_without_an_external_id_is_not_looked_up_by_one() {
    let sent = sends_at(&werk()).await;
    let world = World::new(Ordered, 5).await;
    world.crm.keep_external_ids(false);
    let killed = Faults::at(sent, Mode::KilledAfter);
    let first = world.creates("key-1", &werk(), "a", &killed).await;
    assert!(first.is_none());
    // The organisation adds a field for external ids.
    world.crm.keep_external_ids(true);
    world.pass(HOUR);
    let outcome = world.outcome("key-1", &werk()).await;
    assert!(
        matches!(outcome, CreateOutcome::Created { .. }),
        "{outcome:?}"
    );
    assert_eq!(world.n_in_crm(Account), 1);
}

#[tokio::test]
async fn a_crm_that_keeps_no_basis_beside_records_is_not_asked_for_a_place() {
    for place in [BasisPlace::Nowhere, BasisPlace::InRecord] {
        let world = World::new(Ordered, 5).await;
        world.crm.have_bases();
        world.crm.keep_bases(place);
        world.assess("anna@werk1.example").await;
        let CreateOutcome::Created { basis, .. } = world.outcome("key-1", &anna()).await else {
            panic!("she is cleared");
        };
        assert_eq!(basis, Some(Noted::NoPlace));
        assert_eq!(
            world.crm.calls("has_bases") + world.crm.calls("note_bases"),
            0
        );
        assert_eq!(world.n_in_crm(Contact), 1);
    }
}

#[tokio::test]
async fn fields_may_be_lists_where_the_crm_takes_them_and_are_refused_by_name_elsewhere() {
    let lines = || {
        one(
            Account,
            json!({"Name": "Werk 1 GmbH", "Lines": [{"a": 1.50}, 2]}),
        )
    };
    let world = World::new(Ordered, 5).await;
    let refused = world.create("key-1", &lines()).await.unwrap_err();
    assert_eq!(*refused.code(), Code::CreateNested);
    assert_eq!(refused.field(), Some("/records/0/fields/Lines"));
    assert_eq!(world.crm.calls("check"), 0);

    world.crm.take_nested();
    let made = world.outcome("key-1", &lines()).await;
    let CreateOutcome::Created { id, .. } = made else {
        panic!("{made:?}");
    };
    let (text, _) = &world.crm.records(Account)[&id];
    assert!(text.contains(r#""Lines":[{"a":1.5},2]"#), "{text}");
    // The connector says which fields take them.
    let city = one(Account, json!({"Name": "Werk 2 GmbH", "City": ["x"]}));
    let CreateOutcome::Unfit { refused, .. } = world.outcome("key-2", &city).await else {
        panic!("a city is no list");
    };
    assert_eq!(refused[0].problem, FieldProblem::WrongType);
}

#[tokio::test]
async fn a_crm_without_rules_about_duplicates_is_not_asked_what_they_say() {
    let world = World::new(Ordered, 5).await;
    world.crm.judge_no_duplicates();
    world.outcome("key-1", &werk()).await;
    let again = world.outcome("key-2", &werk()).await;
    assert!(
        matches!(again, CreateOutcome::Duplicate { .. }),
        "{again:?}"
    );
    assert_eq!(world.crm.calls("rehearse"), 0);
}

#[tokio::test]
async fn a_crm_that_knows_unique_values_only_says_of_a_duplicate_and_of_nothing_else() {
    let world = World::new(Ordered, 5).await;
    world.crm.rehearse(Rehearsing::UniqueValues);
    world.crm.refuse_duplicates(true);
    world.assess("anna@werk1.example").await;
    let seen = previewed(&world, &anna()).await;
    let told = (seen.crm, seen.would_create);
    assert_eq!(told, (Some(Verdict::NoDuplicate), true));
    // Another user makes her, and no run has brought her yet.
    let fields = [("Name", "A. Muster"), ("Email", "anna@werk1.example")];
    world.crm.put(Contact, &id(3), &fields);
    let seen = previewed(&world, &anna()).await;
    let is_there = |verdict: &Option<Verdict>| matches!(verdict, Some(Verdict::Duplicate { of, .. }) if of[..] == [id(3)]);
    assert!(is_there(&seen.crm) && !seen.would_create, "{seen:?}");
    // An account has no unique value.
    let seen = previewed(&world, &werk()).await;
    let unknown = Verdict::Unknown {
        code: "crm.nothing_unique".to_owned(),
    };
    assert_eq!((seen.crm, seen.would_create), (Some(unknown), false));
}
