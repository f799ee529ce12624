use simulator::salesforce::fault;

use super::*;
use domain::{
    fault::CrmCode,
    progress::{Budget, Per},
};

#[tokio::test]
async fn bad_weather_is_waited_out() {
    let cut = |after, chunked| Spoil::Cut { after, chunked };
    let odd = |status| Spoil::OddBody {
        status,
        body: "<html>".to_owned(),
    };
    for fault in [
        error(503, "SERVER_UNAVAILABLE"),
        error(500, "UNKNOWN_EXCEPTION"),
        error(400, "UNABLE_TO_LOCK_ROW"),
        error(403, "TXN_SECURITY_METERING_ERROR"),
        odd(406),
        odd(420),
        odd(429),
        odd(502),
        cut(1_000, false),
        cut(1_000, true),
        Spoil::Truncate { keep: 1_000 },
        Spoil::NonUtf8,
        Spoil::AnswerLost,
        Spoil::Reset,
    ] {
        let org = Org::start().await;
        org.load_accounts(2_500);
        let crm = org.crm();
        let what = format!("{fault:?}");
        // The second query is the first page, after the count. The third is the next page.
        org.spoil_nth("/query", 2, 2, fault);
        assert_eq!(
            live(&items(&*crm, Object::Account, &whole()).await).len(),
            2_500,
            "{what}"
        );
    }
}

#[tokio::test]
async fn bad_weather_over_bulk_results_is_waited_out() {
    for fault in [
        Spoil::Cut {
            after: 1_000,
            chunked: false,
        },
        Spoil::Cut {
            after: 1_000,
            chunked: true,
        },
        Spoil::Truncate { keep: 20_000 },
        Spoil::Reset,
        error(500, "UNKNOWN_EXCEPTION"),
    ] {
        let org = Org::start().await;
        org.load_accounts(700);
        let crm = org.crm_with(in_bulk());
        let what = format!("{fault:?}");
        let first = page(&*crm, Object::Account, &whole(), None).await;
        org.spoil("/jobs/query", 2, fault);
        let second = page(&*crm, Object::Account, &whole(), first.next.as_ref()).await;
        assert_eq!(second.items.len(), 300, "{what}");
        live(&second.items);
    }
}

#[tokio::test]
async fn bad_weather_that_lasts_is_a_passing_fault_without_a_word_of_the_answer() {
    let org = Org::start().await;
    let crm = org.crm();
    org.spoil("/query", 0, error(503, "SERVER_UNAVAILABLE"));
    let fault = crm.count(Object::Account).await.unwrap_err();
    assert!(fault.is_transient());
    assert_eq!(fault.crm_code(), Some(&CrmCode::ServerUnavailable));
    assert!(!fault.to_string().contains("Mustermann"));
    assert_eq!(org.answers("/query", 503), 4);
}

#[tokio::test]
async fn a_used_up_quota_stops_at_once_and_says_when_to_come_back() {
    let org = Org::with(Config {
        daily_api_requests: 3,
        ..Config::default()
    })
    .await;
    let crm = org.crm();
    let fault = loop {
        if let Err(fault) = crm.count(Object::Account).await {
            break fault;
        }
    };
    assert_eq!(
        (fault.crm_code(), fault.is_transient()),
        (Some(&CrmCode::RequestLimit), true)
    );
    assert!(fault.retry_after().unwrap() >= Duration::from_secs(15 * 60));
    assert_eq!(org.answers("/query", 403), 1);
}

#[tokio::test]
async fn a_limit_that_is_over_in_seconds_is_waited_out() {
    let org = Org::start().await;
    let crm = org.crm();
    org.spoil("/query", 1, fault::named("limit_429_retry_after").unwrap());
    crm.count(Object::Account).await.unwrap();
    assert_eq!(
        (org.answers("/query", 429), org.answers("/query", 200)),
        (1, 1)
    );
}

#[tokio::test]
async fn a_throttle_that_names_no_time_is_waited_out_and_asks_for_no_long_quiet() {
    let org = Org::start().await;
    let crm = org.crm();
    let throttle = || fault::named("limit_429").unwrap();
    org.spoil("/query", 2, throttle());
    crm.count(Object::Account).await.unwrap();
    assert_eq!(org.answers("/query", 429), 2);
    org.spoil("/query", 0, throttle());
    let fault = crm.count(Object::Account).await.unwrap_err();
    assert_eq!(
        (fault.crm_code(), fault.is_transient(), fault.retry_after()),
        (Some(&CrmCode::Throttled), true, None)
    );
    assert!(org.answers("/query", 429) < 10, "bounded");
}

