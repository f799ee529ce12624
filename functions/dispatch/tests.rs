#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]
use domain::fault::{Code, Fault};

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    sync::{
        Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use async_trait::async_trait;
use domain::{
    integration::{Due, OpenRun, Unverified, Which},
    offboarding::{Counted, Ending, Offboarding, TenantReceipt},
    order::{DispatchDue, OffboardingDue, Order, Rule},
    ports::{DueToken, Integrations, Offboardings},
    removal::{Asked, Asker},
};
use infra::memory::MemoryStore;
use serde_json::json;
use tracing::Level;

use super::*;
use crate::{
    events::tests::delivered,
    telemetry::tests::with_log,
    test_world::{Bus, at, connected, scope},
};

/// A Ledger with pages of what is due. It keeps the claims.
#[derive(Default)]
struct Pages {
    pages: Vec<Vec<Due>>,
    /// How many pages a part of the list has. `None` for one part.
    part: Option<usize>,
    /// The page that cannot be read.
    is_broken_at: Option<usize>,
    claims: Mutex<Vec<(Due, OpenRun)>>,
    /// `None` if the index cannot be read.
    unverified: Option<Vec<Unverified>>,
    /// Removals and offboardings.
    removals: MemoryStore,
}

#[async_trait]
impl Schedule for Pages {
    async fn parts(&self) -> Outcome<Vec<DueToken>> {
        let starts = (0..self.pages.len()).step_by(self.part.unwrap_or(usize::MAX));
        Ok(starts.map(|page| DueToken(page.to_string())).collect())
    }

    async fn due(&self, _: Timestamp, place: &DueToken) -> Outcome<(Vec<Due>, Option<DueToken>)> {
        let page: usize = place.0.parse().unwrap();
        if self.is_broken_at == Some(page) {
            return Err(Fault::of(Code::TestFailed));
        }
        let part = self.part.unwrap_or(usize::MAX);
        let is_last = page + 1 >= self.pages.len() || (page + 1).is_multiple_of(part);
        let next = (!is_last).then(|| DueToken((page + 1).to_string()));
        Ok((self.pages.get(page).cloned().unwrap_or_default(), next))
    }

    async fn claim(&self, seen: &Due, run: &OpenRun, _: Timestamp) -> Outcome<bool> {
        let claim = (seen.clone(), run.clone());
        self.claims.lock().unwrap().push(claim);
        Ok(true)
    }

    async fn longest_unverified(&self, most: u32) -> Outcome<Vec<Unverified>> {
        let all = self.unverified.clone();
        let mut all = all.ok_or_else(|| Fault::of(Code::TestFailed))?;
        all.truncate(most as usize);
        Ok(all)
    }

    async fn unverified_within(
        &self,
        within: RangeInclusive<Timestamp>,
        most: u32,
    ) -> Outcome<(u64, Vec<Unverified>)> {
        let mut all = self.longest_unverified(u32::MAX).await?;
        all.retain(|found| within.contains(&found.since));
        let n = all.len() as u64;
        all.truncate(most as usize);
        Ok((n, all))
    }

    async fn endings(&self, most: u32) -> Outcome<Vec<Ending>> {
        self.removals.endings(most).await
    }
}

/// An invocation by a schedule rule.
fn begins(rule: Rule) -> Start {
    Start {
        rule,
        places: None,
        invocations: 0,
    }
}

fn due(tenant: &str) -> Due {
    Due {
        scope: scope(tenant),
        due: at(0),
        removing: false,
        open_run: None,
        leased_until: None,
        hour: None,
    }
}

fn three_pages() -> Pages {
    let page = |n: usize| (0..2).map(|i| due(&format!("tenant-{n}-{i}"))).collect();
    Pages {
        pages: (0..3).map(page).collect(),
        ..Pages::default()
    }
}

async fn with<T>(
    ledger: &Pages,
    bus: &Bus,
    clock: &Clock<'_>,
    work: impl AsyncFnOnce(&DispatchContext<'_>) -> T,
) -> T {
    let given = DispatchContext {
        store: ledger,
        removals: &ledger.removals,
        send: &|orders| bus.send(orders),
        calendar: Calendar::every(SignedDuration::from_mins(1_200)),
        overdue: SignedDuration::from_hours(26),
        clock,
        random: &|| 7,
        deadline: at(60),
    };
    work(&given).await
}

async fn run_until(ledger: &Pages, bus: &Bus, seconds_per_look: i64) -> Outcome<Tally> {
    let time = AtomicI64::new(0);
    let clock = || at(time.fetch_add(seconds_per_look, Ordering::Relaxed));
    with(ledger, bus, &clock, async |given| {
        run(given, &begins(Rule::Daily), None).await
    })
    .await
}

mod watching;

#[test]
fn each_start_is_known_and_anything_else_is_named() {
    let start = |event: Value| start(&event);
    let daily = start(json!({"kind": "daily"})).unwrap();
    assert_eq!(daily, begins(Rule::Daily));
    let hourly = start(json!({"kind": "hourly", "more": 1})).unwrap();
    assert_eq!(hourly, begins(Rule::Hourly));
    let order = Order::DispatchDue(DispatchDue {
        rule: Rule::Daily,
        places: vec!["3 T#acme 2026".to_owned()],
        invocations: 2,
    });
    let goes_on = Start {
        rule: Rule::Daily,
        places: Some(vec![DueToken("3 T#acme 2026".to_owned())]),
        invocations: 2,
    };
    assert_eq!(start(delivered(&order)).unwrap(), goes_on);
    for (event, field) in [
        (json!({}), "kind"),
        (json!({"kind": "weekly"}), "kind"),
        (json!({"kind": 1}), "kind"),
        (json!("daily"), "kind"),
        (json!(null), "kind"),
        (json!({"detail-type": "SyncDue"}), "detail-type"),
        (
            json!({"detail-type": "DispatchDue", "detail": {"rule": "weekly", "places": []}}),
            "detail.rule",
        ),
        (
            json!({"detail-type": "DispatchDue", "detail": {"rule": "daily", "places": [1]}}),
            "detail.places",
        ),
    ] {
        let fault = start(event).unwrap_err();
        assert_eq!(
            (fault.code(), fault.field()),
            (&Code::EventMalformed, Some(field))
        );
    }
}

#[tokio::test]
async fn all_pages_are_gone_through() {
    let (ledger, bus) = (three_pages(), Bus::default());
    let tally = run_until(&ledger, &bus, 0).await.unwrap();
    assert_eq!(
        tally,
        Tally {
            begun: 6,
            resumed: 0,
            removing: 0,
            sent: 6,
            complete: true,
            handed_over: false,
            oldest_removal_hours: 0,
            removals: vec![]
        }
    );
    assert_eq!(bus.n_sent(), 6);
}

#[tokio::test]
async fn a_fault_in_one_part_of_the_list_leaves_the_others_as_they_are() {
    let ledger = Pages {
        part: Some(1),
        is_broken_at: Some(1),
        ..three_pages()
    };
    let bus = Bus::default();
    let fault = run_until(&ledger, &bus, 0).await.unwrap_err();
    assert_eq!(*fault.code(), Code::TestFailed);
    assert_eq!((ledger.claims.lock().unwrap().len(), bus.n_sent()), (4, 4));
}

#[tokio::test]
async fn a_fault_in_one_part_of_the_list_leaves_the_measures_of_the_others() {
    let removal = Due {
        removing: true,
        ..due("acme-1")
    };
    let ledger = Pages {
        pages: vec![vec![removal, due("acme-2")], vec![]],
        part: Some(1),
        is_broken_at: Some(1),
        ..Pages::default()
    };
    let store = &ledger.removals;
    store
        .connect(&connected(scope("acme-1")), None)
        .await
        .unwrap();
    let which = Which {
        tenant: scope("acme-1").tenant,
        integration: scope("acme-1").integration,
    };
    let asked = Asked {
        by: Asker::operator(),
        at: at(0),
    };
    store.begin_removal(&which, &asked).await.unwrap();
    let (bus, clock) = (Bus::default(), || at(6 * 3_600));
    let (outcome, sheet) = with(&ledger, &bus, &clock, async |given| {
        let given = DispatchContext {
            deadline: at(7 * 3_600),
            ..*given
        };
        metrics::gather(run(&given, &begins(Rule::Hourly), None)).await
    })
    .await;
    assert_eq!(*outcome.unwrap_err().code(), Code::TestFailed);
    for (metric, value) in [
        (Metric::RunsBegun, 1),
        (Metric::OldestRemovalHours, 6),
        (Metric::RemovalHoursRevoking, 6),
    ] {
        assert_eq!(sheet.get(metric), Some(value), "{metric:?}");
    }
}

#[tokio::test]
async fn a_list_is_handed_over_once_with_the_part_that_met_a_fault() {
    // Three parts of two pages. The second cannot be read, and the time is up after the first pages.
    let ledger = Pages {
        pages: (0..6).map(|n| vec![due(&format!("tenant-{n}"))]).collect(),
        part: Some(2),
        is_broken_at: Some(2),
        ..Pages::default()
    };
    let (bus, clock) = (Bus::default(), || at(55));
    let tally = with(&ledger, &bus, &clock, async |given| {
        let earlier = Some(Fault::of(Code::TestFailed));
        run(given, &begins(Rule::Daily), earlier).await
    });
    // Were it an error, Lambda would repeat the invocation, and the list would be handed over again.
    assert!(tally.await.unwrap().handed_over);
    let sent = bus.sent.lock().unwrap();
    let rests: Vec<_> = sent
        .iter()
        .filter_map(|order| match order {
            Order::DispatchDue(due) => Some(due.places.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(rests, [["1", "5", "2"].map(str::to_owned).to_vec()]);
}

#[tokio::test]
async fn a_page_whose_orders_cannot_be_sent_is_the_last_one_claimed() {
    let ledger = three_pages();
    let bus = Bus {
        broken: true,
        ..Bus::default()
    };
    let fault = run_until(&ledger, &bus, 0).await.unwrap_err();
    assert_eq!(*fault.code(), Code::TestFailed);
    assert_eq!(ledger.claims.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn little_time_left_ends_the_list_after_whole_pages() {
    let (ledger, bus) = (three_pages(), Bus::default());
    // The clock is read twice per page: at 0 and 26 for the first page, and at 52 after the second began.
    let tally = run_until(&ledger, &bus, 26).await.unwrap();
    assert_eq!(
        tally,
        Tally {
            begun: 4,
            resumed: 0,
            removing: 0,
            sent: 4,
            complete: false,
            handed_over: true,
            oldest_removal_hours: 0,
            removals: vec![]
        }
    );
    // The orders of four runs, and one to go on.
    assert_eq!(ledger.claims.lock().unwrap().len(), 4);
    assert_eq!(bus.n_sent(), 5);
    let order = bus.sent.lock().unwrap().last().cloned().unwrap();
    let rest = Start {
        rule: Rule::Daily,
        places: Some(vec![DueToken("2".to_owned())]),
        invocations: 1,
    };
    assert_eq!(start(&delivered(&order)).unwrap(), rest);
    let time = || at(0);
    let tally = with(&ledger, &bus, &time, async |given| {
        run(given, &rest, None).await
    });
    let tally = tally.await.unwrap();
    assert_eq!(
        (tally.begun, tally.complete, tally.handed_over),
        (2, true, false)
    );
}

#[tokio::test]
async fn a_list_that_takes_nearly_an_hour_is_counted_as_incomplete() {
    for (invocations, counted) in [(9, None), (10, Some(1))] {
        let start = Start {
            invocations,
            ..begins(Rule::Daily)
        };
        let tally = Tally {
            handed_over: true,
            ..Tally::default()
        };
        let ((), sheet) = metrics::gather(async { count(&tally, &start) }).await;
        assert_eq!(
            sheet.get(Metric::DispatchIncomplete),
            counted,
            "{invocations}"
        );
    }
}

#[tokio::test]
async fn one_page_is_done_however_little_time_there_is() {
    let (ledger, bus) = (three_pages(), Bus::default());
    let tally = run_until(&ledger, &bus, 1_000).await.unwrap();
    assert_eq!(
        (tally.sent, tally.complete, tally.handed_over),
        (2, false, true)
    );
}

#[tokio::test]
async fn a_removal_is_ordered_by_either_rule_and_not_claimed() {
    let mut removing = due("tenant-1");
    removing.removing = true;
    let ledger = Pages {
        pages: vec![vec![removing]],
        ..Pages::default()
    };
    let bus = Bus::default();
    let tally = run_until(&ledger, &bus, 0).await.unwrap();
    assert_eq!((tally.removing, tally.begun, tally.sent), (1, 0, 1));
    assert!(ledger.claims.lock().unwrap().is_empty());
    let sent = bus.sent.lock().unwrap();
    assert_eq!(sent[0].detail_type(), "RemovalDue");
}
