//! Servers that promise more pages than there are, or stop before they have kept their promise.

use super::{
    hostile::{answering, ok},
    *,
};
use domain::fault::CrmCode;

const FIELDS: &str =
    r#"{"fields":[{"name":"Id","type":"id"},{"name":"SystemModstamp","type":"datetime"}]}"#;
const STAMP: &str = "2026-11-01T10:00:00.000+0000";

fn of(org: &Org, instance: String, options: Options) -> Arc<dyn Crm> {
    let credentials = Credentials {
        instance_url: Some(instance),
        access_token: Some("a".to_owned()),
        ..org.credentials()
    };
    org.crm_of(credentials, options)
}

fn rest_page(records: &str, total: &str, next: Option<&str>) -> String {
    let (done, next) = match next {
        Some(next) => (false, format!(r#","nextRecordsUrl":"{next}""#)),
        None => (true, String::new()),
    };
    ok(&format!(
        r#"{{"totalSize":{total},"done":{done}{next},"records":[{records}]}}"#
    ))
}

fn record() -> String {
    format!(r#"{{"Id":"001000000000001AAA","SystemModstamp":"{STAMP}"}}"#)
}

const NEXT: &str = "/services/data/v64.0/query/01g000000000001-2000";

#[tokio::test]
async fn pages_that_never_end_end_the_object_with_that_reason() {
    // Every promise must fail alike, also one that is no number.
    for total in ["5000", "1", "0", "-1", "null", r#""many""#] {
        let (instance, seen) = answering(move |head| {
            if head.contains("/describe") {
                ok(FIELDS)
            } else if head.contains("COUNT") {
                rest_page("", "5000", None)
            } else if head.contains(NEXT) {
                rest_page("", total, Some(NEXT))
            } else {
                rest_page(&record(), total, Some(NEXT))
            }
        })
        .await;
        let org = Org::start().await;
        let (window, mut token) = (whole(), None);
        // Each page is asked for by another slice, as in a run where every slice gets one page further.
        let fault = loop {
            assert!(seen.load(std::sync::atomic::Ordering::SeqCst) < 200);
            let ask = Changes {
                object: Object::Account,
                window: &window,
                resume: None,
                token: token.as_ref(),
                at_most: None,
            };
            match of(&org, instance.clone(), options()).changes(ask).await {
                Ok(Answer::Page(page)) => token = Some(page.next.unwrap()),
                Ok(Answer::TokenLost | Answer::ResumeLost) => panic!("the token is lost"),
                Err(fault) => break fault,
            }
        };
        let endless = (
            domain::fault::Kind::Permanent,
            Some(&CrmCode::PagesWithoutEnd),
        );
        assert_eq!((fault.kind(), fault.crm_code()), endless, "{total}");

        // Fetching records by their ids follows the pages within one call.
        let crm = of(&org, instance.clone(), options());
        let fetched = crm
            .fetch(Object::Account, &[id("001000000000001AAA")])
            .await;
        let fault = fetched.map(|_| ()).unwrap_err();
        assert_eq!((fault.kind(), fault.crm_code()), endless, "{total}");

        // The list of all ids is bounded, too.
        let mut token = None;
        let fault = loop {
            assert!(seen.load(std::sync::atomic::Ordering::SeqCst) < 200);
            match crm.ids(Object::Account, token.as_ref()).await {
                Ok(page) => token = Some(page.next.unwrap()),
                Err(fault) => break fault,
            }
        };
        assert_eq!((fault.kind(), fault.crm_code()), endless, "{total}");
    }
}

#[tokio::test]
async fn a_list_of_ids_that_begins_with_nothing_and_goes_on_is_not_an_empty_one() {
    let (instance, _) = answering(|head| {
        if head.contains("/describe") {
            ok(FIELDS)
        } else {
            rest_page("", "5", Some(NEXT))
        }
    })
    .await;
    let org = Org::start().await;
    let listed = of(&org, instance, options())
        .ids(Object::Account, None)
        .await;
    assert_eq!(
        listed.map(|_| ()).unwrap_err().crm_code(),
        Some(&CrmCode::PagesWithoutEnd)
    );
}

#[tokio::test]
async fn a_count_that_is_no_number_is_permanent_and_one_that_is_cut_off_transient() {
    for (body, kind) in [
        (
            r#"{"totalSize":-1,"done":true}"#,
            domain::fault::Kind::Permanent,
        ),
        (r#"{"done":true}"#, domain::fault::Kind::Permanent),
        (r#"{"totalSize":12,"do"#, domain::fault::Kind::Transient),
    ] {
        let (instance, _) = answering(move |_| ok(body)).await;
        let org = Org::start().await;
        let fault = of(&org, instance, options()).count(Object::Account).await;
        let fault = fault.unwrap_err();
        assert_eq!(
            (fault.kind(), fault.crm_code()),
            (kind, Some(&CrmCode::CountUnreadable)),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_bulk_job_whose_results_do_not_end_or_do_not_fit_is_left_for_rest() {
    // The locator leads to itself, or the server promises more records than it ever sends.
    for (promised, locator) in [("1", "MTAw"), ("7", "null")] {
        let (instance, seen) = answering(move |head| {
            let job = r#"{"id":"750000000000001AAA","state":"JobComplete"}"#;
            if head.contains("/describe") {
                ok(FIELDS)
            } else if head.contains("COUNT") {
                rest_page("", "1", None)
            } else if head.contains("/results") {
                let csv = format!("\"Id\",\"SystemModstamp\"\n\"001000000000001AAA\",\"{STAMP}\"\n");
                format!(
                    "HTTP/1.1 200 OK\r\nsforce-numberofrecords: {promised}\r\nsforce-locator: {locator}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{csv}",
                    csv.len()
                )
            } else if head.contains("/jobs/query") {
                ok(job)
            } else {
                rest_page(&record(), "1", None)
            }
        })
        .await;
        let org = Org::start().await;
        let crm = of(&org, instance, in_bulk());
        let (window, mut token, mut n_lost) = (whole(), None, 0);
        loop {
            assert!(
                seen.load(std::sync::atomic::Ordering::SeqCst) < 100,
                "{locator}"
            );
            let ask = Changes {
                object: Object::Account,
                window: &window,
                resume: None,
                token: token.as_ref(),
                at_most: None,
            };
            match crm.changes(ask).await.unwrap() {
                Answer::Page(page) if page.next.is_none() => {
                    assert_eq!(live(&page.items).len(), 1);
                    assert!(page.raw.starts_with(b"{"), "by REST");
                    break;
                }
                Answer::Page(page) => token = page.next,
                Answer::TokenLost | Answer::ResumeLost => {
                    n_lost += 1;
                    token = None;
                }
            }
        }
        assert_eq!(n_lost, u64::from(locator != "null"));
    }
}

#[tokio::test]
async fn pages_that_end_too_early_are_tried_again_and_end_the_object_with_that_reason() {
    // The server sends one record of three, and a last page that claims there is more.
    for (total, done) in [("3", true), ("1", false)] {
        for n_wrong in [1, usize::MAX] {
            let n_pages = std::sync::atomic::AtomicUsize::new(0);
            let (instance, _) = answering(move |head| {
                let page = |total: &str, done: bool| {
                    let records = record();
                    ok(&format!(
                        r#"{{"totalSize":{total},"done":{done},"records":[{records}]}}"#
                    ))
                };
                if head.contains("/describe") {
                    ok(FIELDS)
                } else if head.contains("COUNT") {
                    rest_page("", "1", None)
                } else if n_pages.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < n_wrong {
                    page(total, done)
                } else {
                    page("1", true)
                }
            })
            .await;
            let org = Org::start().await;
            let crm = of(&org, instance, options());
            let ask = Changes {
                object: Object::Account,
                window: &whole(),
                resume: None,
                token: None,
                at_most: None,
            };
            let (what, permanent) = (format!("{total} {done}"), n_wrong > 1);
            let changes = crm.changes(ask).await.map(|_| ());
            let ids = crm.ids(Object::Account, None).await.map(|_| ());
            let asked = [id("001000000000001AAA")];
            let fetched = crm.fetch(Object::Account, &asked).await.map(|_| ());
            for ended in [changes, ids, fetched] {
                let code = ended.as_ref().err().and_then(Fault::crm_code);
                let expected = permanent.then_some(&CrmCode::PagesIncomplete);
                assert_eq!(code, expected, "{what}");
                assert!(
                    ended.is_ok() || !ended.unwrap_err().is_transient(),
                    "{what}"
                );
            }
        }
    }
}
