//! What dispatch measures and names.

use super::*;

/// Returns what `watch` counts and logs at an hour.
async fn watched(ledger: &Pages, hour: i64) -> (Outcome<()>, metrics::Sheet, Vec<Value>) {
    watched_by(Rule::Hourly, ledger, hour).await
}

async fn watched_by(
    rule: Rule,
    ledger: &Pages,
    hour: i64,
) -> (Outcome<()>, metrics::Sheet, Vec<Value>) {
    let (bus, clock) = (Bus::default(), || at(hour * 3_600));
    let watch = with(ledger, &bus, &clock, async |given| {
        with_log(Level::INFO, metrics::gather(watch(given, rule))).await
    });
    let ((outcome, sheet), lines) = watch.await;
    (outcome, sheet, lines)
}

#[tokio::test]
async fn overdue_integrations_are_measured_counted_and_named() {
    let unverified = |tenant, hour: i64| Unverified {
        scope: scope(tenant),
        since: at(hour * 3_600),
    };
    let ledger = Pages {
        unverified: Some(vec![unverified("late", 0), unverified("less-late", 4)]),
        ..Pages::default()
    };
    // The hour, and who is named with whether that is new.
    let looks = [
        (25, vec![]),
        (26, vec![("late", true)]),
        (28, vec![("late", false)]),
        (30, vec![("late", false), ("less-late", true)]),
        (32, vec![("late", false), ("less-late", false)]),
    ];
    for (hour, named) in looks {
        let (outcome, sheet, lines) = watched(&ledger, hour).await;
        outcome.unwrap();
        let oldest = sheet.get(Metric::OldestUnverifiedHours);
        assert_eq!(oldest, u64::try_from(hour).ok());
        let overdue = sheet.get(Metric::UnverifiedIntegrations);
        assert_eq!(overdue, Some(named.len() as u64), "{hour}");
        let new = named.iter().filter(|(_, is_new)| *is_new).count() as u64;
        let counted = sheet.get(Metric::NewlyUnverified);
        assert_eq!(counted, (new > 0).then_some(new), "{hour}");
        let lines: Vec<_> = lines
            .iter()
            .map(|line| (line["tenant"].as_str().unwrap(), line["new"] == true))
            .collect();
        assert_eq!(lines, named, "{hour}");
    }
}

#[tokio::test]
async fn an_integration_that_becomes_overdue_in_the_hour_of_the_daily_rule_counts_once() {
    let ledger = Pages {
        unverified: Some(vec![Unverified {
            scope: scope("late"),
            since: at(0),
        }]),
        ..Pages::default()
    };
    let mut counted = 0;
    for (kind, hour) in [
        (Rule::Hourly, 25),
        (Rule::Daily, 26),
        (Rule::Hourly, 26),
        (Rule::Hourly, 28),
    ] {
        let (outcome, sheet, lines) = watched_by(kind, &ledger, hour).await;
        outcome.unwrap();
        let new = sheet.get(Metric::NewlyUnverified).unwrap_or(0);
        let named = lines.iter().filter(|line| line["new"] == true).count();
        assert_eq!(new, named as u64, "who counts is named as new");
        counted += new;
        let overdue = sheet.get(Metric::UnverifiedIntegrations);
        assert_eq!(overdue, Some(u64::from(hour > 25)), "both rules measure");
    }
    assert_eq!(counted, 1);
}

#[tokio::test]
async fn nobody_waiting_is_measured_as_0_and_an_index_that_cannot_be_read_not_at_all() {
    let none = Pages {
        unverified: Some(Vec::new()),
        ..Pages::default()
    };
    let (outcome, sheet, _) = watched(&none, 9).await;
    assert!(outcome.is_ok());
    // Missing values ring the alarm, so there has to be one.
    assert_eq!(sheet.get(Metric::UnverifiedIntegrations), Some(0));
    assert_eq!(sheet.get(Metric::OldestUnverifiedHours), Some(0));
    let (outcome, sheet, _) = watched(&Pages::default(), 9).await;
    assert!(outcome.is_err());
    assert_eq!(sheet, metrics::Sheet::default());
}

#[tokio::test]
async fn the_age_of_the_oldest_removal_is_measured() {
    let removal = |tenant, second| Due {
        removing: true,
        due: at(second),
        ..due(tenant)
    };
    let ledger = Pages {
        pages: vec![
            vec![removal("acme-1", 7_200)],
            vec![removal("acme-2", 3_600), removal("acme-3", 9_000)],
        ],
        ..Pages::default()
    };
    let (bus, clock) = (Bus::default(), || at(25 * 3_600 + 1));
    let counted = with(&ledger, &bus, &clock, async |given| {
        let given = DispatchContext {
            deadline: at(100 * 3_600),
            ..*given
        };
        metrics::gather(run(&given, &begins(Rule::Hourly), None)).await
    });
    let (tally, sheet) = counted.await;
    assert!(tally.unwrap().complete);
    assert_eq!(sheet.get(Metric::OldestRemovalHours), Some(24));
    assert_eq!(sheet.get(Metric::DispatchIncomplete), None);
}

