//! Parents that are associations move no time stamp, and are right after the run all the same.

use std::collections::BTreeMap;

use domain::{
    body::Body,
    ports::{Index, Keys, Lookup, Reading, Runs},
    progress::{ParentCounts, Verdict},
    record::{
        Object::{self, Account, Contact, Task},
        RecordId,
    },
    seal::{HashKind, Opener},
};
use infra::memory::{
    Faults,
    Pages::{self, Ordered, Unordered},
};

use crate::world::{DAY, HOUR, Shared, World, fill, id, of, verdict, write};

/// The CRM's limit of ids in one request.
const AT_MOST: usize = 3;

/// Three accounts, and contacts that all belong to the first account, before any run.
pub(crate) async fn linked(shared: &Shared, pages: Pages, on_pages: bool, n: usize) -> World {
    linked_by(shared, pages, (AT_MOST, on_pages), n).await
}

/// The same with another limit of ids in one request.
pub(crate) async fn linked_by(
    shared: &Shared,
    pages: Pages,
    (at_most, on_pages): (usize, bool),
    n: usize,
) -> World {
    let mut world = World::of(shared.clone(), pages, 4).await;
    world.settings.compare_ids_up_to = 20;
    world.crm.keep_associations(at_most, on_pages);
    fill(&world.crm, Account, 3);
    fill(&world.crm, Contact, n);
    for child in 0..n {
        world.crm.associate(Contact, &id(child), &[id(0)]);
    }
    world.pass(HOUR);
    world
}

pub(crate) async fn copied(n: usize) -> World {
    let world = linked(&Shared::new().await, Ordered, false, n).await;
    world.run().await;
    world
}

/// The parents named in the copy's bodies.
pub(crate) async fn parents(world: &World, object: Object) -> BTreeMap<RecordId, Option<RecordId>> {
    let keys = world.keys.open(&world.scope).await.unwrap().unwrap();
    let mut opener = Opener::new(&keys.sealing).unwrap();
    let (mut found, mut after) = (BTreeMap::new(), None);
    loop {
        let scanned = world.store.scan(&world.scope, object, after.as_ref(), 100);
        let (records, next) = scanned.await.unwrap();
        for record in records {
            let sealed = record.sealed.unwrap();
            let body = Body::open(&mut opener, &world.scope, object, &record.id, &sealed).unwrap();
            let parent = body.attributes.unwrap().parent;
            found.insert(record.id, parent.map(|parent| parent.id().clone()));
        }
        after = next;
        if after.is_none() {
            return found;
        }
    }
}

/// The contacts that the index by parent has under an account.
pub(crate) async fn children(world: &World, parent: &RecordId) -> Vec<RecordId> {
    let keys = world.keys.open(&world.scope).await.unwrap().unwrap();
    let asked = Lookup {
        index: Index::Parent,
        hash: keys.index.hash(HashKind::Parent, parent.as_str()),
        after: None,
        most: 100,
    };
    let hits = world.store.hits(&world.scope, &[asked]).await.unwrap();
    hits[0].hits.iter().map(|hit| hit.id.clone()).collect()
}

async fn counts(world: &World) -> Option<ParentCounts> {
    let progress = world.store.progress(&world.scope).await.unwrap();
    let contact = progress.into_iter().find(|one| one.object == Contact);
    contact.unwrap().summary.parents
}

#[tokio::test]
async fn a_parent_that_changed_without_a_time_stamp_is_right_everywhere_after_the_run() {
    let shared = Shared::new().await;
    for (pages, on_pages) in [(Ordered, false), (Ordered, true), (Unordered, false)] {
        let world = linked(&shared, pages, on_pages, 7).await;
        world.run().await;
        assert_eq!(children(&world, &id(0)).await.len(), 7);
        // A changed parent, a removed one, and the primary one of several.
        let moves = [(1, vec![id(2)]), (4, vec![]), (6, vec![id(1), id(0)])];
        for (child, parents) in &moves {
            world.crm.associate(Contact, &id(*child), parents);
        }
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Contact), Verdict::Verified);
        let counted = of(&report, Contact).parents.unwrap();
        assert_eq!(
            (counted.compared, counted.moved, counted.requests),
            (7, 3, 3)
        );
        let found = parents(&world, Contact).await;
        for (child, parents) in &moves {
            assert_eq!(found[&id(*child)].as_ref(), parents.first(), "{child}");
        }
        assert_eq!(children(&world, &id(0)).await, [0, 2, 3, 5].map(id));
        assert_eq!(children(&world, &id(1)).await, [id(6)]);
        assert_eq!(children(&world, &id(2)).await, [id(1)]);
        world.assert_is_copy().await;

        // The copy equals that of a first reading of the same CRM, and the next run finds nothing to do.
        let fresh = linked(&shared, pages, on_pages, 7).await;
        for (child, parents) in &moves {
            fresh.crm.associate(Contact, &id(*child), parents);
        }
        fresh.run().await;
        let records = |contents: Vec<String>| -> Vec<String> {
            let lines = contents.into_iter();
            lines.filter(|line| line.contains("Contact")).collect()
        };
        assert_eq!(
            records(world.contents().await),
            records(fresh.contents().await)
        );
        let before = world.store.snapshot();
        let report = world.next_run().await;
        let after = world.store.snapshot();
        assert_eq!(
            before.records, after.records,
            "nothing is written where nothing moved"
        );
        assert_eq!(of(&report, Contact).parents.unwrap().moved, 0);
    }
}

