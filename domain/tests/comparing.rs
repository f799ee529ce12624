use domain::{
    ports::Runs,
    progress::Verdict,
    record::Object::{Account, Contact},
    vanished::Answer,
};
use infra::memory::{
    Faults, Mode,
    Pages::{Ordered, Unordered},
};

use crate::{
    holding::answer,
    world::{HOUR, Shared, World, fill, id, of, verdict, write},
};

async fn copied(n: usize) -> World {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Account, n);
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR);
    world
}

#[tokio::test]
async fn a_left_over_record_is_found_and_deleted() {
    let world = copied(10).await;
    world.crm.lose(Account, &id(3));
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).repaired, 1);
    assert_eq!(of(&report, Account).deleted, 1);
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}

/// Makes one record visible after every window that could have included it, and leaves one behind in the copy, so that the counts
/// agree.
async fn apart_in_secret(world: &World) {
    world
        .crm
        .put_late(Account, &id(20), &[("Name", "Neu")], HOUR * 30);
    world.next_run().await;
    world.crm.lose(Account, &id(3));
}

#[tokio::test]
async fn differences_with_equal_counts_are_found_in_each_run_if_there_are_few_ids() {
    let mut world = copied(10).await;
    apart_in_secret(&world).await;
    world.settings.compare_ids_up_to = 10;
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    assert_eq!(of(&report, Account).repaired, 2);
    assert_eq!(of(&report, Account).ids_compared, Some(world.now()));
    world.assert_is_copy().await;
}

#[tokio::test]
async fn differences_with_equal_counts_are_found_within_a_week_and_the_summary_says_since_when_ids_agree()
 {
    let world = copied(10).await;
    apart_in_secret(&world).await;
    let mut since = None;
    for day in 2..9 {
        let report = world.next_run().await;
        let account = of(&report, Account);
        assert_eq!(verdict(&report, Account), Verdict::Verified, "{day}");
        if account.ids_compared == Some(world.now()) {
            assert_eq!((day, account.repaired), (7, 2));
            world.assert_is_copy().await;
            // Ten ids are four pages, listed once to compare and once to find the missing records.
            assert_eq!(world.crm.calls("ids"), 8);
            return;
        }
        let first = *since.get_or_insert(account.ids_compared);
        assert_eq!(account.ids_compared, first, "{day}: only counted");
    }
    panic!("never compared");
}

#[tokio::test]
async fn a_comparison_without_differences_writes_only_the_verdict() {
    let mut world = copied(10).await;
    let calm = async |world: &World| {
        world.pass(HOUR * 24);
        let (due, faults) = (world.begin().await, Faults::none());
        world.finish(due, faults.clone()).await;
        faults.n_calls()
    };
    let without = calm(&world).await;
    world.settings.compare_ids_up_to = 10;
    let before = (world.crm.calls("ids"), world.crm.calls("count"));
    let with = calm(&world).await;
    let more = world.crm.calls("ids") - before.0;
    assert_eq!(more, 4);
    // The ids of both sides, and the CRM's second count. There is no other call.
    assert_eq!(with - without, more + 1 + 3);
}

#[tokio::test]
async fn records_that_no_window_shows_are_found_and_fetched() {
    let world = copied(10).await;
    // They become visible long after every window that could have included them.
    world
        .crm
        .put_late(Account, &id(20), &[("Name", "Neu")], HOUR * 30);
    world
        .crm
        .put_late(Account, &id(2), &[("Name", "Anders")], HOUR * 30);
    world.next_run().await;
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn an_incomplete_list_of_deletions_leads_to_a_reconciliation() {
    let world = copied(10).await;
    world.crm.forget_deletions(true);
    // One record was deleted, and one created that the copy cannot keep, so the counts agree.
    world.crm.delete_for_good(Account, &id(3));
    write(&world.crm, Account, 11, "new");
    world.crm.spoil(Account, &id(11));
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Drift(1));
    assert_eq!(of(&report, Account).deleted, 1);
    world.assert_is_copy().await;
    world.crm.forget_deletions(false);
    let n_sweeps = world.crm.calls("ids");
    world.next_run().await;
    assert_eq!(world.crm.calls("ids"), n_sweeps);
}

#[tokio::test]
async fn a_crm_that_states_more_than_it_sends_leads_to_a_reconciliation_in_the_same_run() {
    let world = copied(10).await;
    let n_sweeps = world.crm.calls("ids");
    world.crm.overstate(true);
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    assert!(
        world.crm.calls("ids") > n_sweeps,
        "the ids were not compared"
    );
    world.crm.overstate(false);
    let n_sweeps = world.crm.calls("ids");
    world.next_run().await;
    assert_eq!(world.crm.calls("ids"), n_sweeps);
}

#[tokio::test]
async fn a_record_that_cannot_be_kept_is_reported_and_causes_no_second_reconciliation() {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Account, 7);
    world.crm.spoil(Account, &id(5));
    world.pass(HOUR);
    let report = world.run().await;
    assert_eq!(verdict(&report, Account), Verdict::Drift(1));
    assert_eq!(of(&report, Account).written, 6);
    assert_eq!(world.store.snapshot().quarantine.len(), 1);
    world.assert_is_copy().await;
    let n_sweeps = world.crm.calls("ids");
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Drift(1));
    assert_eq!(world.crm.calls("ids"), n_sweeps);
    // After the record is mended in the CRM, the difference is gone.
    write(&world.crm, Account, 5, "mended");
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}

