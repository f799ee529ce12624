use super::*;
use domain::fault::CrmCode;

#[tokio::test]
async fn a_bulk_read_says_that_it_reached_the_windows_end_with_its_last_page_only() {
    let org = Org::start().await;
    org.load_accounts(1_000);
    let all = pages(&*org.crm_with(in_bulk()), Object::Account, &whole()).await;
    let reached: Vec<_> = all.iter().map(|page| page.reached.is_some()).collect();
    assert_eq!(reached, [false, false, false, true]);
    assert_eq!(
        all[3].reached,
        Some(Position {
            at: whole().until,
            id: None
        })
    );
    assert!(
        all.iter()
            .all(|page| page.raw.starts_with(b"\"") && page.items.len() <= 300)
    );
}

#[tokio::test]
async fn a_job_that_is_forgotten_is_deleted_and_its_token_lost() {
    let org = Org::start().await;
    org.load_accounts(1_000);
    let crm = org.crm_with(in_bulk());
    let first = page(&*crm, Object::Account, &whole(), None).await;
    let token = first.next.unwrap();
    assert_eq!(
        page(&*crm, Object::Account, &whole(), Some(&token))
            .await
            .items
            .len(),
        300
    );
    crm.forget(&token).await;
    assert_eq!(org.answers("/jobs/query/{job}", 204), 1);
    assert!(is_lost(&*crm, Object::Account, &whole(), &token).await);

    // If a job's results fit on one page, there is no token that Salesforce could forget.
    let crm = org.crm_with(Options {
        bulk_page: 5_000,
        ..in_bulk()
    });
    assert!(
        page(&*crm, Object::Account, &whole(), None)
            .await
            .next
            .is_none()
    );
    assert_eq!(org.answers("/jobs/query/{job}", 204), 2);
}

#[tokio::test]
async fn a_job_that_takes_long_hands_over_and_is_taken_up_again() {
    let org = Org::with(Config {
        bulk_polls: 400,
        rotate_refresh_tokens: false,
        ..Config::default()
    })
    .await;
    org.load_accounts(500);
    let patient = in_bulk();
    let hasty = Options {
        poll: Poll {
            total: Duration::from_millis(10),
            ..patient.poll.clone()
        },
        ..patient.clone()
    };
    let first = page(&*org.crm_with(hasty), Object::Account, &whole(), None).await;
    assert!(first.items.is_empty() && first.reached.is_none());
    let mut token = first.next;
    let mut count = 0;
    let crm = org.crm_with(patient);
    while let Some(next) = token {
        let page = page(&*crm, Object::Account, &whole(), Some(&next)).await;
        count += page.items.len();
        token = page.next;
    }
    assert_eq!((count, org.answers("/jobs/query", 200)), (500, 1));
}

#[tokio::test]
async fn what_bulk_does_not_do_is_read_by_rest() {
    let org = Org::start().await;
    org.load_accounts(700);
    let message = "Entity 'Account' is not supported by the Bulk API.";
    let refusal = Spoil::Error {
        status: 400,
        code: "INVALIDENTITY".to_owned(),
        message: message.to_owned(),
        retry_after: None,
    };
    org.spoil("/jobs/query", 0, refusal);
    let crm = org.crm_with(in_bulk());
    assert_eq!(
        live(&items(&*crm, Object::Account, &whole()).await).len(),
        700
    );
    assert_eq!(
        live(&items(&*crm, Object::Account, &whole()).await).len(),
        700
    );
    assert_eq!(org.answers("/jobs/query", 400), 1);
}

#[tokio::test]
async fn a_job_that_fails_or_may_not_be_made_leaves_the_window_to_rest() {
    let org = Org::start().await;
    org.load_accounts(700);
    org.spoil("/jobs/query", 1, Spoil::JobFails);
    let crm = org.crm_with(in_bulk());
    let all = items(&*crm, Object::Account, &whole()).await;
    assert_eq!(live(&all).len(), 700);
    assert_eq!(org.answers("/jobs/query", 200), 1);
    assert_eq!(org.answers("/jobs/query/{job}", 204), 1);

    let org = Org::with(Config {
        daily_bulk_jobs: 0,
        ..Config::default()
    })
    .await;
    org.load_accounts(700);
    let all = items(&*org.crm_with(in_bulk()), Object::Account, &whole()).await;
    assert_eq!(live(&all).len(), 700);
}

#[tokio::test]
async fn a_job_that_was_deleted_behind_our_back_loses_its_token_and_nothing_else() {
    let org = Org::with(Config {
        bulk_polls: 400,
        ..Config::default()
    })
    .await;
    org.load_accounts(500);
    let hasty = Poll {
        total: Duration::from_millis(10),
        ..in_bulk().poll
    };
    let crm = org.crm_with(Options {
        poll: hasty,
        ..in_bulk()
    });
    let waiting = page(&*crm, Object::Account, &whole(), None).await;
    let token = waiting.next.unwrap();
    crm.forget(&token).await;
    assert!(is_lost(&*crm, Object::Account, &whole(), &token).await);
}

#[tokio::test]
async fn what_bulk_refuses_in_words_that_nobody_knows_is_read_by_rest() {
    let odd = |status| Spoil::OddBody {
        status,
        body: "<html>".to_owned(),
    };
    for fault in [
        error(400, "BRAND_NEW"),
        error(403, "BULK_API_NOT_FOR_YOU"),
        error(405, "METHOD_NOT_ALLOWED"),
        error(404, "NOT_FOUND"),
        error(409, "BRAND_NEW"),
        odd(400),
        odd(404),
        odd(413),
    ] {
        // Salesforce refuses when the job is created, when its state is polled, and when its results are fetched.
        for nth in [1, 2, 3] {
            let org = Org::start().await;
            org.load_accounts(700);
            let crm = org.crm_with(in_bulk());
            let what = format!("{fault:?}, {nth}");
            org.spoil_nth("/jobs/query", nth, 0, fault.clone());
            let read = live(&items(&*crm, Object::Account, &whole()).await);
            assert_eq!(read.len(), 700, "{what}");
        }
    }
}

#[tokio::test]
async fn a_job_whose_later_pages_are_refused_is_left_for_rest() {
    let org = Org::start().await;
    org.load_accounts(700);
    let crm = org.crm_with(in_bulk());
    let first = page(&*crm, Object::Account, &whole(), None).await;
    org.spoil("/jobs/query", 0, error(403, "BRAND_NEW"));
    let token = first.next.unwrap();
    assert!(is_lost(&*crm, Object::Account, &whole(), &token).await);
    assert_eq!(
        live(&items(&*crm, Object::Account, &whole()).await).len(),
        700
    );
}

#[tokio::test]
async fn what_rest_refuses_as_well_keeps_its_reason() {
    let org = Org::start().await;
    org.load_accounts(3);
    let crm = org.crm_with(in_bulk());
    crm.describe(Object::Account).await.unwrap();
    org.spoil("/jobs/query", 0, error(400, "BRAND_NEW"));
    org.spoil_nth("/queryAll", 2, 0, error(400, "INVALID_TYPE"));
    let ask = Changes {
        object: Object::Account,
        window: &whole(),
        resume: None,
        token: None,
        at_most: None,
    };
    let fault = crm.changes(ask).await.map(|_| ()).unwrap_err();
    assert_eq!(fault.crm_code(), Some(&CrmCode::InvalidType));
}
