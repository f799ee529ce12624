//! Sessions of tenants, against a stand-in for STS, DynamoDB and S3 that notes with whose credentials it was asked.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use domain::{
    fault::{AwsCode, Code, Kind},
    ports::{Copies, Integrations},
    tenant::TenantId,
};
use futures::future::join_all;
use infra::aws::{
    AwsStore, clients,
    meter::Meter,
    patience::Patience,
    sessions::{LASTS, LEAST_LEFT, Sessions},
};

use super::samples::scope;
use crate::support::aws::config;

/// What the stand-in was asked, and how it answers.
#[derive(Default)]
struct Seen {
    /// The forms of AssumeRole.
    begun: Vec<String>,
    /// The access key id of each other request, and its path with its query.
    asked: Vec<(String, String)>,
    /// The status and the error that AssumeRole is answered with.
    refusal: Option<(StatusCode, &'static str)>,
    /// The keys of objects that a list has.
    objects: Vec<String>,
}

struct StandIn {
    seen: Arc<Mutex<Seen>>,
    endpoint: String,
}

impl StandIn {
    async fn start() -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&seen));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { seen, endpoint }
    }

    fn sessions(&self, meter: &Meter) -> Sessions<AwsStore> {
        let role = "arn:aws:iam::111122223333:role/data".to_owned();
        let config = config(&self.endpoint).into_builder();
        let config = config.http_client(clients::http_client()).build();
        let make = |clients| {
            let [ledger, copies, pages] = ["ledger", "copies", "pages"].map(str::to_owned);
            AwsStore::new(clients, ledger, copies, pages)
        };
        Sessions::new(
            &config,
            Patience::ANSWER,
            meter,
            role,
            "sync".to_owned(),
            make,
        )
    }

    fn begun(&self) -> Vec<String> {
        self.seen.lock().unwrap().begun.clone()
    }

    fn asked(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.seen.lock().unwrap().asked)
    }
}

/// Returns the part of a text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

async fn answer(
    State(seen): State<Arc<Mutex<Seen>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut seen = seen.lock().unwrap();
    let form = format!("{}&", String::from_utf8_lossy(&body));
    if form.contains("Action=AssumeRole") {
        let tenant = between(&form, "Tags.member.1.Value=", "&")
            .unwrap()
            .to_owned();
        seen.begun.push(form);
        if let Some((status, code)) = seen.refusal {
            let error =
                format!("<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>");
            return (status, error).into_response();
        }
        return format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>key-of-{tenant}</AccessKeyId>\
             <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
             <Expiration>2126-11-30T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        )
        .into_response();
    }
    let signed = headers["authorization"].to_str().unwrap();
    let who = between(signed, "Credential=", "/").unwrap().to_owned();
    seen.asked.push((who, uri.to_string()));
    if method != Method::GET {
        // Copies has every record, with its body in S3. The other tables are empty.
        let row = if form.contains("\"copies\"") {
            r#"{"Item": {"l": {"BOOL": true}}}"#
        } else {
            "{}"
        };
        return ([("content-type", "application/x-amz-json-1.0")], row).into_response();
    }
    if !uri.query().unwrap_or_default().contains("prefix=") {
        let denied = "<Error><Code>AccessDenied</Code><Message>x</Message></Error>";
        return (StatusCode::FORBIDDEN, denied).into_response();
    }
    let listed = seen.objects.iter();
    let listed = listed.map(|key| format!("<Contents><Key>{key}</Key></Contents>"));
    let listed: String = listed.collect();
    format!("<ListBucketResult>{listed}</ListBucketResult>").into_response()
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

/// Reads the integration of a tenant with the store of another one, or of the same.
async fn read(store: &AwsStore, of: &str) {
    let scope = scope(of);
    let which = domain::integration::Which {
        tenant: scope.tenant,
        integration: scope.integration,
    };
    assert!(store.integration(&which).await.unwrap().is_none());
}

#[tokio::test]
async fn each_tenants_ports_ask_with_the_credentials_of_its_own_session() {
    let stand_in = StandIn::start().await;
    let sessions = stand_in.sessions(&Meter::default());
    for name in ["acme", "acme-2", "acme", "acme-2"] {
        let store = sessions.open(&tenant(name)).await.unwrap();
        // Whatever the ports are asked for, they ask in the name of the tenant that they were opened for.
        for of in ["acme", "acme-2"] {
            read(&store, of).await;
        }
        let asked = stand_in.asked();
        assert_eq!(asked.len(), 2);
        let own = format!("key-of-{name}");
        assert!(asked.iter().all(|(who, _)| *who == own), "{asked:?}");
    }
    let begun = stand_in.begun();
    assert_eq!(begun.len(), 2, "a session is remembered");
    for (form, name) in begun.iter().zip(["acme", "acme-2"]) {
        for part in [
            "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fdata",
            "RoleSessionName=sync",
            "DurationSeconds=3600",
            "Tags.member.1.Key=tenant",
            &format!("Tags.member.1.Value={name}"),
        ] {
            assert!(form.contains(&format!("{part}&")), "{part} in {form}");
        }
        assert!(!form.contains("Tags.member.2"), "{form}");
    }
}

