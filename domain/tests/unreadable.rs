//! What a run cannot read: a cursor of its own, or records of the CRM.

use domain::{
    fault::{CrmCode, Fault, Kind},
    progress::Verdict,
    record::Object::Account,
};
use infra::memory::{Faults, Pages::Ordered};

use crate::{
    departed::spoil_cursor,
    hidden::last_verdict,
    world::{DAY, HOUR, World, fill, id, of, verdict, write},
};

/// Seven accounts on three pages, and a day later.
async fn copied() -> World {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Account, 7);
    world.pass(HOUR);
    world.run().await;
    world.pass(DAY);
    world
}

#[tokio::test]
async fn records_that_are_read_again_under_an_unreadable_cursor_are_counted_once() {
    let world = copied().await;
    spoil_cursor(&world, Account).await;
    // The comparison of ids, which counts the copy anew, does not come to its end.
    let busy = Fault::crm("crm", CrmCode::said("busy")).with_kind(Kind::Transient);
    world.crm.fail("ids", Some(Account), Some(busy));
    let due = world.begin().await;
    assert!(world.calm_slice(&due).await.is_err());
    assert_eq!(world.held(Account).await, 7);
    world.crm.fail("ids", Some(Account), None);
    world.wait(HOUR);
    world.finish(due, Faults::none()).await;
    assert_eq!(last_verdict(&world).await, Some(Verdict::Verified));
    world.assert_is_copy().await;
    // Nothing was taken for an interrupted part of a page, so nothing was written.
    write(&world.crm, Account, 3, "changed");
    let report = world.next_run().await;
    assert_eq!(
        (of(&report, Account).written, world.held(Account).await),
        (1, 7)
    );
}

#[tokio::test]
async fn after_an_unreadable_cursor_equal_counts_prove_nothing_if_the_ids_are_too_many_to_compare()
{
    let mut world = copied().await;
    let due = world.begin().await;
    spoil_cursor(&world, Account).await;
    // A slice has time for six readings of the clock, and each page of ids takes one.
    world.crm.set_page_size(1);
    world.tick = 15 * 60 * 1_000 / 7;
    world.finish(due, Faults::none()).await;
    assert_eq!(last_verdict(&world).await, Some(Verdict::Drift(1)));
}

#[tokio::test]
async fn a_record_that_became_unreadable_is_a_difference_however_it_was_found() {
    for compare_ids_up_to in [0, 20] {
        let mut world = copied().await;
        world.settings.compare_ids_up_to = compare_ids_up_to;
        world.crm.spoil(Account, &id(3));
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Drift(1));
        assert_eq!(of(&report, Account).quarantined, 1);
        assert_eq!(world.held(Account).await, 7);
        // It is no reason to compare the ids, and hides no other difference.
        world.settings.compare_ids_up_to = 0;
        let n_lists = world.crm.calls("ids");
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Drift(1));
        assert_eq!(world.crm.calls("ids"), n_lists);
        world.crm.lose(Account, &id(5));
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Drift(1));
        assert_eq!(
            (of(&report, Account).deleted, world.held(Account).await),
            (1, 6)
        );
        // Once it can be read, or is gone, nothing differs.
        match compare_ids_up_to {
            0 => write(&world.crm, Account, 3, "mended"),
            _ => world.crm.delete(Account, &id(3)),
        }
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Verified);
        world.assert_is_copy().await;
    }
}

#[tokio::test]
async fn an_unreadable_record_that_only_a_list_of_deletions_names_is_no_difference_any_more() {
    let world = copied().await;
    world.crm.spoil(Account, &id(3));
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Drift(1));
    world.crm.delete_for_good(Account, &id(3));
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}
