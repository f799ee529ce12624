//! Differences between the copy and the CRM that their counts hide.

use domain::{order::SyncDue, ports::Runs, progress::Verdict, record::Object::Account};
use infra::memory::{Faults, Pages::Ordered};

use crate::{
    stored::store_cursor,
    world::{DAY, HOUR, World, fill, id, of, verdict, write},
};

async fn copied() -> World {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Account, 7);
    world.pass(HOUR);
    world.run().await;
    world.pass(DAY);
    world
}

/// A run whose cursor is unreadable. A record vanished without a trace, and one that only the CRM can have hides it from the count.
async fn lost() -> (World, SyncDue) {
    let world = copied().await;
    world.crm.lose(Account, &id(3));
    write(&world.crm, Account, 50, "new");
    world.crm.spoil(Account, &id(50));
    world.pass(HOUR);
    let due = world.begin().await;
    store_cursor(&world, &due, "{}").await;
    (world, due)
}

async fn last_verdict(world: &World) -> Option<Verdict> {
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
    let mut world = copied().await;
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