#[tokio::test]
async fn records_of_a_page_have_their_parents_in_the_same_run() {
    for on_pages in [false, true] {
        let mut world = linked(&Shared::new().await, Ordered, on_pages, 7).await;
        world.settings.compare_ids_up_to = 0;
        world.run().await;
        // No pass is due for a while, so the pages alone have to do the work.
        write(&world.crm, Contact, 9, "new");
        world.crm.associate(Contact, &id(9), &[id(2)]);
        write(&world.crm, Contact, 3, "changed");
        world.crm.associate(Contact, &id(3), &[id(1)]);
        let report = world.next_run().await;
        assert_eq!(of(&report, Contact).parents, None);
        assert_eq!(of(&report, Contact).written, 2);
        let found = parents(&world, Contact).await;
        assert_eq!(found[&id(9)], Some(id(2)));
        assert_eq!(found[&id(3)], Some(id(1)));
        // A page returns a record again of which only the parent has changed.
        write(&world.crm, Contact, 3, "changed");
        world.crm.associate(Contact, &id(3), &[id(2)]);
        world.next_run().await;
        assert_eq!(parents(&world, Contact).await[&id(3)], Some(id(2)));
    }
}

#[tokio::test]
async fn a_record_fetched_by_the_id_comparison_has_its_parent() {
    let world = copied(7).await;
    // It becomes visible after the windows that could have included it.
    let late = [("Name", "Spät")];
    world.crm.put_late(Contact, &id(8), &late, HOUR * 30);
    world.crm.associate(Contact, &id(8), &[id(2)]);
    world.next_run().await;
    let report = world.next_run().await;
    assert_eq!(of(&report, Contact).repaired, 1);
    assert_eq!(parents(&world, Contact).await[&id(8)], Some(id(2)));
}

#[tokio::test]
async fn an_unreadable_parent_is_none_until_it_is_readable() {
    let world = copied(3).await;
    world.crm.hide_parent(&id(0), true);
    write(&world.crm, Contact, 1, "changed");
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Contact), Verdict::Verified);
    assert!(parents(&world, Contact).await.values().all(Option::is_none));
    world.crm.hide_parent(&id(0), false);
    world.next_run().await;
    let found = parents(&world, Contact).await;
    assert!(
        found.values().all(|parent| *parent == Some(id(0))),
        "{found:?}"
    );
}

#[tokio::test]
async fn the_parents_of_a_large_object_are_compared_once_a_week() {
    let mut world = linked(&Shared::new().await, Ordered, false, 8).await;
    world.settings.compare_ids_up_to = 5;
    world.run().await;
    world.crm.associate(Contact, &id(1), &[id(2)]);
    for day in 1..=6 {
        let asked = world.crm.calls("parents");
        let report = world.next_run().await;
        assert_eq!(of(&report, Contact).parents, None, "day {day}");
        // The three accounts are a small object.
        assert_eq!(world.crm.calls("parents") - asked, 1, "day {day}");
    }
    assert_eq!(parents(&world, Contact).await[&id(1)], Some(id(0)));
    let report = world.next_run().await;
    let counted = of(&report, Contact).parents.unwrap();
    assert_eq!(
        (counted.compared, counted.moved, counted.requests),
        (8, 1, 3)
    );
    assert_eq!(parents(&world, Contact).await[&id(1)], Some(id(2)));
    let report = world.next_run().await;
    assert_eq!(of(&report, Contact).parents, None);
}

#[tokio::test]
async fn the_comparison_continues_where_a_slice_ended() {
    let mut world = copied(15).await;
    for child in 0..15 {
        world.crm.associate(Contact, &id(child), &[id(1)]);
    }
    world.pass(DAY);
    let asked = world.crm.calls("parents");
    // A slice has time for a few readings of the clock, and each list of ids takes one.
    world.tick = 14 * 60 * 1_000 / 6;
    let due = world.begin().await;
    let n_slices = world.finish(due, Faults::none()).await;
    assert!(n_slices > 4, "{n_slices}");
    // Five requests for the contacts and one for the accounts. A slice may have to repeat one for the rest that it left.
    let asked = world.crm.calls("parents") - asked;
    assert!((6..6 + n_slices as u64).contains(&asked), "{asked}");
    assert_eq!(counts(&world).await.unwrap().moved, 15);
    assert_eq!(children(&world, &id(1)).await.len(), 15);
}

#[tokio::test]
async fn a_deletion_that_is_held_back_keeps_its_parent() {
    let mut world = copied(6).await;
    world.settings.always_may_vanish = 1;
    for child in 0..4 {
        world.crm.delete(Contact, &id(child));
    }
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Contact), Verdict::Held(4));
    let report = world.next_run().await;
    assert_eq!(of(&report, Contact).parents.unwrap().compared, 2);
    assert_eq!(parents(&world, Contact).await[&id(1)], Some(id(0)));
}

#[tokio::test]
async fn parents_are_not_requested_if_records_name_them() {
    let mut world = World::new(Ordered, 3).await;
    world.settings.compare_ids_up_to = 20;
    fill(&world.crm, Account, 2);
    world.crm.put(
        Task,
        &id(1),
        &[("Name", "Anruf"), ("Parent", id(1).as_str())],
    );
    world.pass(HOUR);
    world.run().await;
    world.crm.put(
        Task,
        &id(1),
        &[("Name", "Anruf"), ("Parent", id(0).as_str())],
    );
    let report = world.next_run().await;
    assert_eq!(world.crm.calls("parents"), 0);
    assert_eq!(of(&report, Task).parents, None);
    assert_eq!(parents(&world, Task).await[&id(1)], Some(id(0)));
}
