//! More records are deleted in the CRM than the deletion guard lets through. Their deletions wait for a decision, and nothing else
//! waits.

use domain::{
    fault::{Code, Outcome},
    order::Order,
    ports::{MAX_HELD_BACK, Vanishing},
    progress::{RunReport, Verdict},
    record::{
        Object::{self, Account, Contact},
        RecordId,
    },
    removal::{Asked, Asker},
    show_copy::{self, Filter, View},
    vanished::{Answer, HeldBack, Vanished},
};
use infra::memory::{
    Faults, Mode,
    Pages::{Ordered, Unordered},
};

use crate::{
    choosing::choose,
    exporting::which,
    world::{DAY, HOUR, Shared, World, fill, id, of, verdict, write},
};

/// The three ways in which the rules learn of deletions.
const WAYS: [&str; 3] = ["shown", "listed", "lost"];

/// Ten accounts, of which two may vanish.
async fn copied(shared: Shared) -> World {
    let mut world = World::of(shared, Ordered, 4).await;
    world.settings.max_vanishing_percent = 0;
    world.settings.always_may_vanish = 2;
    fill(&world.crm, Account, 10);
    fill(&world.crm, Contact, 3);
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR);
    world
}

fn vanish(world: &World, way: &str, n: usize) {
    match way {
        "shown" => world.crm.delete(Account, &id(n)),
        "listed" => world.crm.delete_for_good(Account, &id(n)),
        _ => world.crm.lose(Account, &id(n)),
    }
}

async fn held_back(world: &World) -> Vec<HeldBack> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let (held, next) = world
            .store
            .held_back(&world.scope, Account, after.as_ref(), MAX_HELD_BACK)
            .await
            .unwrap();
        all.extend(held);
        after = next;
        if after.is_none() {
            return all;
        }
    }
}

async fn ids(world: &World) -> Vec<RecordId> {
    let held = held_back(world).await;
    held.into_iter().map(|held| held.id).collect()
}

async fn view(world: &World) -> View<'_> {
    View::open(&*world.ports.store, &*world.ports.keys, &which(world))
        .await
        .unwrap()
}

/// The accounts in a list.
async fn listed(world: &World) -> Vec<RecordId> {
    let filter = Filter {
        object: Some(Account),
        ..Filter::default()
    };
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let page = show_copy::list(&view(world).await, &filter, next.as_deref(), 3)
            .await
            .unwrap();
        all.extend(page.records.into_iter().map(|record| record.id));
        next = page.next;
        if next.is_none() {
            return all;
        }
    }
}

async fn shown(world: &World, n: usize) -> Outcome<Option<Vanished>> {
    let detail = show_copy::record(&view(world).await, Account, &id(n)).await?;
    Ok(detail.record.vanished)
}

pub(crate) async fn answer(world: &World, run: &RunReport, answer: Answer) -> Outcome<()> {
    let asked = Asked {
        by: Asker::stored("admin-1").unwrap(),
        at: world.now(),
    };
    domain::review_held::decide(&world.store, &which(world), &run.run, answer, asked)
        .await
        .map(drop)
}

/// Asserts that the copy has the live accounts as the CRM has them, and `n_others` others.
async fn assert_live_are_copied(world: &World, n_others: usize) {
    let mut copied = world.copied(Account).await;
    for (id, (text, _)) in world.crm.records(Account) {
        assert_eq!(copied.remove(&id), Some(text), "{id}");
    }
    assert_eq!(copied.len(), n_others);
}

