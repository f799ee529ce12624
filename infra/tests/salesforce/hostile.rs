use domain::fault::CrmCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;

fn connect(credentials: Credentials, options: Options) -> Result<Arc<dyn Crm>, Fault> {
    Salesforce::connect(
        CrmAccess {
            provider: Provider::Salesforce,
            renewal: Arc::new(Unstored::new(credentials.clone())),
            credentials,
            fields: BTreeMap::new(),
        },
        options,
    )
}

#[tokio::test]
async fn hosts_that_are_not_salesforces_are_refused_before_anything_is_sent() {
    let org = Org::start().await;
    let production = || Options::default();
    let refused = |credentials, options| {
        let refused = connect(credentials, options).map(|_| ()).unwrap_err();
        refused.crm_code().cloned()
    };
    assert_eq!(
        refused(org.credentials(), production()),
        Some(CrmCode::HostRefused)
    );
    for url in [
        "https://evil.example",
        "https://login.salesforce.com@evil.example",
        "https://169.254.169.254",
        "http://127.0.0.1:9001",
    ] {
        let login = Credentials {
            login_url: url.to_owned(),
            ..org.credentials()
        };
        assert_eq!(
            refused(login, production()),
            Some(CrmCode::HostRefused),
            "{url}"
        );
        let instance = Credentials {
            login_url: "https://login.salesforce.com".to_owned(),
            instance_url: Some(url.to_owned()),
            ..org.credentials()
        };
        assert_eq!(
            refused(instance, production()),
            Some(CrmCode::HostRefused),
            "{url}"
        );
    }
    let good = Credentials {
        login_url: "https://login.salesforce.com".to_owned(),
        ..org.credentials()
    };
    assert!(connect(good, production()).is_ok());
}

/// Starts a server that answers each connection by its request's head and counts the connections.
pub(super) async fn answering(
    answer: impl Fn(&str) -> String + Send + 'static,
) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let mut head = Vec::new();
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut some = [0; 4_096];
                match socket.read(&mut some).await {
                    Ok(0) | Err(_) => break,
                    Ok(n) => head.extend_from_slice(&some[..n]),
                }
            }
            let _ = socket
                .write_all(answer(&String::from_utf8_lossy(&head)).as_bytes())
                .await;
            let _ = socket.shutdown().await;
        }
    });
    (url, seen)
}

pub(super) fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn an_instance_that_a_login_names_is_refused_but_the_new_refresh_token_is_kept() {
    let (login, _) = answering(|_| {
        ok(r#"{"access_token":"a","instance_url":"https://evil.example","refresh_token":"new"}"#)
    })
    .await;
    let org = Org::start().await;
    let crm = org.crm_of(
        Credentials {
            login_url: login,
            ..org.credentials()
        },
        options(),
    );
    assert_eq!(
        crm.count(Object::Account).await.unwrap_err().crm_code(),
        Some(&CrmCode::HostRefused)
    );
    let kept = org.kept.lock().unwrap();
    assert!(
        matches!(&kept.all[0].grant, Grant::RefreshToken { refresh_token, .. } if refresh_token == "new")
    );
    assert!(kept.all[0].access_token.is_none() && kept.all[0].instance_url.is_none());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (other, seen) = answering(|_| ok("{}")).await;
    let (instance, _) = answering(move |_| format!("HTTP/1.1 302 Found\r\nlocation: {other}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")).await;
    let org = Org::start().await;
    let credentials = Credentials {
        instance_url: Some(instance),
        access_token: Some("a".to_owned()),
        expires: None,
        scope: None,
        ..org.credentials()
    };
    // The redirect makes the connector ask for a token and thereby for the host. That host answers.
    assert_eq!(
        org.crm_of(credentials, options())
            .count(Object::Account)
            .await
            .unwrap()
            .exact(),
        Some(0)
    );
    assert_eq!(seen.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_next_page_that_leads_elsewhere_is_refused() {
    let fields =
        r#"{"fields":[{"name":"Id","type":"id"},{"name":"SystemModstamp","type":"datetime"}]}"#;
    let (instance, _) = answering(|head| {
        ok(if head.contains("/describe") {
            fields
        } else {
            r#"{"totalSize":1,"done":false,"nextRecordsUrl":"/services/oauth2/revoke?token=x","records":[]}"#
        })
    })
    .await;
    let org = Org::start().await;
    let credentials = Credentials {
        instance_url: Some(instance),
        access_token: Some("a".to_owned()),
        expires: None,
        scope: None,
        ..org.credentials()
    };
    let crm = org.crm_of(credentials, options());
    let refused = Some(&CrmCode::NextPageRefused);
    let ids = crm.ids(Object::Account, None).await;
    assert_eq!(ids.map(|_| ()).unwrap_err().crm_code(), refused);
    let ask = domain::ports::Changes {
        object: Object::Account,
        window: &whole(),
        resume: None,
        token: None,
        at_most: None,
    };
    assert_eq!(
        crm.changes(ask).await.map(|_| ()).unwrap_err().crm_code(),
        refused
    );
}

#[tokio::test]
async fn options_that_make_no_sense_are_refused() {
    let org = Org::start().await;
    for options in [
        Options {
            api_version: "v64.0/../..".to_owned(),
            ..options()
        },
        Options {
            api_version: "64".to_owned(),
            ..options()
        },
        Options {
            rest_page: 10,
            ..options()
        },
        Options {
            bulk_page: 0,
            ..options()
        },
    ] {
        assert!(connect(org.credentials(), options).is_err());
    }
}
