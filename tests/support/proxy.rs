//! A proxy in front of an AWS server. It breaks requests on demand.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// It takes effect, and its answer is lost. The SDK sends it again.
    LoseAnswer,
    /// It takes effect, and its answer comes after the caller's timeout.
    Silence,
    /// It never arrives, and there is no answer.
    Swallow,
    /// It is refused as one too many.
    Throttle,
    /// It is refused as malformed.
    Refuse,
    /// The first item of a batch is written. The others come back as unprocessed.
    LeaveUnprocessed,
    /// The bus takes the first event and refuses the others. The answer still is a success.
    RefuseEntries,
    /// S3 deletes none of the objects and gives this code for each. The answer still is a success.
    RefuseObjects(&'static str),
}

/// How long a silent request stays unanswered.
const SILENT: Duration = Duration::from_secs(30);

/// The proxy. An operation has its name in the JSON protocols, or is an HTTP method.
#[derive(Clone)]
pub(crate) struct Proxy {
    /// The address of the proxy.
    pub(crate) endpoint: String,
    inner: Arc<Inner>,
}

struct Inner {
    target: String,
    http: reqwest::Client,
    state: Mutex<Plan>,
}

#[derive(Default)]
struct Plan {
    /// By operation: the first call to break (counted from 0 since the plan was made), how many calls, and how.
    breaks: HashMap<String, (usize, usize, Break)>,
    calls: HashMap<String, usize>,
    /// The delay of each request.
    distance: Duration,
}

impl Proxy {
    /// Listens on a free port and forwards to `target`.
    pub(crate) async fn start(target: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            target: target.to_owned(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            state: Mutex::default(),
        });
        let app = Router::new()
            .fallback(pass_on)
            .with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { endpoint, inner }
    }

    /// Breaks `n` calls of an operation, after `after` calls that pass.
    pub(crate) fn break_calls(&self, operation: &str, after: usize, n: usize, how: Break) {
        let mut plan = self.inner.state.lock().unwrap();
        plan.calls.remove(operation);
        plan.breaks.insert(operation.to_owned(), (after, n, how));
    }

    /// Delays each request from now on, so that concurrent requests are all sent before the first answer comes.
    pub(crate) fn move_away(&self, distance: Duration) {
        self.inner.state.lock().unwrap().distance = distance;
    }

    /// Stops breaking and delaying.
    pub(crate) fn mend(&self) {
        *self.inner.state.lock().unwrap() = Plan::default();
    }

    /// Returns how many calls of an operation arrived since it was last set to break, or since the proxy was mended.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        let plan = self.inner.state.lock().unwrap();
        plan.calls.get(operation).copied().unwrap_or_default()
    }
}

async fn pass_on(
    State(inner): State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let operation = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok()?.rsplit('.').next())
        .unwrap_or(method.as_str())
        .to_owned();
    let distance = inner.state.lock().unwrap().distance;
    tokio::time::sleep(distance).await;
    match inner.fate(&operation) {
        None => inner.send(method, &uri, headers, body).await,
        Some(Break::LoseAnswer) => {
            let _ = inner.send(method, &uri, headers, body).await;
            answer(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError")
        }
        Some(Break::Silence) => {
            let answered = inner.send(method, &uri, headers, body).await;
            tokio::time::sleep(SILENT).await;
            answered
        }
        Some(Break::Swallow) => {
            tokio::time::sleep(SILENT).await;
            answer(StatusCode::GATEWAY_TIMEOUT, "as told")
        }
        Some(Break::Throttle) => answer(StatusCode::BAD_REQUEST, "ThrottlingException"),
        Some(Break::Refuse) => answer(StatusCode::BAD_REQUEST, "ValidationException"),
        Some(Break::RefuseEntries) => json_answer(StatusCode::OK, &refuse_entries(&body)),
        Some(Break::RefuseObjects(code)) => refuse_objects(&body, code),
        Some(Break::LeaveUnprocessed) => {
            let (kept, left) = split(&body);
            let answered = inner.send(method, &uri, headers, kept).await;
            if !answered.status().is_success() {
                return answered;
            }
            json_answer(StatusCode::OK, &json!({ "UnprocessedItems": left }))
        }
    }
}

impl Inner {
    fn fate(&self, operation: &str) -> Option<Break> {
        let mut plan = self.state.lock().unwrap();
        let calls = plan.calls.entry(operation.to_owned()).or_default();
        let call = *calls;
        *calls += 1;
        let (after, n, how) = *plan.breaks.get(operation)?;
        (after..after.saturating_add(n))
            .contains(&call)
            .then_some(how)
    }

    async fn send(
        &self,
        method: Method,
        uri: &Uri,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        headers.remove(header::HOST);
        headers.remove(header::CONTENT_LENGTH);
        let sent = self
            .http
            .request(method, format!("{}{uri}", self.target))
            .headers(headers)
            .body(body)
            .send()
            .await
            .expect("the server behind the proxy answers");
        let status = sent.status();
        let mut kept = HeaderMap::new();
        for name in [header::CONTENT_TYPE, header::ETAG] {
            if let Some(value) = sent.headers().get(&name) {
                kept.insert(name, value.clone());
            }
        }
        let body = sent.bytes().await.unwrap();
        (status, kept, body).into_response()
    }
}

/// Returns a batch with its first item only, and the rest of the batch.
fn split(body: &[u8]) -> (Bytes, Value) {
    let mut batch: Value = serde_json::from_slice(body).unwrap();
    let mut left = serde_json::Map::new();
    for (table, items) in batch["RequestItems"].as_object_mut().unwrap() {
        let rest = items.as_array_mut().unwrap().split_off(1);
        if !rest.is_empty() {
            left.insert(table.clone(), Value::Array(rest));
        }
    }
    (batch.to_string().into(), Value::Object(left))
}

/// Returns an answer of the bus that takes one event and refuses the others.
fn refuse_entries(body: &[u8]) -> Value {
    let sent: Value = serde_json::from_slice(body).unwrap();
    let n = sent["Entries"].as_array().unwrap().len();
    let taken = std::iter::once(json!({ "EventId": "1" }));
    let refused = (1..n).map(|_| json!({ "ErrorCode": "ThrottlingException" }));
    json!({ "FailedEntryCount": n - 1, "Entries": taken.chain(refused).collect::<Vec<_>>() })
}

/// Returns S3's answer to DeleteObjects with an error for each object.
fn refuse_objects(body: &[u8], code: &str) -> Response {
    let text = String::from_utf8_lossy(body);
    let errors: String = text
        .split("<Object>")
        .skip(1)
        .filter_map(|object| object.split("</Object>").next())
        .map(|named| format!("<Error>{named}<Code>{code}</Code><Message>as told</Message></Error>"))
        .collect();
    let kind = [(header::CONTENT_TYPE, "application/xml")];
    let body = format!("<?xml version=\"1.0\"?><DeleteResult>{errors}</DeleteResult>");
    (StatusCode::OK, kind, body).into_response()
}

fn answer(status: StatusCode, code: &str) -> Response {
    json_answer(status, &json!({ "__type": code, "message": "as told" }))
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/x-amz-json-1.0")];
    (status, kind, body.to_string()).into_response()
}