#[tokio::test]
async fn while_deletions_are_held_back_everything_else_arrives_and_the_deleted_are_not_displayed() {
    for way in WAYS {
        let mut world = copied(Shared::new().await).await;
        world.settings.compare_ids_up_to = 2_000;
        for n in 0..4 {
            vanish(&world, way, n);
        }
        let mut first = None;
        for day in 1..=4_usize {
            write(&world.crm, Account, 20 + day, "new");
            write(&world.crm, Account, 9, &format!("day {day}"));
            let report = world.next_run().await;
            assert_eq!(verdict(&report, Account), Verdict::Held(4), "{way} {day}");
            assert_eq!(verdict(&report, Contact), Verdict::Verified);
            assert_eq!(of(&report, Account).deleted, 0, "{way} {day}");
            let counts = &of(&report, Account).held_back;
            let new = if day == 1 { 4 } else { 0 };
            assert_eq!((counts.waiting, counts.left, counts.new), (4, 0, new));
            let first = first.get_or_insert(report.run.clone());
            assert_eq!(counts.run.as_ref(), Some(&*first));
            assert_live_are_copied(&world, 4).await;
            let theirs: Vec<_> = world.crm.records(Account).into_keys().collect();
            assert_eq!(listed(&world).await, theirs, "{way} {day}");
            for n in 0..4 {
                let fault = shown(&world, n).await.unwrap_err();
                assert_eq!(*fault.code(), Code::RecordVanished, "{way} {day}");
            }
        }
        // A few later deletions are allowed, although others wait.
        vanish(&world, way, 8);
        let report = world.next_run().await;
        assert_eq!(of(&report, Account).deleted, 1, "{way}");
        assert_eq!(verdict(&report, Account), Verdict::Held(4), "{way}");
    }
}

#[tokio::test]
async fn held_back_records_are_not_read_again() {
    let world = copied(Shared::new().await).await;
    for n in 0..4 {
        vanish(&world, "shown", n);
    }
    world.next_run().await;
    world.next_run().await;
    let n_lists = world.crm.calls("ids");
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).seen, 0);
    assert_eq!(world.crm.calls("ids"), n_lists, "the counts agree");
    assert_eq!(verdict(&report, Account), Verdict::Held(4));
}

#[tokio::test]
async fn the_next_run_deletes_confirmed_records_and_reports_who_confirmed() {
    for way in WAYS {
        let mut world = copied(Shared::new().await).await;
        world.settings.compare_ids_up_to = 2_000;
        for n in 0..4 {
            vanish(&world, way, n);
        }
        let held = world.next_run().await;
        answer(&world, &held, Answer::Confirm).await.unwrap();
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Verified, "{way}");
        let summary = of(&report, Account);
        assert_eq!((summary.deleted, summary.by_order), (4, 4), "{way}");
        let decided = summary.decided.as_ref().unwrap();
        assert_eq!(decided.asked.by, Asker::stored("admin-1").unwrap());
        assert_eq!(decided.run, held.run);
        assert!(held_back(&world).await.is_empty());
        world.assert_is_copy().await;
        // A later run does not report the decision again.
        let report = world.next_run().await;
        assert_eq!(of(&report, Account).decided, None);
        assert_eq!(of(&report, Account).held_back, Default::default());
    }
}

#[tokio::test]
async fn a_record_that_was_left_is_displayed_with_a_flag_and_needs_no_further_decision() {
    for way in WAYS {
        let mut world = copied(Shared::new().await).await;
        world.settings.compare_ids_up_to = 2_000;
        for n in 0..4 {
            vanish(&world, way, n);
        }
        let held = world.next_run().await;
        answer(&world, &held, Answer::Leave).await.unwrap();
        for _ in 0..2 {
            let report = world.next_run().await;
            assert_eq!(verdict(&report, Account), Verdict::Held(4), "{way}");
            let counts = &of(&report, Account).held_back;
            assert_eq!((counts.waiting, counts.left, counts.new), (0, 4, 0));
            assert_eq!(listed(&world).await.len(), 10, "{way}");
            assert_eq!(shown(&world, 0).await.unwrap(), Some(Vanished::Left));
            assert_eq!(shown(&world, 9).await.unwrap(), None);
        }
        // A later decision about the same run deletes the records after all.
        answer(&world, &held, Answer::Confirm).await.unwrap();
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Account), Verdict::Verified, "{way}");
        world.assert_is_copy().await;
    }
}

