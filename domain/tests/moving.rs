//! A comparison of parents is broken anywhere, and what depends on a moved parent.

use std::collections::BTreeSet;

use domain::{
    legal::{Objection, Person},
    progress::{Cursor, Verdict},
    record::Object::Contact,
    subject_requests,
};
use infra::memory::{Faults, Mode, Pages::Ordered};

use crate::{
    parents::{children, copied, linked, linked_by, parents},
    world::{DAY, HOUR, Shared, World, id, of, verdict},
};

/// The contact who counts as erased once she belongs to the second account.
const ERIKA: usize = 7;

/// Her namesake at the second account was erased, and then she came to the copy with the first account as her parent.
async fn namesake_erased(shared: &Shared) -> World {
    let mut world = linked(shared, Ordered, true, 7).await;
    world.settings.compare_ids_up_to = 20;
    world.run().await;
    let person = Person {
        name: Some("Erika Muster".to_owned()),
        company: Some("Werk 1 GmbH".to_owned()),
        ..Person::default()
    };
    let noted = Objection {
        person: &person,
        at: world.now(),
        by: "user-1",
        reference: None,
    };
    let (store, keys) = (&*world.ports.store, &*world.ports.keys);
    let tenant = &world.scope.tenant;
    let told = subject_requests::erase(store, keys, tenant, noted, false, None).await;
    assert!(told.unwrap().erased.is_empty());
    // Only the parent tells her company. With this field, her name is not taken for it.
    let fields = [("Name", "Erika Muster"), ("Parent", "associated")];
    world.crm.put(Contact, &id(ERIKA), &fields);
    world.crm.associate(Contact, &id(ERIKA), &[id(0)]);
    let report = world.next_run().await;
    assert_eq!(of(&report, Contact).withheld, 0);
    assert!(world.copied(Contact).await.contains_key(&id(ERIKA)));
    world
}

#[tokio::test]
async fn a_person_who_moves_to_the_company_of_an_erasure_leaves_the_copy_in_the_same_run() {
    let world = namesake_erased(&Shared::new().await).await;
    world.crm.associate(Contact, &id(ERIKA), &[id(1)]);
    let report = world.next_run().await;
    let contact = of(&report, Contact);
    assert_eq!(verdict(&report, Contact), Verdict::Verified);
    assert_eq!((contact.withheld, contact.by_order), (1, 1));
    assert_eq!(contact.parents.unwrap().moved, 1);
    assert!(!world.copied(Contact).await.contains_key(&id(ERIKA)));
}

#[tokio::test]
async fn a_person_who_moves_to_the_company_of_an_erasure_leaves_the_copy_wherever_the_run_breaks() {
    let shared = Shared::new().await;
    let told = async |faults: Faults| {
        let world = namesake_erased(&shared).await;
        world.crm.associate(Contact, &id(ERIKA), &[id(1)]);
        world.pass(DAY);
        let due = world.begin().await;
        world.finish(due, faults).await;
        world.copied(Contact).await.contains_key(&id(ERIKA))
    };
    let calm = Faults::none();
    assert!(!told(calm.clone()).await);
    for mode in Mode::ALL {
        for n in 1..=calm.n_calls() {
            let faults = Faults::at(n, mode);
            let is_there = told(faults.clone()).await;
            assert!(!is_there, "{mode:?} {n} {:?}", faults.broke());
        }
    }
}

/// Fifteen contacts, all of which have moved to the second account since the last run.
async fn all_moved(shared: &Shared, at_most: usize) -> World {
    let world = linked_by(shared, Ordered, (at_most, true), 15).await;
    world.run().await;
    for child in 0..15 {
        world.crm.associate(Contact, &id(child), &[id(1)]);
    }
    world.pass(DAY);
    world
}

/// Kills a run at each of its calls, and asserts that every parent has moved in the end. Returns how many requests for parents there were
/// before and after the kill.
async fn killed_anywhere(at_most: usize) -> BTreeSet<(u64, u64)> {
    let shared = Shared::new().await;
    let calm = Faults::none();
    let world = all_moved(&shared, at_most).await;
    world.finish(world.begin().await, calm.clone()).await;
    let mut asked = BTreeSet::new();
    for n in 1..=calm.n_calls() {
        let world = all_moved(&shared, at_most).await;
        let due = world.begin().await;
        let before = world.crm.calls("parents");
        let faults = Faults::at(n, Mode::KilledAfter);
        assert!(world.slice(&due, &faults).await.is_none());
        let killed = world.crm.calls("parents");
        world.wait(HOUR);
        world.finish(due, Faults::none()).await;
        let after = world.crm.calls("parents");
        asked.insert((killed - before, after - killed));
        let n_moved = children(&world, &id(1)).await.len();
        assert_eq!(n_moved, 15, "{n} {:?}", faults.broke());
    }
    asked
}

