//! CRMs with fewer or other abilities: what the rules do with them, and what the summary says.

use domain::{
    ports::{Counting, Deciding, Deletions},
    progress::{Proof, Verdict},
    record::Object::{Account, Contact, Lead},
};
use infra::memory::Pages::{Ordered, Tracked, Unordered};

use crate::world::{HOUR, MINUTE, World, fill, id, of, verdict, write};

async fn copied(pages: infra::memory::Pages, counting: Counting) -> World {
    let world = World::new(pages, 3).await;
    world.crm.count_as(counting);
    fill(&world.crm, Account, 10);
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR);
    world
}

#[tokio::test]
async fn the_summary_of_a_crm_that_counts_says_whether_count_or_ids_are_the_proof() {
    let mut world = copied(Ordered, Counting::Exact).await;
    world.settings.compare_ids_up_to = 5;
    let counted = world.next_run().await;
    assert_eq!(of(&counted, Account).proof, Some(Proof::Count));
    world.settings.compare_ids_up_to = 10;
    let compared = world.next_run().await;
    assert_eq!(of(&compared, Account).proof, Some(Proof::Ids));
    assert_eq!(verdict(&compared, Account), Verdict::Verified);
}

#[tokio::test]
async fn a_crm_that_does_not_count_is_verified_only_by_its_ids() {
    for counting in [Counting::ByIds, Counting::Late, Counting::UpTo(4)] {
        let mut world = copied(Ordered, counting).await;
        world.settings.compare_ids_up_to = 3;
        world.crm.lose(Account, &id(3));
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Unproven, "{counting:?}");
        assert_eq!(of(&report, Account).proof, None);
        assert_eq!(of(&report, Account).crm_count, None);
        world.settings.compare_ids_up_to = 20;
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Verified, "{counting:?}");
        assert_eq!(of(&report, Account).proof, Some(Proof::Ids));
        assert_eq!(of(&report, Account).repaired, 1);
        world.assert_is_copy().await;
    }
}

#[tokio::test]
async fn a_list_of_deletions_is_requested_only_where_the_crm_has_one_and_the_copy_has_records() {
    for (deletions, n_lists, n_ids) in [
        (Deletions::ListedForGood, 1, 0),
        (Deletions::ListedInPart, 1, 0),
        (Deletions::AmongChanges, 0, 0),
        (Deletions::OnlyByIds, 0, 4),
    ] {
        let world = copied(Ordered, Counting::Exact).await;
        world.crm.report_deletions(deletions);
        let asked = || (world.crm.calls("deleted"), world.crm.calls("ids"));
        let before = asked();
        let report = world.next_run().await;
        let (lists, ids) = asked();
        assert_eq!(lists - before.0, n_lists, "{deletions:?}");
        // The other objects are empty.
        let n_objects = domain::record::Object::ALL.len() as u64;
        let n_empty = if n_ids > 0 { n_objects - 1 } else { 0 };
        assert_eq!(ids - before.1, n_ids + n_empty, "{deletions:?}");
        assert_eq!(verdict(&report, Account), Verdict::Verified);
    }
}