#[tokio::test]
async fn a_record_that_the_crm_restores_is_no_longer_held_back() {
    for decided in [None, Some(Answer::Leave), Some(Answer::Confirm)] {
        let world = copied(Shared::new().await).await;
        for n in 0..4 {
            vanish(&world, "shown", n);
        }
        let held = world.next_run().await;
        if let Some(decided) = decided {
            answer(&world, &held, decided).await.unwrap();
        }
        // The restored record is unchanged, so its digest is the same.
        write(&world.crm, Account, 1, "new");
        let report = world.next_run().await;
        assert_eq!(shown(&world, 1).await.unwrap(), None, "{decided:?}");
        assert!(!ids(&world).await.contains(&id(1)));
        if decided == Some(Answer::Confirm) {
            assert_eq!(verdict(&report, Account), Verdict::Verified);
            world.assert_is_copy().await;
        } else {
            assert_eq!(verdict(&report, Account), Verdict::Held(3));
            assert_live_are_copied(&world, 3).await;
        }
    }
}

#[tokio::test]
async fn more_held_back_deletions_need_a_new_decision() {
    let world = copied(Shared::new().await).await;
    for n in 0..3 {
        vanish(&world, "shown", n);
    }
    let first = world.next_run().await;
    for n in 3..7 {
        vanish(&world, "shown", n);
    }
    let second = world.next_run().await;
    assert_eq!(verdict(&second, Account), Verdict::Held(7));
    assert_eq!(of(&second, Account).held_back.new, 4);
    let fault = answer(&world, &first, Answer::Confirm).await.unwrap_err();
    assert_eq!(*fault.code(), Code::HeldOtherRun);
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).deleted, 0);
    answer(&world, &second, Answer::Confirm).await.unwrap();
    // Deletions after the decision need a decision of their own.
    for n in 7..10 {
        vanish(&world, "shown", n);
    }
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).deleted, 7);
    assert_eq!(verdict(&report, Account), Verdict::Held(3));
    assert_eq!(ids(&world).await, [id(7), id(8), id(9)]);
}