#[tokio::test]
async fn a_removal_that_nobody_works_on_is_measured_in_its_stage_and_named() {
    let ledger = Pages::default();
    let store = &ledger.removals;
    for tenant in ["acme-1", "acme-2"] {
        assert!(
            store
                .connect(&connected(scope(tenant)), None)
                .await
                .unwrap()
        );
    }
    let which = |tenant| Which {
        tenant: scope(tenant).tenant,
        integration: scope(tenant).integration,
    };
    for (tenant, hour) in [("acme-1", 0), ("acme-2", 3)] {
        let asked = Asked {
            by: Asker::operator(),
            at: at(hour * 3_600),
        };
        store.begin_removal(&which(tenant), &asked).await.unwrap();
    }
    let bus = Bus::default();
    // One that is no removal any more is left out.
    let scopes = ["acme-1", "acme-2", "acme-3"].map(scope).to_vec();
    for (hour, named) in [
        (5, vec![]),
        (7, vec!["acme-1"]),
        (9, vec!["acme-1", "acme-2"]),
    ] {
        let clock = || at(hour * 3_600);
        let watched = with(&ledger, &bus, &clock, async |given| {
            let given = DispatchContext {
                deadline: at(100 * 3_600),
                ..*given
            };
            let watch = metrics::gather(watch_removals(&given, scopes.clone()));
            with_log(Level::INFO, watch).await
        });
        let ((outcome, sheet), lines) = watched.await;
        outcome.unwrap();
        let age = sheet.get(Metric::RemovalHoursRevoking);
        assert_eq!(age, u64::try_from(hour).ok());
        assert_eq!(sheet.get(Metric::RemovalHoursSweeping), None);
        let lines: Vec<_> = lines.iter().map(|line| &line["tenant"]).collect();
        assert_eq!(lines, named, "{hour}");
    }
}

#[tokio::test]
async fn an_end_that_is_not_over_is_ordered_again_each_hour_measured_and_named() {
    let (ledger, bus) = (Pages::default(), Bus::default());
    let store = &ledger.removals;
    let begun = |hour: i64| {
        Offboarding::begin(Asked {
            by: Asker::operator(),
            at: at(hour * 3_600),
        })
    };
    let (removing, deleting, over) = ("acme-1", "acme-2", "acme-3");
    let mut counted = begun(1);
    counted.counted = Some(Counted {
        at: at(20 * 3_600),
        rows: BTreeMap::new(),
        keys: Vec::new(),
    });
    let mut ended = begun(0);
    ended.receipt = Some(TenantReceipt {
        document: "{}".to_owned(),
        signature: Vec::new(),
        key_id: "k".to_owned(),
    });
    for (tenant, state) in [(removing, begun(3)), (deleting, counted), (over, ended)] {
        let tenant = scope(tenant).tenant;
        let put = store.put_offboarding(&tenant, None, &state);
        assert!(put.await.unwrap());
    }
    for (hour, named) in [
        (8, vec![]),
        (9, vec![removing]),
        (26, vec![deleting, removing]),
    ] {
        let clock = || at(hour * 3_600);
        let order = with(&ledger, &bus, &clock, async |given| {
            with_log(Level::INFO, metrics::gather(order_ends(given))).await
        });
        let ((outcome, sheet), lines) = order.await;
        outcome.unwrap();
        let counted = |metric| sheet.get(metric).and_then(|n| i64::try_from(n).ok());
        assert_eq!(counted(Metric::OldestOffboardingHours), Some(hour - 1));
        assert_eq!(counted(Metric::OffboardingHoursRemoving), Some(hour - 3));
        let deletes = counted(Metric::OffboardingHoursDeleting);
        assert_eq!(deletes, Some((hour - 20).max(0)));
        let names = lines.iter().filter(|line| line["level"] == "WARN");
        let names: Vec<_> = names.map(|line| &line["tenant"]).collect();
        assert_eq!(names, named, "{hour}");
        let sent = std::mem::take(&mut *bus.sent.lock().unwrap());
        let due = [deleting, removing].map(|tenant| {
            let tenant = scope(tenant).tenant;
            Order::OffboardingDue(OffboardingDue { tenant })
        });
        assert_eq!(sent, due, "{hour}");
    }
}

#[tokio::test]
async fn no_end_is_measured_as_0_and_a_bus_that_fails_is_said() {
    let ledger = Pages::default();
    let broken = Bus {
        broken: true,
        ..Bus::default()
    };
    let clock = || at(3_600);
    let order = async || {
        with(&ledger, &broken, &clock, async |given| {
            metrics::gather(order_ends(given)).await
        })
        .await
    };
    let (outcome, sheet) = order().await;
    assert!(outcome.is_ok(), "nothing is sent");
    assert_eq!(sheet.get(Metric::OldestOffboardingHours), Some(0));
    let state = Offboarding::begin(Asked {
        by: Asker::operator(),
        at: at(0),
    });
    let tenant = scope("acme-1").tenant;
    let put = ledger.removals.put_offboarding(&tenant, None, &state);
    assert!(put.await.unwrap());
    let (outcome, sheet) = order().await;
    assert!(outcome.is_err());
    assert_eq!(sheet.get(Metric::OldestOffboardingHours), Some(1));
}