#[tokio::test]
async fn what_is_deleted_soon_after_a_run_with_an_empty_copy_is_found_in_the_list() {
    let world = World::new(Ordered, 3).await;
    world.run().await;
    // Both happen between two runs that are an instant apart.
    fill(&world.crm, Account, 4);
    world.pass(MINUTE);
    world.next_run().await;
    assert_eq!(world.held(Account).await, 4);
    world.crm.delete_for_good(Account, &id(2));
    let report = world.next_run().await;
    let account = of(&report, Account);
    assert_eq!((account.deleted, account.repaired), (1, 0));
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_late_count_is_requested_only_where_it_can_decide_that_the_ids_are_compared() {
    let mut world = copied(Ordered, Counting::Late).await;
    let counted = async |world: &World| {
        let before = world.crm.calls("count");
        let report = world.next_run().await;
        (world.crm.calls("count") - before, report)
    };
    world.settings.compare_ids_up_to = 10;
    let (n, report) = counted(&world).await;
    assert_eq!(n, 0);
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.settings.compare_ids_up_to = 3;
    let (n, report) = counted(&world).await;
    assert_eq!(n, 1, "the other objects are empty");
    assert_eq!(verdict(&report, Account), Verdict::Unproven);
    // So many vanish without a trace that the rest is small.
    for n in 0..8 {
        world.crm.lose(Account, &id(n));
    }
    let (n, report) = counted(&world).await;
    assert_eq!(n, 1);
    assert_eq!(of(&report, Account).repaired, 8);
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_run_does_not_ask_for_the_time_that_every_response_tells() {
    let world = copied(Ordered, Counting::Exact).await;
    write(&world.crm, Account, 20, "new");
    world.next_run().await;
    assert_eq!(world.crm.calls("clock"), 0);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn deletions_that_are_held_back_are_reported_although_the_crm_does_not_count() {
    for counting in [Counting::ByIds, Counting::Late, Counting::UpTo(4)] {
        let mut world = copied(Ordered, counting).await;
        world.settings.compare_ids_up_to = 3;
        world.settings.always_may_vanish = 2;
        world.settings.max_vanishing_percent = 0;
        world.crm.set_page_size(10);
        for n in 0..3 {
            world.crm.delete(Account, &id(n));
        }
        for _ in 0..2 {
            let report = world.next_run().await;
            let account = of(&report, Account);
            assert_eq!(verdict(&report, Account), Verdict::Held(3), "{counting:?}");
            assert_eq!(account.proof, None);
            assert_ne!(account.ids_compared, Some(world.now()), "{counting:?}");
        }
    }
}

#[tokio::test]
async fn a_count_below_its_bound_is_exact() {
    let mut world = copied(Ordered, Counting::UpTo(10)).await;
    world.settings.compare_ids_up_to = 3;
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    assert_eq!(of(&report, Account).crm_count, Some(10));
}

#[tokio::test]
async fn an_object_that_the_organisation_does_not_have_does_not_fail_the_run() {
    let world = World::new(Unordered, 3).await;
    world.crm.take_away(Lead);
    fill(&world.crm, Account, 4);
    world.pass(HOUR);
    let report = world.run().await;
    assert_eq!(verdict(&report, Lead), Verdict::Absent);
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    assert_eq!(report.failure, None);
    assert!(of(&report, Lead).verified_at.is_none());
    assert_eq!(verdict(&world.next_run().await, Lead), Verdict::Absent);
}

#[tokio::test]
async fn a_run_that_finds_no_object_at_all_fails() {
    let world = World::new(Ordered, 3).await;
    for object in domain::record::Object::ALL {
        world.crm.take_away(object);
    }
    assert!(!world.run().await.had_success());
}

#[tokio::test]
async fn an_object_that_disappeared_fails_and_its_copy_stays() {
    let world = copied(Ordered, Counting::Exact).await;
    world.crm.take_away(Account);
    let report = world.next_run().await;
    let failed = Verdict::Failed("crm.object_not_there".to_owned());
    assert_eq!(verdict(&report, Account), failed);
    assert_eq!(world.held(Account).await, 10);
}

#[tokio::test]
async fn a_window_continues_at_the_crms_own_token_whatever_the_time_stamps_say() {
    let world = copied(Tracked, Counting::Exact).await;
    // An old record that becomes visible only now. No window of time includes it.
    world
        .crm
        .put_late(Account, &id(20), &[("Name", "Neu")], HOUR * 30);
    world.next_run().await;
    world.pass(HOUR * 7);
    write(&world.crm, Contact, 1, "new");
    world.crm.delete(Account, &id(2));
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    let account = of(&report, Account);
    assert_eq!(
        (account.seen, account.repaired),
        (2, 0),
        "by the token alone"
    );
    world.assert_is_copy().await;
}

#[tokio::test]
async fn an_expired_token_makes_the_run_read_everything_and_compare_the_ids() {
    let mut world = copied(Tracked, Counting::Exact).await;
    world.settings.compare_ids_up_to = 0;
    world.next_run().await;
    world.crm.expire_resumes();
    // The CRM reports this deletion nowhere any more, and a record that only the CRM can have hides it from the count.
    world.crm.lose(Account, &id(3));
    write(&world.crm, Account, 30, "new");
    world.crm.spoil(Account, &id(30));
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Drift(1));
    assert_eq!(of(&report, Account).ids_compared, Some(world.now()));
    assert_eq!(of(&report, Account).deleted, 1);
    world.assert_is_copy().await;
    // The next run continues at the new token.
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).seen, 0);
}

#[tokio::test]
async fn one_row_may_say_that_others_were_merged_into_its_record() {
    for pages in [Ordered, Unordered, Tracked] {
        let mut world = copied(pages, Counting::Exact).await;
        world.settings.compare_ids_up_to = 0;
        // They are on one page with live records, so three rows yield five items.
        world.crm.absorb(Account, &[id(2), id(3)], &id(4));
        write(&world.crm, Account, 5, "changed");
        write(&world.crm, Account, 6, "changed");
        let report = world.next_run().await;
        let account = of(&report, Account);
        assert_eq!(verdict(&report, Account), Verdict::Verified, "{pages:?}");
        assert_eq!((account.seen, account.deleted, account.repaired), (5, 2, 0));
        world.assert_is_copy().await;
        for gone in [id(2), id(3)] {
            let survivor = world.store.merged_into(&world.scope, Account, &gone).await;
            assert_eq!(survivor.unwrap(), Some(id(4)), "{pages:?}");
        }
    }
}

#[tokio::test]
async fn each_object_is_read_again_for_its_own_lag() {
    for pages in [Ordered, Unordered] {
        let world = World::new(pages, 3).await;
        world.crm.lag_of(Contact, HOUR);
        fill(&world.crm, Account, 2);
        fill(&world.crm, Contact, 2);
        world.pass(HOUR * 2);
        for object in [Account, Contact] {
            let late = MINUTE * 30;
            world.crm.put_late(object, &id(7), &[("Name", "Neu")], late);
        }
        world.pass(MINUTE * 20);
        world.run().await;
        let report = world.next_run().await;
        // The contact comes in the next window. The account is later than the CRM's own lag allows, so only a comparison finds it.
        assert_eq!(of(&report, Contact).repaired, 0, "{pages:?}");
        assert_eq!(of(&report, Account).repaired, 1, "{pages:?}");
        world.assert_is_copy().await;
    }
}
