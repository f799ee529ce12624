//! What belonged to a merged or deleted record has its new parent after the same run, although no time stamp moved and no comparison
//! of all parents is due.

use domain::{
    ports::Runs,
    progress::Verdict,
    record::{
        Object::{self, Account, Contact, Task},
        RecordId,
    },
};
use infra::memory::{
    Faults, Mode,
    Pages::{self, Ordered, Tracked, Unordered},
};

use crate::{
    parents::{children, linked_by, parents},
    world::{DAY, HOUR, Shared, World, id, of, verdict, write},
};

const CONTACTS: usize = 7;

/// Three accounts, of which the first one has contacts and a task. No comparison of all parents or ids is due.
async fn family(shared: &Shared, pages: Pages) -> World {
    let mut world = linked_by(shared, pages, (100, false), CONTACTS).await;
    world.settings.compare_ids_up_to = 0;
    write(&world.crm, Task, 1, "new");
    world.crm.associate(Task, &id(1), &[id(0)]);
    world.pass(HOUR);
    world.run().await;
    world
}

/// The CRM gives all that belonged to the first account another parent.
fn moved_to(world: &World, parents: &[RecordId]) {
    for child in 0..CONTACTS {
        world.crm.associate(Contact, &id(child), parents);
    }
    world.crm.associate(Task, &id(1), parents);
}

async fn assert_all_are_at(world: &World, parent: Option<&RecordId>, told: &str) {
    for (object, n) in [(Contact, CONTACTS), (Task, 1)] {
        let found = parents(world, object).await;
        let are_there = found.values().all(|found| found.as_ref() == parent);
        assert!(are_there && found.len() == n, "{object} {told}: {found:?}");
    }
    if let Some(parent) = parent {
        let found = children(world, parent).await.len();
        assert_eq!(found, CONTACTS + 1, "{told}");
    }
}

#[tokio::test]
async fn the_children_of_a_merged_record_belong_to_the_survivor_after_the_run() {
    let shared = Shared::new().await;
    for pages in [Ordered, Unordered, Tracked] {
        for absorbed in [false, true] {
            let world = family(&shared, pages).await;
            match absorbed {
                true => world.crm.absorb(Account, &[id(0)], &id(1)),
                false => world.crm.merge(Account, &id(0), &id(1)),
            }
            moved_to(&world, &[id(1)]);
            let report = world.next_run().await;
            let told = format!("{pages:?} {absorbed}");
            assert_all_are_at(&world, Some(&id(1)), &told).await;
            for object in [Account, Contact, Task] {
                assert_eq!(verdict(&report, object), Verdict::Verified, "{told}");
            }
            let contact = of(&report, Contact);
            assert_eq!((contact.parents, contact.repaired), (None, 7), "{told}");
            world.assert_is_copy().await;
            // The next run has nothing to do.
            let asked = (world.crm.calls("fetch"), world.crm.calls("parents"));
            world.next_run().await;
            let again = (world.crm.calls("fetch"), world.crm.calls("parents"));
            assert_eq!(again, asked, "{told}");
        }
    }
}

#[tokio::test]
async fn the_children_of_a_deleted_record_have_no_parent_after_the_run() {
    let shared = Shared::new().await;
    for way in ["deleted", "listed", "lost"] {
        let mut world = family(&shared, Ordered).await;
        match way {
            "deleted" => world.crm.delete(Account, &id(0)),
            "listed" => world.crm.delete_for_good(Account, &id(0)),
            _ => {
                // Only the comparison of the counts finds it.
                world.crm.lose(Account, &id(0));
                world.settings.compare_ids_up_to = 0;
            }
        }
        moved_to(&world, &[]);
        world.next_run().await;
        assert_all_are_at(&world, None, way).await;
    }
}

#[tokio::test]
async fn children_follow_a_merge_whose_deletion_is_held_back() {
    let mut world = family(&Shared::new().await, Ordered).await;
    world.settings.max_vanishing_percent = 0;
    world.settings.always_may_vanish = 0;
    world.crm.merge(Account, &id(0), &id(1));
    moved_to(&world, &[id(1)]);
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Held(1));
    assert_all_are_at(&world, Some(&id(1)), "held back").await;
    let asked = world.crm.calls("fetch");
    world.next_run().await;
    assert_eq!(world.crm.calls("fetch"), asked, "they are read once");
}

#[tokio::test]
async fn children_follow_a_record_that_vanished_without_a_trace_and_is_held_back() {
    let mut world = family(&Shared::new().await, Ordered).await;
    world.settings.max_vanishing_percent = 0;
    world.settings.always_may_vanish = 0;
    world.crm.lose(Account, &id(0));
    moved_to(&world, &[]);
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Held(1));
    assert_all_are_at(&world, None, "lost").await;
}

