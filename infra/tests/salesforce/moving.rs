//! Organisations that moved to another host, and login hosts that no longer exist.

use domain::fault::CrmCode;
use domain::ports::{Duplicates, Written};

use super::{
    creating::{account, plain},
    hostile::{answering, ok},
    *,
};

/// Returns an address at which no server listens.
async fn dead() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Answers of hosts whose organisations are gone.
const GONE: [(u16, &str); 8] = [
    (404, "<html>Not Found</html>"),
    (404, ""),
    (
        404,
        r#"[{"message":"Destination URL not reset.","errorCode":"URL_NOT_RESET"}]"#,
    ),
    (
        500,
        r#"[{"message":"Destination URL not reset.","errorCode":"URL_NOT_RESET"}]"#,
    ),
    (302, ""),
    (200, "<!DOCTYPE html><html>We are moving</html>"),
    (410, "gone"),
    (503, "<html>This organisation has moved</html>"),
];

fn gone(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nlocation: https://evil.example/\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Returns the hosts of [`GONE`] and an address at which no server listens.
async fn gone_hosts() -> Vec<String> {
    let mut hosts = vec![dead().await];
    for (status, body) in GONE {
        hosts.push(answering(move |_| gone(status, body)).await.0);
    }
    hosts
}

fn at(org: &Org, instance: &str) -> Credentials {
    Credentials {
        instance_url: Some(instance.to_owned()),
        access_token: Some("of the old host".to_owned()),
        ..org.credentials()
    }
}

fn n_tokens(org: &Org) -> u64 {
    org.control().count_requests("/services/oauth2/token")
}

#[tokio::test]
async fn an_organisation_that_moved_is_found_by_asking_for_a_token_once() {
    for (n, host) in gone_hosts().await.into_iter().enumerate() {
        let org = Org::start().await;
        org.load_accounts(3);
        let crm = org.crm_of(at(&org, &host), options());
        let (count, shape) =
            tokio::join!(crm.count(Object::Account), crm.describe(Object::Account));
        assert_eq!(
            (count.unwrap().exact(), shape.is_ok()),
            (Some(3), true),
            "host {n}"
        );
        assert_eq!(n_tokens(&org), 1, "host {n}");
        let read = live(&items(&*crm, Object::Account, &whole()).await);
        assert_eq!(read.len(), 3, "host {n}");
        // The next slice begins at the new host.
        let kept = org.kept.lock().unwrap().all.last().cloned().unwrap();
        assert_eq!(kept.instance_url.as_deref(), Some(org.simulator.url()));
        assert_eq!(
            org.crm().count(Object::Account).await.unwrap().exact(),
            Some(3)
        );
        assert_eq!(n_tokens(&org), 1, "host {n}");
    }
}

#[tokio::test]
async fn a_host_that_answers_oddly_and_is_the_right_one_is_asked_about_once() {
    let (instance, _) = answering(|_| gone(404, "<html>")).await;
    let told = instance.clone();
    let (login, seen) = answering(move |_| {
        ok(&format!(
            r#"{{"access_token":"new","instance_url":"{told}"}}"#
        ))
    })
    .await;
    let org = Org::start().await;
    let credentials = Credentials {
        login_url: login,
        ..at(&org, &instance)
    };
    let crm = org.crm_of(credentials, options());
    for _ in 0..5 {
        let fault = crm.count(Object::Account).await.unwrap_err();
        assert_eq!(fault.crm_code(), Some(&CrmCode::NotFound));
    }
    assert_eq!(seen.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn weather_that_passes_costs_no_token() {
    let org = Org::start().await;
    let crm = org.crm();
    crm.count(Object::Account).await.unwrap();
    let n = n_tokens(&org);
    let page = Spoil::OddBody {
        status: 503,
        body: "<html>".to_owned(),
    };
    org.spoil("/query", 1, page);
    crm.count(Object::Account).await.unwrap();
    for fault in [error(404, "NOT_FOUND"), error(400, "MALFORMED_QUERY")] {
        org.spoil("/query", 1, fault);
        crm.count(Object::Account).await.unwrap_err();
    }
    assert_eq!(n_tokens(&org), n);
}

#[tokio::test]
async fn a_new_host_that_is_not_salesforces_is_refused_and_hears_nothing() {
    let (login, _) =
        answering(|_| ok(r#"{"access_token":"a","instance_url":"https://evil.example"}"#)).await;
    let org = Org::start().await;
    let credentials = Credentials {
        login_url: login,
        ..at(&org, &dead().await)
    };
    let fault = org
        .crm_of(credentials, options())
        .count(Object::Account)
        .await;
    assert_eq!(fault.unwrap_err().crm_code(), Some(&CrmCode::HostRefused));
}

#[tokio::test]
async fn a_grant_that_died_with_the_move_is_told_as_revoked() {
    let org = Org::start().await;
    org.control().revoke_grant();
    let crm = org.crm_of(at(&org, &dead().await), options());
    let fault = crm.count(Object::Account).await.unwrap_err();
    assert_eq!(fault.kind(), domain::fault::Kind::Revoked);
}

#[tokio::test]
async fn a_job_and_a_page_set_are_taken_up_at_the_new_host() {
    for options in [options(), in_bulk()] {
        let org = Org::start().await;
        org.load_accounts(2_500);
        let first = page(
            &*org.crm_with(options.clone()),
            Object::Account,
            &whole(),
            None,
        )
        .await;
        for host in gone_hosts().await {
            let kept = org.kept.lock().unwrap().all.last().cloned().unwrap();
            let moved = Credentials {
                instance_url: Some(host),
                ..kept
            };
            // The row has nothing newer: this slice is the first to notice.
            org.kept.lock().unwrap().all.push(moved.clone());
            let crm = org.crm_of(moved, options.clone());
            let second = page(&*crm, Object::Account, &whole(), first.next.as_ref()).await;
            assert!(!second.items.is_empty());
        }
    }
}

#[tokio::test]
async fn a_creation_that_meets_the_old_host_goes_to_the_new_one_and_makes_one_record() {
    for (status, body) in GONE {
        let org = Org::start().await;
        let crm = org.crm();
        let record = plain(&*crm, &account("A")).await;
        org.control().move_away(Spoil::OddBody {
            status,
            body: body.to_owned(),
        });
        let made = crm.create(&[record], Duplicates::Refuse).await;
        let n = org.crm().count(Object::Account).await.unwrap();
        let n = n.exact().unwrap();
        match made {
            // A server in trouble, or a page for people, does not say what was done.
            Err(fault) if matches!(status, 200 | 500..) => {
                assert!(fault.is_transient(), "{status} {body}: {fault}");
                assert_eq!(n, 0, "{status} {body}");
            }
            made => {
                let made = made.unwrap();
                assert!(matches!(made[..], [Written::Created(_)]), "{made:?}");
                assert_eq!(n, 1, "{status} {body}");
            }
        }
    }
}

#[tokio::test]
async fn a_login_host_that_is_gone_is_made_up_for_by_the_organisations_own() {
    for host in gone_hosts().await {
        let org = Org::start().await;
        let credentials = Credentials {
            login_url: host.clone(),
            ..at(&org, org.simulator.url())
        };
        let crm = org.crm_of(credentials.clone(), options());
        assert_eq!(
            crm.count(Object::Account).await.unwrap().exact(),
            Some(0),
            "{host}"
        );
        let crm = org.crm_of(
            org.kept.lock().unwrap().all.last().cloned().unwrap(),
            options(),
        );
        crm.revoke().await.unwrap();
        let fault = org.crm().count(Object::Account).await.unwrap_err();
        assert_eq!(fault.kind(), domain::fault::Kind::Revoked, "{host}");
    }
}

#[tokio::test]
async fn where_both_hosts_are_gone_the_fault_says_so_and_passes() {
    let org = Org::start().await;
    let both = Credentials {
        login_url: dead().await,
        ..at(&org, &dead().await)
    };
    let fault = org
        .crm_of(both.clone(), options())
        .count(Object::Account)
        .await;
    let fault = fault.unwrap_err();
    assert_eq!(
        (fault.crm_code(), fault.is_transient()),
        (Some(&CrmCode::Unreachable), true)
    );
    let no_token = Credentials {
        access_token: None,
        ..both
    };
    let fault = org.crm_of(no_token, options()).count(Object::Account).await;
    let fault = fault.unwrap_err();
    assert_eq!(
        (fault.crm_code(), fault.is_transient()),
        (Some(&CrmCode::LoginUnreachable), true)
    );
}