/// A run may meet it several times: on a page, on the page read again, and by its id in the reconciliation that its absence starts.
#[tokio::test]
async fn a_bad_record_is_counted_once_in_a_run() {
    for pages in [Ordered, Unordered] {
        let shared = Shared::new().await;
        let calm = Faults::none();
        let bad = async || {
            let mut world = World::of(shared.clone(), pages, 3).await;
            world.settings.compare_ids_up_to = 2_000;
            fill(&world.crm, Account, 7);
            for n in [2, 5] {
                world.crm.spoil(Account, &id(n));
            }
            world.pass(HOUR);
            world
        };
        let quarantined = async |world: &World| {
            let progress = world.store.progress(&world.scope).await.unwrap();
            let of_account = progress.into_iter().find(|one| one.object == Account);
            of_account.unwrap().summary.quarantined
        };
        let world = bad().await;
        world.crm.lose_tokens(1);
        world.finish(world.begin().await, calm.clone()).await;
        assert!(world.crm.calls("fetch") > 0, "a sweep met them, too");
        assert_eq!(quarantined(&world).await, 2);
        // Each run counts for itself, and meets these again.
        for n in [2, 5] {
            world.crm.spoil(Account, &id(n));
        }
        world.next_run().await;
        assert_eq!(quarantined(&world).await, 2);
        for n in 1..=calm.n_calls() {
            let world = bad().await;
            let due = world.begin().await;
            let _ = world.slice(&due, &Faults::at(n, Mode::KilledAfter)).await;
            world.wait(HOUR);
            world.finish(due, Faults::none()).await;
            assert_eq!(quarantined(&world).await, 2, "killed at call {n}");
        }
    }
}

#[tokio::test]
async fn more_deletions_than_allowed_are_held_back_and_nothing_is_deleted() {
    for way in ["shown", "listed", "lost"] {
        let mut world = copied(10).await;
        world.crm.set_page_size(10);
        world.settings.always_may_vanish = 2;
        fill(&world.crm, Contact, 2);
        for n in 0..4 {
            match way {
                "shown" => world.crm.delete(Account, &id(n)),
                "listed" => world.crm.delete_for_good(Account, &id(n)),
                _ => world.crm.lose(Account, &id(n)),
            }
        }
        let report = world.next_run().await;
        assert_eq!(of(&report, Account).deleted, 0, "{way}");
        assert_eq!(world.copied(Account).await.len(), 10, "{way}");
        assert!(
            matches!(verdict(&report, Account), Verdict::Held(n) if n > 3),
            "{way}"
        );
        assert_eq!(verdict(&report, Contact), Verdict::Verified, "{way}");
        // Changed settings apply only to later deletions. Waiting ones need a decision.
        world.settings.max_vanishing_percent = 50;
        let later = world.next_run().await;
        assert_eq!(verdict(&later, Account), Verdict::Held(4), "{way}");
        answer(&world, &report, Answer::Confirm).await.unwrap();
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Verified, "{way}");
        world.assert_is_copy().await;
    }
}

#[tokio::test]
async fn the_limit_on_deletions_holds_over_many_pages() {
    let mut world = copied(10).await;
    world.settings.always_may_vanish = 2;
    for n in 0..8 {
        world.crm.delete(Account, &id(n));
    }
    let report = world.next_run().await;
    assert!(matches!(verdict(&report, Account), Verdict::Held(_)));
    assert_eq!(of(&report, Account).deleted, 3, "30 percent of ten");
    assert_eq!(world.copied(Account).await.len(), 7);
}

/// Creates missing, stale and left-over records for the comparison to repair.
async fn apart(world: &World) {
    for n in 20..24 {
        let crm = &world.crm;
        crm.put_late(Account, &id(n), &[("Name", "Neu")], HOUR * 30);
    }
    let changed = [("Name", "Anders")];
    world.crm.put_late(Account, &id(2), &changed, HOUR * 30);
    world.next_run().await;
    for n in [3, 5] {
        world.crm.lose(Account, &id(n));
    }
    world.pass(HOUR * 40);
}

#[tokio::test]
async fn a_comparison_that_is_broken_anywhere_reports_all_its_repairs() {
    let told = async |faults: Faults| {
        let world = copied(10).await;
        apart(&world).await;
        world.finish(world.begin().await, faults).await;
        world.assert_is_copy().await;
        let progress = world.store.progress(&world.scope).await.unwrap();
        let of = progress.iter().find(|of| of.object == Account).unwrap();
        let summary = &of.summary;
        (summary.repaired, summary.written, summary.deleted)
    };
    let calm = Faults::none();
    assert_eq!(told(calm.clone()).await, (7, 5, 2));
    for mode in Mode::ALL {
        for n in 1..=calm.n_calls() {
            let faults = Faults::at(n, mode);
            let counted = told(faults.clone()).await;
            let broke = faults.broke();
            assert_eq!(counted, (7, 5, 2), "{mode:?} {n} {broke:?}");
        }
    }
}

#[tokio::test]
async fn records_put_by_a_killed_reconciliation_are_counted_once() {
    for n in 1.. {
        let world = copied(10).await;
        for n in 20..22 {
            world
                .crm
                .put_late(Account, &id(n), &[("Name", "Neu")], HOUR * 30);
        }
        world.next_run().await;
        world.pass(HOUR * 40);
        let faults = Faults::at(n, Mode::KilledAfter);
        world.finish(world.begin().await, faults.clone()).await;
        world.assert_is_copy().await;
        let broke = faults.broke();
        if broke.is_some_and(|broke| broke != "put") {
            continue;
        }
        assert_eq!(broke, Some("put"), "the sweep puts what it fetched");
        // The page that changes these records next must not count them as its own.
        let n_sweeps = world.crm.calls("ids");
        write(&world.crm, Account, 20, "changed");
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Verified);
        assert_eq!(world.crm.calls("ids"), n_sweeps, "the counts agree");
        return;
    }
}
