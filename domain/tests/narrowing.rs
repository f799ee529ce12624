//! Fields that the CRM lists but refuses to return. The run reports them, and the copy has them again once they are readable.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    fault::{Code, Fault},
    order::Order,
    ports::Runs,
    progress::{Cursor, Verdict},
    record::{Object::Account, RecordId},
    sync::Ended,
};
use infra::memory::{
    Faults, MemoryCrm, Mode,
    Pages::{self, Ordered, Unordered},
};

use crate::world::{HOUR, Shared, World, fill, id, of, verdict, write};

const PAGES: [Pages; 2] = [Ordered, Unordered];

async fn copied(pages: Pages) -> World {
    copied_of(&Shared::new().await, pages).await
}

async fn copied_of(shared: &Shared, pages: Pages) -> World {
    let world = World::of(shared.clone(), pages, 3).await;
    fill(&world.crm, Account, 7);
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR);
    world
}

/// The copied accounts that lack a field which they have in the CRM.
async fn without(world: &World, field: &str) -> Vec<RecordId> {
    let field = format!("\"{field}\"");
    let theirs = world.crm.records(Account);
    let lacks = |(id, text): (RecordId, String)| {
        let has = theirs
            .get(&id)
            .is_some_and(|(text, _)| text.contains(&field));
        (has && !text.contains(&field)).then_some(id)
    };
    let copied = world.copied(Account).await;
    copied.into_iter().filter_map(lacks).collect()
}

async fn told(world: &World) -> Vec<String> {
    let progress = world.store.progress(&world.scope).await.unwrap();
    let of_account = progress.into_iter().find(|one| one.object == Account);
    of_account.unwrap().summary.vanished_fields
}

#[tokio::test]
async fn each_run_reports_a_refused_field_and_reads_all_records_again_once_it_is_back() {
    for pages in PAGES {
        let world = copied(pages).await;
        write(&world.crm, Account, 1, "changed");
        world.crm.refuse("Phase", true);
        world.pass(HOUR * 24);
        let due = world.begin().await;
        let Ok(Ended::Finished { report, orders, .. }) = world.calm_slice(&due).await else {
            panic!("not finished");
        };
        assert_eq!(verdict(&report, Account), Verdict::Verified);
        assert_eq!(of(&report, Account).vanished_fields, ["Phase"]);
        let [Order::SyncCompleted(completed)] = orders.as_slice() else {
            panic!("{orders:?}");
        };
        assert_eq!(completed.objects[0].hidden_fields, 1);
        assert_eq!(without(&world, "Phase").await, [id(1)]);

        // Days later it is still refused. Each run reports it, and none reads all records again.
        for _ in 0..2 {
            let report = world.next_run().await;
            assert_eq!(of(&report, Account).vanished_fields, ["Phase"]);
            assert_eq!(of(&report, Account).seen, 0);
        }

        world.crm.refuse("Phase", false);
        let report = world.next_run().await;
        assert_eq!(of(&report, Account).seen, 7);
        assert!(of(&report, Account).vanished_fields.is_empty());
        world.assert_is_copy().await;
    }
}

#[tokio::test]
async fn a_first_reading_without_a_field_is_completed_later_too() {
    for pages in PAGES {
        let world = World::new(pages, 3).await;
        fill(&world.crm, Account, 7);
        for field in ["Phase", "Website"] {
            world.crm.refuse(field, true);
        }
        world.pass(HOUR);
        let report = world.run().await;
        assert_eq!(of(&report, Account).vanished_fields, ["Phase", "Website"]);
        assert_eq!(without(&world, "Phase").await.len(), 7);
        // One of the two fields is readable again.
        world.crm.refuse("Website", false);
        let report = world.next_run().await;
        assert_eq!(of(&report, Account).vanished_fields, ["Phase"]);
        assert!(without(&world, "Website").await.is_empty());
        world.crm.refuse("Phase", false);
        world.next_run().await;
        world.assert_is_copy().await;
    }
}

#[tokio::test]
async fn a_field_that_stays_refused_does_not_keep_a_run_of_many_slices_at_its_beginning() {
    for pages in PAGES {
        let mut world = World::new(pages, 3).await;
        fill(&world.crm, Account, 30);
        world.crm.refuse("Phase", true);
        world.pass(HOUR);
        world.tick = 150_000;
        let n = world.finish(world.begin().await, Faults::none()).await;
        assert!(n > 3, "{n} slices");
        assert_eq!(world.held(Account).await, 30);
        assert_eq!(told(&world).await, ["Phase"]);
        assert!(world.crm.calls("leave_out") > 0);
    }
}

