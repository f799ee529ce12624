//! Differences between the copy and the CRM that their counts hide.

use domain::{
    body::Body,
    order::SyncDue,
    ports::{Keys, Reading, Runs},
    progress::Verdict,
    record::Object::Account,
    seal::Opener,
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    stored::{cursor, store_cursor},
    world::{DAY, HOUR, MINUTE, Shared, World, fill, id, of, verdict, write},
};

async fn copied(shared: &Shared) -> World {
    let world = World::of(shared.clone(), Ordered, 3).await;
    fill(&world.crm, Account, 7);
    world.pass(HOUR);
    world.run().await;
    world.pass(DAY);
    world
}

/// The times at which the records of the copy were copied.
async fn times(world: &World) -> Vec<Timestamp> {
    let keys = world.keys.open(&world.scope).await.unwrap().unwrap();
    let mut opener = Opener::new(&keys.sealing).unwrap();
    let (mut times, mut after) = (Vec::new(), None);
    loop {
        let scanned = world.store.scan(&world.scope, Account, after.as_ref(), 100);
        let (records, next) = scanned.await.unwrap();
        for record in records {
            let sealed = record.sealed.unwrap();
            let body = Body::open(&mut opener, &world.scope, Account, &record.id, &sealed);
            times.push(body.unwrap().copied.unwrap());
        }
        after = next;
        if after.is_none() {
            return times;
        }
    }
}

/// A run whose cursor is unreadable. A record vanished without a trace, and one that only the CRM can have hides it from the count.
async fn lost() -> (World, SyncDue) {
    let world = copied(&Shared::new().await).await;
    world.crm.lose(Account, &id(3));
    write(&world.crm, Account, 50, "new");
    world.crm.spoil(Account, &id(50));
    world.pass(HOUR);
    let due = world.begin().await;
    store_cursor(&world, &due, "{}").await;
    (world, due)
}

pub(crate) async fn last_verdict(world: &World) -> Option<Verdict> {
    let progress = world.store.progress(&world.scope).await.unwrap();
    let account = progress.into_iter().find(|one| one.object == Account);
    account.unwrap().summary.verdict
}

#[tokio::test]
async fn an_unreadable_cursor_makes_the_run_read_everything_and_compare_the_ids() {
    let (world, due) = lost().await;
    world.finish(due, Faults::none()).await;
    world.assert_is_copy().await;
    assert_eq!(last_verdict(&world).await, Some(Verdict::Drift(1)));
}

#[tokio::test]
async fn a_record_that_became_unreadable_after_it_was_copied_is_a_difference() {
    let mut world = copied(&Shared::new().await).await;
    world.settings.compare_ids_up_to = 20;
    // The copy keeps its older state, so both sides have the same ids.
    world.crm.spoil(Account, &id(3));
    let report = world.next_run().await;
    assert_eq!(world.held(Account).await, 7);
    assert_eq!(verdict(&report, Account), Verdict::Drift(1));
    assert_eq!(of(&report, Account).proof, None);
    write(&world.crm, Account, 3, "mended");
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}

/// A copy whose bodies are of the format before this one, and the order of a run over it.
async fn older(shared: &Shared) -> (World, SyncDue) {
    let world = copied(shared).await;
    let due = world.begin().await;
    let mut text: Value = serde_json::from_str(&cursor(&world).await).unwrap();
    let format = text["format"].as_u64().unwrap();
    text["format"] = (format - 1).into();
    store_cursor(&world, &due, &text.to_string()).await;
    (world, due)
}

#[tokio::test]
async fn records_of_an_older_format_are_all_written_again_once() {
    let shared = Shared::new().await;
    let (world, due) = older(&shared).await;
    let begun = world.now();
    assert!(times(&world).await.iter().all(|time| *time < begun));
    let calm = Faults::none();
    world.finish(due, calm.clone()).await;
    assert_eq!(times(&world).await, [begun; 7]);
    // What a later run sees again is unchanged.
    world.pass(DAY - MINUTE);
    write(&world.crm, Account, 1, "changed");
    world.pass(MINUTE);
    world.run().await;
    let report = world.next_run().await;
    let account = of(&report, Account);
    assert_eq!((account.unchanged, account.written), (1, 0));
    for n in 1..=calm.n_calls() {
        let (world, due) = older(&shared).await;
        let begun = world.now();
        let faults = Faults::at(n, Mode::KilledAfter);
        world.finish(due, faults.clone()).await;
        let times = times(&world).await;
        let are_new = times.len() == 7 && times.iter().all(|time| *time >= begun);
        assert!(are_new, "{n} {:?}: {times:?}", faults.broke());
    }
}