#[tokio::test]
async fn what_salesforce_asks_to_wait_is_waited_within_a_bound() {
    let org = Org::start().await;
    let crm = org.crm();
    let busy = |seconds| Spoil::Error {
        status: 503,
        code: "SERVER_UNAVAILABLE".to_owned(),
        message: String::new(),
        retry_after: Some(seconds),
    };
    org.spoil("/query", 1, busy(1));
    let begun = std::time::Instant::now();
    crm.count(Object::Account).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    org.spoil("/query", 1, busy(3_600));
    let fault = crm.count(Object::Account).await.unwrap_err();
    assert!(fault.is_transient() && fault.retry_after() == Some(Duration::from_secs(3_600)));
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_asked_for_less_and_then_in_bulk() {
    let org = Org::start().await;
    org.load_accounts(700);
    let timeout = || error(400, "QUERY_TIMEOUT");
    let crm = org.crm();
    org.spoil_nth("/queryAll", 2, 1, timeout());
    let first = page(&*crm, Object::Account, &whole(), None).await;
    assert_eq!(first.items.len(), 200);
    assert_eq!(org.answers("/jobs/query", 200), 0);

    org.spoil("/queryAll", 3, timeout());
    assert_eq!(
        live(&items(&*crm, Object::Account, &whole()).await).len(),
        700
    );
    assert_eq!(org.answers("/jobs/query", 200), 1);
}

#[tokio::test]
async fn a_silent_server_is_left_and_asked_again() {
    let org = Org::start().await;
    let crm = org.crm_with(Options {
        client: ClientSettings {
            read_timeout: Duration::from_millis(200),
            ..options().client
        },
        ..options()
    });
    crm.count(Object::Account).await.unwrap();
    org.spoil("/query", 1, Spoil::Slow { delay_ms: 3_000 });
    let begun = std::time::Instant::now();
    crm.count(Object::Account).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2));
    org.spoil("/query", 0, Spoil::Slow { delay_ms: 3_000 });
    assert_eq!(
        crm.count(Object::Account).await.unwrap_err().crm_code(),
        Some(&CrmCode::Timeout)
    );
}

#[tokio::test]
async fn a_page_over_the_cap_is_asked_for_in_smaller_ones() {
    let org = Org::start().await;
    org.load_accounts(1_500);
    let capped = |options: Options| Options {
        client: ClientSettings {
            body_cap: 400_000,
            ..options.client
        },
        ..options
    };
    let by_rest = items(&*org.crm_with(capped(options())), Object::Account, &whole()).await;
    let in_bulk = items(
        &*org.crm_with(capped(Options {
            bulk_page: 5_000,
            ..in_bulk()
        })),
        Object::Account,
        &whole(),
    )
    .await;
    assert_eq!((live(&by_rest).len(), live(&in_bulk).len()), (1_500, 1_500));
}

#[tokio::test]
async fn a_missing_permission_is_lasting() {
    for (status, code, expected) in [
        (400, "INVALID_TYPE", CrmCode::said("invalid_type")),
        (
            403,
            "INSUFFICIENT_ACCESS_OR_READONLY",
            CrmCode::said("insufficient_access_or_readonly"),
        ),
        (
            403,
            "API_DISABLED_FOR_ORG",
            CrmCode::said("api_disabled_for_org"),
        ),
        (400, "MALFORMED_QUERY", CrmCode::said("malformed_query")),
    ] {
        let org = Org::start().await;
        let crm = org.crm();
        org.spoil("/query", 0, error(status, code));
        let fault = crm.count(Object::Account).await.unwrap_err();
        assert_eq!(
            (fault.kind(), fault.crm_code()),
            (domain::fault::Kind::Permanent, Some(&expected))
        );
        assert_eq!(org.answers("/query", status), 1, "{code}");
    }
}

#[tokio::test]
async fn clock_and_usage_are_salesforces_own() {
    let org = Org::with(Config {
        per_app_limit: Some(("Abgleich".to_owned(), 50)),
        ..Config::default()
    })
    .await;
    let crm = org.crm();
    let before = Timestamp::now();
    let clock = crm.clock().await.unwrap();
    assert!(
        clock <= Timestamp::now()
            && before.duration_since(clock) < jiff::SignedDuration::from_secs(2)
    );
    for _ in 0..4 {
        crm.count(Object::Account).await.unwrap();
    }
    let usage = crm.usage();
    assert_eq!(usage.requests, 6);
    let budgets = usage.budgets.iter();
    let budgets: Vec<_> = budgets
        .map(|one| (&*one.name, one.total, one.per))
        .collect();
    let wanted = [
        ("api-usage", 100_000, Per::Day),
        ("per-app-api-usage", 50, Per::Day),
    ];
    assert_eq!(budgets, wanted);
    assert_eq!(Budget::first_used_up(&usage.budgets).unwrap().1, 50);
    assert!(crm.abilities().reading.lag >= jiff::SignedDuration::from_mins(5));
}