#[tokio::test]
async fn a_permission_that_is_missing_only_between_two_field_descriptions_loses_nothing() {
    for pages in PAGES {
        let world = copied(pages).await;
        fill(&world.crm, Account, 7);
        world.pass(HOUR * 24);
        let due = world.begin().await;
        let crm = world.crm.clone();
        // After the field description, and before the first page.
        world.at_look(2, move || crm.hide("Phase", true));
        let ended = world.calm_slice(&due).await.unwrap();
        let Ended::Finished { report, .. } = ended else {
            panic!("{ended:?}");
        };
        if !without(&world, "Phase").await.is_empty() {
            assert_eq!(of(&report, Account).vanished_fields, ["Phase"]);
        }
        world.crm.hide("Phase", false);
        world.next_run().await;
        world.assert_is_copy().await;
    }
}

/// A run with changes, and with records that only the comparison of ids finds and fetches by their ids.
async fn with_work(shared: &Shared, pages: Pages) -> World {
    let mut world = copied_of(shared, pages).await;
    world.settings.compare_ids_up_to = 2_000;
    let late = |crm: &MemoryCrm, n: usize| {
        let fields = [("Name", "Spät"), ("Phase", "new")];
        crm.put_late(Account, &id(n), &fields, HOUR * 30);
    };
    late(&world.crm, 10);
    late(&world.crm, 11);
    world.next_run().await;
    write(&world.crm, Account, 3, "changed");
    world
}

#[tokio::test]
async fn a_field_refused_at_any_time_of_a_run_is_reported_or_copied() {
    let shared = Shared::new().await;
    for pages in PAGES {
        let mut n_told = 0;
        for look in 1.. {
            let world = with_work(&shared, pages).await;
            world.pass(HOUR * 24);
            let due = world.begin().await;
            let refused = Arc::new(AtomicBool::new(false));
            let (crm, flag) = (world.crm.clone(), refused.clone());
            world.at_look(look, move || {
                crm.refuse("Phase", true);
                flag.store(true, Ordering::SeqCst);
            });
            let ended = world.calm_slice(&due).await.unwrap();
            assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
            if !refused.load(Ordering::SeqCst) {
                break;
            }
            let lost = without(&world, "Phase").await;
            if !lost.is_empty() {
                assert_eq!(told(&world).await, ["Phase"], "at look {look}: {lost:?}");
                n_told += 1;
            }
            world.crm.refuse("Phase", false);
            world.next_run().await;
            world.assert_is_copy().await;
        }
        assert!(n_told > 0, "no record was ever read without the field");
    }
}

#[tokio::test]
async fn a_slice_ended_anywhere_while_a_field_is_refused_leaves_no_record_without_it() {
    let shared = Shared::new().await;
    for pages in PAGES {
        let calm = Faults::none();
        let world = with_refusal(&shared, pages).await;
        world.finish(world.begin().await, calm.clone()).await;
        for n in 1..=calm.n_calls() {
            for mode in [Mode::KilledBefore, Mode::KilledAfter] {
                let world = with_refusal(&shared, pages).await;
                let due = world.begin().await;
                assert!(world.slice(&due, &Faults::at(n, mode)).await.is_none());
                // The refusal ends before the next slice.
                world.crm.refuse("Phase", false);
                world.wait(HOUR);
                world.finish(due, Faults::none()).await;
                world.next_run().await;
                let lost = without(&world, "Phase").await;
                assert!(lost.is_empty(), "call {n}, {mode:?}: {lost:?}");
                world.assert_is_copy().await;
            }
        }
    }
}

/// Records that only the comparison fetches. Only the note that is stored before they are fetched leads back to them.
#[tokio::test]
async fn a_comparison_ended_anywhere_while_a_field_is_refused_leaves_no_record_without_it() {
    let shared = Shared::new().await;
    for pages in PAGES {
        for n in 1.. {
            let world = with_work(&shared, pages).await;
            world.pass(HOUR * 24);
            let due = world.begin().await;
            // All changes are in the copy before the field is refused.
            let faults = Faults::refusing("count", 1, Fault::of(Code::TestFailed));
            assert!(world.slice(&due, &faults).await.unwrap().is_err());
            world.crm.refuse("Phase", true);
            let killed = world.slice(&due, &Faults::at(n, Mode::KilledAfter)).await;
            let n_fetched = world.crm.calls("fetch");
            world.crm.refuse("Phase", false);
            world.wait(HOUR);
            if killed.is_none() {
                world.finish(due, Faults::none()).await;
            }
            world.next_run().await;
            let lost = without(&world, "Phase").await;
            assert!(lost.is_empty(), "call {n}: {lost:?}");
            world.assert_is_copy().await;
            if killed.is_some() {
                assert!(n_fetched > 0);
                break;
            }
        }
    }
}

/// A due run in which a field is refused, both in pages of changes and in records fetched by their ids.
async fn with_refusal(shared: &Shared, pages: Pages) -> World {
    let world = with_work(shared, pages).await;
    world.pass(HOUR * 24);
    world.crm.refuse("Phase", true);
    world
}

#[tokio::test]
async fn cursors_of_earlier_versions_are_read() {
    let cursor = Cursor::start();
    let mut json = serde_json::to_value(&cursor).unwrap();
    json.as_object_mut().unwrap().remove("refused");
    let read: Cursor = serde_json::from_value(json).unwrap();
    assert_eq!(read, cursor);
}