#[tokio::test]
async fn callers_of_one_tenant_at_once_begin_one_session() {
    let stand_in = StandIn::start().await;
    let (meter, acme) = (Meter::default(), tenant("acme"));
    let sessions = stand_in.sessions(&meter);
    let opened = join_all((0..9).map(|_| sessions.open(&acme))).await;
    assert!(opened.iter().all(Result::is_ok));
    assert_eq!(stand_in.begun().len(), 1);
    assert_eq!(
        meter.counts().values().sum::<u64>(),
        1,
        "{:?}",
        meter.counts()
    );
}

#[tokio::test]
async fn a_session_that_sts_refuses_is_a_fault_of_its_kind_and_is_asked_for_again() {
    for (status, code, kind, n_asked) in [
        (StatusCode::FORBIDDEN, "AccessDenied", Kind::Permanent, 1),
        (StatusCode::BAD_REQUEST, "Throttling", Kind::Transient, 3),
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            Kind::Transient,
            3,
        ),
    ] {
        let stand_in = StandIn::start().await;
        let sessions = stand_in.sessions(&Meter::default());
        stand_in.seen.lock().unwrap().refusal = Some((status, code));
        let Err(fault) = sessions.open(&tenant("acme")).await else {
            panic!("{code} opened a session");
        };
        let said = AwsCode::said(code.to_owned());
        assert_eq!(*fault.code(), Code::Aws("session_begin".into(), said));
        assert_eq!(fault.kind(), kind, "{code}");
        assert_eq!(stand_in.begun().len(), n_asked, "{code}");
        stand_in.seen.lock().unwrap().refusal = None;
        assert!(sessions.open(&tenant("acme")).await.is_ok());
    }
}

/// A session may not list the whole bucket, so that S3 denies it a missing object instead of calling it missing.
#[tokio::test]
async fn an_object_that_is_denied_because_it_is_missing_is_missing() {
    let stand_in = StandIn::start().await;
    let sessions = stand_in.sessions(&Meter::default());
    let (store, scope) = (
        sessions.open(&tenant("denied")).await.unwrap(),
        scope("denied"),
    );
    let id = domain::record::RecordId::parse("001").unwrap();
    let object = domain::record::Object::Account;
    let code = async || {
        let read = store.record(&scope, object, &id).await;
        read.unwrap_err().code().clone()
    };
    assert_eq!(code().await, Code::CopiesBodyMissing);
    let (who, listed) = stand_in.asked().pop().unwrap();
    assert_eq!(who, "key-of-denied");
    assert!(listed.contains("max-keys=1"), "{listed}");

    // Another object's key begins with this one's.
    let key = infra::places::body(&scope, object, &id);
    stand_in.seen.lock().unwrap().objects = vec![format!("{key}-2")];
    assert_eq!(code().await, Code::CopiesBodyMissing);
    // It is there, and may not be read.
    stand_in.seen.lock().unwrap().objects = vec![key];
    let said = AwsCode::said("AccessDenied".to_owned());
    assert_eq!(code().await, Code::Aws("page_get".into(), said));
}

/// What a session costs. The stand-in answers at once, so this is the price of the clients and their signatures.
#[tokio::test]
#[ignore = "prints times"]
#[allow(clippy::print_stdout, reason = "it is what this is for")]
async fn the_price_of_a_session() {
    const N: u32 = 200;
    let stand_in = StandIn::start().await;
    let (meter, acme) = (Meter::default(), tenant("acme"));
    let sessions = stand_in.sessions(&meter);
    let begun = Instant::now();
    for n in 0..N {
        sessions
            .open(&tenant(&format!("tenant-{n}")))
            .await
            .unwrap();
    }
    let cold = begun.elapsed() / N;
    sessions.open(&acme).await.unwrap();
    let begun = Instant::now();
    for _ in 0..N {
        sessions.open(&acme).await.unwrap();
    }
    let warm = begun.elapsed() / N;
    println!("a session: cold 1 request, {cold:?}; remembered 0 requests, {warm:?}");
}

#[test]
fn a_session_outlasts_a_slice_and_a_url() {
    let longest_slice = Duration::from_secs(900);
    assert!(LEAST_LEFT > longest_slice + Duration::from_secs(60));
    assert!(
        LASTS <= Duration::from_secs(3_600),
        "AWS allows a role that assumes a role no more"
    );
    assert!(LASTS > 2 * LEAST_LEFT, "most of a session is used");
}
