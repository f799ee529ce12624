use super::*;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + hours * 3_600).unwrap()
}

fn run(name: &str) -> RunId {
    RunId::parse(name).unwrap()
}

/// Returns the standstill of the last of `n` slices that begin at one position, an hour apart.
fn after(n: i64) -> Standstill {
    let mut found = Standstill::next(None, &run("run-1"), "a".to_owned(), at(0));
    for hour in 1..n {
        found = Standstill::next(Some(&found), &run("run-1"), "a".to_owned(), at(hour));
    }
    found
}

#[test]
fn slices_without_progress_are_counted_until_one_makes_progress() {
    assert_eq!((after(1).slices, after(5).slices), (0, 4));
    assert_eq!(after(5).since, at(0));
    for (of, mark) in [("run-1", "b"), ("run-2", "a")] {
        let next = Standstill::next(Some(&after(5)), &run(of), mark.to_owned(), at(9));
        assert_eq!((next.slices, next.since), (0, at(9)), "{of} {mark}");
    }
}

#[test]
fn the_time_that_a_run_waits_does_not_count_but_the_slices_before_do() {
    let exhausted = Exhausted {
        code: Code::CrmShareUsedUp,
        until: at(31),
    };
    let look = |earlier: Option<&Standstill>, hour| {
        Standstill::waiting(earlier, &run("run-1"), at(hour), &exhausted)
    };
    let waiting = look(Some(&after(5)), 5);
    let waits = waiting.waits.clone().unwrap();
    assert_eq!(waits.code, "crm.share_used_up");
    assert_eq!((waits.at, waits.until), (at(5), at(31)));
    assert_eq!(waiting.at_most, Some(250), "pages stay small");
    assert!(!waiting.is_told());
    let waiting = look(Some(&look(Some(&waiting), 20)), 30);
    assert_eq!((waiting.slices, waiting.since), (4, at(25)));
    let next =
        |mark: &str| Standstill::next(Some(&waiting), &run("run-1"), mark.to_owned(), at(31));
    let (same, moved) = (next("a"), next("b"));
    assert_eq!((same.slices, same.since), (5, at(26)));
    assert!(same.is_told());
    assert_eq!((moved.slices, moved.since), (0, at(31)));
    assert_eq!((same.waits, moved.waits), (None, None));
    assert_eq!(look(None, 30).slices, 0);
}

#[test]
fn the_quiet_that_a_crm_asks_for_first_does_not_count_and_pages_stay_as_they_are() {
    let moving = Code::parse("crm.account_moving");
    let day = SignedDuration::from_hours(24);
    let mut found = Standstill::next(None, &run("run-1"), "a".to_owned(), at(0));
    for hour in 1..=24 {
        found = found.quiet(&moving, at(hour - 1), day);
        let waits = found.waits.clone().unwrap();
        assert_eq!(
            (&*waits.code, waits.until),
            ("crm.account_moving", at(hour + 23))
        );
        assert!(!found.is_told());
        found = Standstill::next(Some(&found), &run("run-1"), "a".to_owned(), at(hour));
        assert_eq!((found.at_most, found.since), (None, at(hour)), "{hour}");
        assert!(!found.is_over(at(hour), SignedDuration::from_hours(20), 200));
    }
    // The CRM did not keep its word, so the time counts from now on.
    for hour in 25..=45 {
        found = found.quiet(&moving, at(hour - 1), day);
        found = Standstill::next(Some(&found), &run("run-1"), "a".to_owned(), at(hour));
        assert_eq!(found.since, at(24), "{hour}");
    }
    assert!(found.is_over(at(45), SignedDuration::from_hours(20), 200));
    let moved = Standstill::next(Some(&found), &run("run-1"), "b".to_owned(), at(46));
    assert_eq!((moved.slices, moved.quiet_until), (0, None));
}

#[test]
fn three_slices_without_progress_are_reported_and_pages_become_smaller() {
    assert!(!after(3).is_told() && after(4).is_told());
    let sizes = [3, 4, 5, 6, 40].map(|n| after(n).at_most);
    assert_eq!(sizes, [None, Some(500), Some(250), Some(125), Some(1)]);
    let next = |of| Standstill::next(Some(&after(5)), &run(of), "b".to_owned(), at(9));
    assert_eq!(
        next("run-1").at_most,
        Some(250),
        "the run gets on with them"
    );
    assert_eq!(next("run-2").at_most, None);
}

#[test]
fn it_is_over_after_a_day_or_after_many_slices() {
    let patience = SignedDuration::from_hours(20);
    assert!(!after(2).is_over(at(20), patience, 200));
    assert!(after(2).is_over(at(21), patience, 200));
    assert!(
        !after(1).is_over(at(21), patience, 200),
        "nothing was tried"
    );
    assert!(after(6).is_over(at(5), patience, 5));
}