#[tokio::test]
async fn a_run_after_all_children_have_followed_costs_no_more_than_before() {
    let world = family(&Shared::new().await, Ordered).await;
    let calm = async || {
        world.pass(DAY);
        let faults = Faults::none();
        world.finish(world.begin().await, faults.clone()).await;
        faults.n_calls()
    };
    let before = calm().await;
    world.crm.merge(Account, &id(0), &id(1));
    moved_to(&world, &[id(1)]);
    assert!(calm().await > before);
    assert_eq!(calm().await, before);
}

#[tokio::test]
async fn children_follow_even_if_they_had_their_turn_before_the_parents() {
    let world = family(&Shared::new().await, Ordered).await;
    world.crm.merge(Account, &id(0), &id(1));
    moved_to(&world, &[id(1)]);
    world.pass(DAY);
    // The accounts fail transiently at first, and come last.
    let fault = domain::fault::Fault::crm("crm", domain::fault::CrmCode::said("busy"));
    let fault = fault.with_kind(domain::fault::Kind::Transient);
    world.crm.fail("changes", Some(Account), Some(fault));
    let due = world.begin().await;
    assert!(world.calm_slice(&due).await.is_err());
    world.crm.fail("changes", Some(Account), None);
    world.wait(HOUR);
    assert_eq!(parents(&world, Task).await[&id(1)], Some(id(0)));
    world.finish(due, Faults::none()).await;
    assert_all_are_at(&world, Some(&id(1)), "in the same run").await;
}

async fn merged(shared: &Shared) -> World {
    let world = family(shared, Ordered).await;
    world.crm.merge(Account, &id(0), &id(1));
    moved_to(&world, &[id(1)]);
    world.pass(DAY);
    world
}

#[tokio::test]
async fn children_follow_wherever_the_run_breaks() {
    let shared = Shared::new().await;
    let calm = Faults::none();
    let world = merged(&shared).await;
    world.finish(world.begin().await, calm.clone()).await;
    assert_all_are_at(&world, Some(&id(1)), "undisturbed").await;
    let contents = world.contents().await;
    for mode in Mode::ALL {
        for n in 1..=calm.n_calls() {
            let world = merged(&shared).await;
            let faults = Faults::at(n, mode);
            world.finish(world.begin().await, faults.clone()).await;
            let told = format!("{mode:?} {n} {:?}", faults.broke());
            assert_all_are_at(&world, Some(&id(1)), &told).await;
            assert_eq!(world.contents().await, contents, "{told}");
        }
    }
}

#[tokio::test]
async fn a_slice_too_short_for_all_children_leaves_the_rest_to_the_next_one() {
    let shared = Shared::new().await;
    let n = 900;
    let mut world = linked_by(&shared, Ordered, (1_000, true), n).await;
    world.settings.compare_ids_up_to = 0;
    world.run().await;
    world.crm.merge(Account, &id(0), &id(1));
    for child in 0..n {
        world.crm.associate(Contact, &id(child), &[id(1)]);
    }
    world.pass(DAY);
    // A slice has time for six readings of the clock, and each hundred children take one.
    world.tick = 15 * 60 * 1_000 / 7;
    let n_slices = world.finish(world.begin().await, Faults::none()).await;
    assert!(n_slices >= 3, "{n_slices}");
    assert_eq!(
        children(&world, &id(1)).await.len(),
        100,
        "one page of the index"
    );
    let found = parents(&world, Contact).await;
    assert!(found.values().all(|found| *found == Some(id(1))));
}

#[tokio::test]
async fn all_parents_are_compared_after_an_unreadable_cursor_hid_which_records_left() {
    let world = family(&Shared::new().await, Ordered).await;
    // One account leaves, so that the contacts have followed a list.
    world.crm.merge(Account, &id(0), &id(1));
    moved_to(&world, &[id(1)]);
    world.next_run().await;
    spoil_cursor(&world, Account).await;
    world.crm.merge(Account, &id(1), &id(2));
    moved_to(&world, &[id(2)]);
    // A list that began anew at zero would be as long as what the contacts have followed.
    let report = world.next_run().await;
    assert!(of(&report, Contact).parents.is_some());
    assert_all_are_at(&world, Some(&id(2)), "after the cursor was lost").await;
}

/// Makes an object's cursor unreadable, as after an error of ours.
pub(crate) async fn spoil_cursor(world: &World, object: Object) {
    let progress = world.store.progress(&world.scope).await.unwrap();
    let mut progress = progress
        .into_iter()
        .find(|progress| progress.object == object)
        .unwrap();
    progress.cursor = domain::seal::Sealed::from_stored(b"no cursor".to_vec());
    world.store.replace_progress(&world.scope, progress);
}
