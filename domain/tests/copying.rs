use domain::{
    progress::Verdict,
    record::Object::{Account, Contact, Lead},
};
use infra::memory::Pages::{Ordered, Unordered};

use crate::world::{DAY, HOUR, MINUTE, World, fill, id, of, verdict, write};

#[tokio::test]
async fn a_first_run_copies_and_reports_everything() {
    for pages in [Ordered, Unordered] {
        let world = World::new(pages, 3).await;
        fill(&world.crm, Account, 10);
        fill(&world.crm, Contact, 4);
        world.pass(HOUR);
        let report = world.run().await;
        world.assert_is_copy().await;
        assert_eq!(of(&report, Account).seen, 10);
        assert_eq!(of(&report, Account).written, 10);
        assert_eq!(of(&report, Account).automatic, 2, "two companies are known");
        for (object, summary) in &report.objects {
            assert_eq!(summary.verdict, Some(Verdict::Verified), "{object:?}");
        }
        assert_eq!(report.failure, None);
        assert_eq!(world.crm.calls("ids"), 0, "nothing called for a sweep");
    }
}

#[tokio::test]
async fn each_page_is_stored_under_its_number_as_the_crm_sent_it() {
    for pages in [Ordered, Unordered] {
        let world = World::new(pages, 3).await;
        fill(&world.crm, Account, 10);
        world.pass(HOUR);
        world.run().await;
        let texts = world.page_texts(Account).await;
        assert_eq!(texts.len(), 4);
        for text in world.copied(Account).await.values() {
            assert_eq!(texts.iter().filter(|page| page.contains(text)).count(), 1);
        }
        world.pass(HOUR);
        write(&world.crm, Account, 11, "new");
        world.next_run().await;
        assert_eq!(world.page_texts(Account).await.len(), 5);
    }
}

#[tokio::test]
async fn an_unchanged_crm_writes_nothing() {
    for pages in [Ordered, Unordered] {
        let world = World::new(pages, 3).await;
        fill(&world.crm, Account, 10);
        world.pass(MINUTE);
        world.run().await;
        let before = world.store.snapshot();
        // The next window begins before the end of the previous one, so the records are seen again and recognised.
        let report = world.next_run().await;
        assert_eq!(of(&report, Account).seen, 10);
        assert_eq!(of(&report, Account).unchanged, 10);
        assert_eq!(of(&report, Account).written, 0);
        let after = world.store.snapshot();
        assert_eq!(after.records, before.records);
        assert_eq!(after.pages, before.pages);
        assert_eq!(of(&world.next_run().await, Account).seen, 0);
    }
}

#[tokio::test]
async fn a_delta_run_writes_only_what_changed() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Account, 10);
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR);
    write(&world.crm, Account, 4, "changed");
    write(&world.crm, Account, 11, "new");
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).seen, 2);
    assert_eq!(of(&report, Account).written, 2);
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn deleted_merged_and_finally_deleted_records_leave_the_copy() {
    for pages in [Ordered, Unordered] {
        let world = World::new(pages, 3).await;
        fill(&world.crm, Account, 10);
        world.pass(HOUR);
        world.run().await;
        world.pass(HOUR);
        world.crm.delete(Account, &id(1));
        world.crm.merge(Account, &id(2), &id(3));
        world.crm.delete_for_good(Account, &id(4));
        let report = world.next_run().await;
        assert_eq!(of(&report, Account).deleted, 3);
        assert_eq!(of(&report, Account).repaired, 0);
        assert_eq!(verdict(&report, Account), Verdict::Verified);
        world.assert_is_copy().await;
        let relations = world.store.snapshot().relations;
        assert!(!relations.keys().any(|place| place.contains("id-0001")));
    }
}

#[tokio::test]
async fn a_record_that_becomes_visible_late_comes_with_the_next_run() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Lead, 2);
    world.pass(HOUR);
    world
        .crm
        .put_late(Lead, &id(7), &[("Name", "Spät")], MINUTE * 4);
    world.pass(MINUTE);
    let report = world.run().await;
    assert_eq!(of(&report, Lead).written, 2);
    let report = world.next_run().await;
    assert_eq!(of(&report, Lead).written, 1);
    assert_eq!(
        of(&report, Lead).repaired,
        0,
        "the window brought it, no sweep"
    );
    world.assert_is_copy().await;
}

#[tokio::test]
async fn one_time_stamp_over_many_pages_loses_and_doubles_nothing() {
    let world = World::new(Ordered, 2).await;
    fill(&world.crm, Account, 9);
    world.pass(MINUTE);
    fill(&world.crm, Account, 5);
    world.pass(DAY);
    let report = world.run().await;
    assert_eq!(of(&report, Account).seen, 9);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn lost_tokens_cost_a_second_reading_and_nothing_else() {
    for pages in [Ordered, Unordered] {
        let world = World::new(pages, 3).await;
        fill(&world.crm, Account, 10);
        world.pass(HOUR);
        world.crm.lose_tokens(2);
        let report = world.run().await;
        assert_eq!(of(&report, Account).written, 10);
        assert_eq!(verdict(&report, Account), Verdict::Verified);
        world.assert_is_copy().await;
    }
}
