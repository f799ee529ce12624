//! Nobody starves of very many integrations, and nobody waits longer because another tenant reads ten million records for the first
//! time. `make bench` prints the same for a hundred thousand (`ONLY=days`).

use crate::days::{FirstReading, Plan, Tally, simulated};

/// Two days. With one slice at a time, the last order of a day waits for two and a half hours.
fn plan(slices: usize) -> Plan {
    Plan {
        integrations: 300,
        slices,
        seconds: 30.0,
        days: 2,
        one_fails_of: 100,
        has_giant: true,
        spread: None,
        first: None,
    }
}

fn assert_all_are_synced(plan: &Plan, tally: &Tally) {
    let failing = (0..plan.integrations).filter(|n| plan.fails(*n)).count();
    for day in 0..plan.days {
        let (without, failed) = tally.without(day);
        assert_eq!(without, failing, "day {day}");
        // A run is given up after twenty hours, and that of the last day is still open at its end.
        let over = if day + 1 == plan.days { 0 } else { failing };
        assert_eq!(failed, over, "and their runs were given up on day {day}");
    }
    // Every rule comes to the end of its list: each hour, and once a day.
    assert_eq!(tally.complete, plan.days * 25);
    assert_eq!(tally.killed, 0);
}

#[tokio::test(start_paused = true)]
async fn every_integration_is_synced_each_day_though_its_order_waits_for_hours() {
    let plan = plan(1);
    let tally = simulated(plan.clone()).await;
    assert_all_are_synced(&plan, &tally);
}

#[tokio::test(start_paused = true)]
async fn orders_that_wait_are_given_again_a_few_times_a_day_and_not_each_hour() {
    // The one slice is busy for more than half a day, so most orders wait for hours.
    let plan = Plan {
        integrations: 400,
        one_fails_of: 0,
        seconds: 100.0,
        ..plan(1)
    };
    let tally = simulated(plan.clone()).await;
    assert_all_are_synced(&plan, &tally);
    let [half, _, longest] = tally.waits(1);
    assert!(half > 5.0 * 3_600.0, "{half}");
    // A run that waits for twelve hours has been ordered again after one, two, four and eight.
    assert!(longest < 16.0 * 3_600.0, "{longest}");
    assert!(tally.resumed <= 4 * tally.begun, "{}", tally.resumed);
    assert_eq!(tally.superfluous, tally.orders - tally.begun);
}

/// Returns how long the first orders of the second day waited, in seconds, and what came of it.
async fn beside(first: Option<FirstReading>) -> ([f64; 3], Tally) {
    let plan = Plan {
        integrations: 200,
        one_fails_of: 0,
        seconds: 30.0,
        first,
        ..plan(4)
    };
    let tally = simulated(plan.clone()).await;
    assert_all_are_synced(&plan, &tally);
    (tally.waits(1), tally)
}

#[tokio::test(start_paused = true)]
async fn first_readings_of_one_tenant_take_its_share_of_the_slices_and_others_wait_hardly_longer() {
    let (alone, _) = beside(None).await;
    let first = FirstReading {
        integrations: 4,
        pages: 200,
        seconds_a_page: 30.0,
        most_slices: 1,
    };
    let (waits, tally) = beside(Some(first)).await;
    assert_eq!(tally.most_first, 1, "the tenant's share is one slice");
    assert_eq!(tally.first_readings(), 4, "and they come to their end");
    // One slice of four is taken, so a queue of the others takes a third longer at most, and each waits for one slice more.
    let [half, most, longest] = waits;
    assert!(half <= alone[0] * 4.0 / 3.0 + 60.0, "{half} {alone:?}");
    assert!(most <= alone[1] * 4.0 / 3.0 + 60.0, "{most} {alone:?}");
    assert!(
        longest <= alone[2] * 4.0 / 3.0 + 60.0,
        "{longest} {alone:?}"
    );
}