#[tokio::test]
async fn a_decision_needs_held_back_deletions_and_a_run_that_has_ended() {
    let world = copied(Shared::new().await).await;
    let calm = world.next_run().await;
    let code = async |run: &RunReport| answer(&world, run, Answer::Confirm).await.unwrap_err();
    assert_eq!(*code(&calm).await.code(), Code::HeldNothing);
    for n in 0..4 {
        vanish(&world, "shown", n);
    }
    let held = world.next_run().await;
    assert_eq!(*code(&calm).await.code(), Code::HeldOtherRun);
    let mut unknown = held.clone();
    unknown.run = domain::tenant::RunId::parse("unknown").unwrap();
    assert_eq!(*code(&unknown).await.code(), Code::RunUnknown);
    // A run that holds something back and has not ended may hold back more.
    for n in 4..8 {
        vanish(&world, "shown", n);
    }
    world.pass(DAY);
    let due = world.begin().await;
    let faults = Faults::refusing("count", 9, domain::fault::Fault::of(Code::TestFailed));
    assert!(world.slice(&due, &faults).await.unwrap().is_err());
    let mut open = held.clone();
    open.run = due.run.clone();
    assert_eq!(*code(&open).await.code(), Code::HeldRunOpen);
    world.finish(due, Faults::none()).await;
    answer(&world, &open, Answer::Confirm).await.unwrap();
    world.next_run().await;
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_run_that_ends_with_held_back_deletions_sends_an_event() {
    let world = copied(Shared::new().await).await;
    for n in 0..4 {
        vanish(&world, "shown", n);
    }
    world.pass(DAY);
    let due = world.begin().await;
    let ended = world.calm_slice(&due).await.unwrap();
    let domain::sync::Ended::Finished { orders, .. } = ended else {
        panic!("{ended:?}");
    };
    let held = orders.iter().find_map(|order| match order {
        Order::DeletionsHeld(held) => Some(held),
        _ => None,
    });
    let held = held.unwrap();
    assert_eq!(held.run, due.run);
    let [account] = &held.objects[..] else {
        panic!("{held:?}");
    };
    assert_eq!(
        (account.object, account.waiting, account.new),
        (Account, 4, 4)
    );
}

#[tokio::test]
async fn an_object_that_is_not_copied_any_more_holds_nothing_back() {
    let world = copied(Shared::new().await).await;
    for n in 0..4 {
        vanish(&world, "shown", n);
    }
    world.next_run().await;
    choose(&world, &[Contact]).await;
    world.next_run().await;
    assert!(held_back(&world).await.is_empty());
    choose(&world, &Object::ALL).await;
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}

/// The events before the run that is broken.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Story {
    /// More records are deleted than allowed, in each of the three ways and in one of two page orders.
    Hold(&'static str, bool),
    /// The run carries out a decision, takes back restored records, and deletes some.
    Decide(Answer),
}

async fn told(story: Story, shared: &Shared) -> World {
    let pages = match story {
        Story::Hold(_, false) => Unordered,
        _ => Ordered,
    };
    let mut world = World::of(shared.clone(), pages, 4).await;
    world.settings.max_vanishing_percent = 0;
    world.settings.always_may_vanish = 1;
    fill(&world.crm, Account, 8);
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR * 23);
    let way = match story {
        Story::Hold(way, _) => way,
        Story::Decide(_) => "shown",
    };
    for n in 0..3 {
        vanish(&world, way, n);
    }
    write(&world.crm, Account, 20, "new");
    write(&world.crm, Account, 6, "changed");
    if let Story::Decide(decided) = story {
        let held = world.next_run().await;
        answer(&world, &held, decided).await.unwrap();
        write(&world.crm, Account, 1, "new");
        vanish(&world, "shown", 7);
    }
    world.pass(DAY);
    world
}

async fn end(world: &World) -> Vec<String> {
    let mut end = world.contents().await;
    let held_back = world.store.snapshot().held_back;
    end.extend(
        held_back
            .iter()
            .map(|(place, line)| format!("{place} {line}")),
    );
    let report = world.store.snapshot().progress;
    for progress in domain::ports::Runs::progress(&world.store, &world.scope)
        .await
        .unwrap()
    {
        let summary = progress.summary;
        end.push(format!(
            "{} {} {:?} {:?}",
            summary.deleted, summary.by_order, summary.held_back, summary.decided
        ));
    }
    assert!(!report.is_empty());
    end
}

async fn break_each_call(story: Story) {
    let shared = Shared::new().await;
    let world = told(story, &shared).await;
    let calm = Faults::none();
    world.finish(world.begin().await, calm.clone()).await;
    let undisturbed = end(&world).await;
    let n_calls = calm.n_calls();
    for mode in Mode::ALL {
        for n in 1..=n_calls {
            let world = told(story, &shared).await;
            let faults = Faults::at(n, mode);
            world.finish(world.begin().await, faults.clone()).await;
            let broke = faults.broke().expect("every call is reached");
            let end = end(&world).await;
            assert_eq!(
                end, undisturbed,
                "{story:?} {mode:?} at call {n} of {n_calls}, {broke}"
            );
        }
    }
}

#[tokio::test]
async fn a_broken_run_that_holds_back_deletions_ends_as_an_undisturbed_one() {
    for way in WAYS {
        break_each_call(Story::Hold(way, true)).await;
    }
    break_each_call(Story::Hold("shown", false)).await;
}

#[tokio::test]
async fn a_broken_run_that_carries_out_a_decision_ends_as_an_undisturbed_one() {
    break_each_call(Story::Decide(Answer::Confirm)).await;
    break_each_call(Story::Decide(Answer::Leave)).await;
}