#[tokio::test]
async fn a_killed_comparison_moves_every_parent_and_repeats_only_what_its_checkpoint_lacks() {
    // The store lists four ids at a time, so that pages leave records over.
    let asked = killed_anywhere(3).await;
    let (accounts, before_any) = ([(0, 6), (1, 6), (1, 5)], [(2, 5), (3, 5)]);
    // The second page leaves two of its records over, and the third page leaves none.
    let (second, third, last) = ([(3, 4), (4, 4), (5, 4)], [(5, 1), (6, 1)], [(6, 0)]);
    let steps: [&[_]; 5] = [&accounts, &before_any, &second, &third, &last];
    assert_eq!(asked, steps.concat().into_iter().collect());
    // Three pages before the first request, which leaves two records over.
    let asked = killed_anywhere(10).await;
    let (accounts, before_any) = ([(0, 3), (1, 3), (1, 2)], [(2, 2)]);
    let (third, last) = ([(2, 1), (3, 1)], [(3, 0)]);
    let steps: [&[_]; 4] = [&accounts, &before_any, &third, &last];
    assert_eq!(asked, steps.concat().into_iter().collect());
}

#[tokio::test]
async fn a_first_reading_compares_no_parents_because_it_has_just_read_them() {
    for on_pages in [false, true] {
        let mut world = linked(&Shared::new().await, Ordered, on_pages, 7).await;
        let report = world.run().await;
        assert_eq!(of(&report, Contact).parents, None);
        let n_asked = world.crm.calls("parents");
        // Pages of four: three accounts, four contacts, three contacts, of which each needs a request.
        assert_eq!(n_asked, if on_pages { 0 } else { 4 });
        // Nor is the comparison due again before a week is over.
        world.settings.compare_ids_up_to = 0;
        let report = world.next_run().await;
        assert_eq!(of(&report, Contact).parents, None);
        assert_eq!(world.crm.calls("parents"), n_asked);
    }
}

#[tokio::test]
async fn a_response_with_too_few_parents_fails_the_object_and_changes_no_parent() {
    let world = copied(7).await;
    let before = parents(&world, Contact).await;
    world.crm.associate(Contact, &id(0), &[id(1)]);
    world.crm.cut_parents(true);
    let report = world.next_run().await;
    let failed = Verdict::Failed("crm.parents_incomplete".to_owned());
    assert_eq!(verdict(&report, Contact), failed);
    assert_eq!(parents(&world, Contact).await, before);
    world.crm.cut_parents(false);
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Contact), Verdict::Verified);
    assert_eq!(children(&world, &id(1)).await, [id(0)]);
}

#[test]
fn a_check_for_erased_people_that_is_asked_for_begins_at_the_first_record() {
    let mut withholding = Cursor::start().withholding;
    assert!(withholding.is_asked());
    withholding.held_against("one".to_owned());
    withholding.reached("two", Some(("id-0003".to_owned(), 4)));
    withholding.ask_again();
    assert!(withholding.is_asked());
    assert_eq!(withholding.pass("two"), None);
}

#[test]
fn a_check_for_erased_people_that_began_before_another_erasure_begins_again() {
    let mut withholding = Cursor::start().withholding;
    withholding.reached("one", Some(("id-0003".to_owned(), 4)));
    assert_eq!(withholding.pass("one"), Some(("id-0003".to_owned(), 4)));
    assert_eq!(withholding.pass("one and two"), None);
    withholding.reached("one and two", Some(("id-0001".to_owned(), 1)));
    assert_eq!(withholding.pass("one"), None);
    // One of the previous release did not say what it checked for.
    let mut old = serde_json::to_value(Cursor::start()).unwrap();
    old["withholding"] = serde_json::json!(["id-0003", 4]);
    let old: Cursor = serde_json::from_value(old).unwrap();
    assert_eq!(old.withholding.position().unwrap().1, 4);
    assert_eq!(old.withholding.pass(""), None);
}
