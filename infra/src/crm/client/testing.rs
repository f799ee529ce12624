//! A server for the kit's own tests. It notes the requests and gives prepared answers.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    fault::{CrmCode, Kind, Outcome},
    integration::Credentials,
    ports::Renewal,
};
use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{
    ClientSettings, Retry,
    refusal::{Action, Refusal},
    vendor::Vendor,
};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) authorization: Option<String>,
    /// The form's values by name.
    pub(super) form: BTreeMap<String, String>,
}

impl Seen {
    /// Returns id and secret of `Authorization: Basic`.
    pub(super) fn basic(&self) -> Option<String> {
        let coded = self.authorization.as_deref()?.strip_prefix("Basic ")?;
        String::from_utf8(STANDARD.decode(coded).ok()?).ok()
    }
}

#[derive(Default)]
struct Told {
    answers: VecDeque<(u16, String)>,
    seen: Vec<Seen>,
}

/// The server. It ends with the test's runtime.
pub(super) struct Server {
    pub(super) url: String,
    told: Arc<Mutex<Told>>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let told: Arc<Mutex<Told>> = Arc::default();
        let own = Arc::clone(&told);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let told = Arc::clone(&own);
                tokio::spawn(async move { serve(stream, &told).await });
            }
        });
        Self { url, told }
    }

    /// Prepares the next answer. Without one the server answers as one in trouble.
    pub(super) fn answers(&self, status: u16, body: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.answers.push_back((status, body.to_owned()));
    }

    /// Returns the requests since the last call.
    pub(super) fn seen(&self) -> Vec<Seen> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut told.seen)
    }
}

async fn serve(mut stream: TcpStream, told: &Mutex<Told>) -> Option<()> {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        stream.read_buf(&mut bytes).await.ok().filter(|n| *n > 0)?;
        let end = bytes.windows(4).position(|at| at == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = header(&head, "content-length").and_then(|text| text.parse().ok());
            break (head, end + 4 + length.unwrap_or(0));
        }
    };
    while bytes.len() < length {
        stream.read_buf(&mut bytes).await.ok().filter(|n| *n > 0)?;
    }
    let body = bytes.split_off(head.len() + 4);
    let seen = Seen {
        path: head.split(' ').nth(1)?.to_owned(),
        authorization: header(&head, "authorization"),
        form: url::form_urlencoded::parse(&body).into_owned().collect(),
    };
    let (status, body) = {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        told.seen.push(seen);
        let trouble = (503, "{}".to_owned());
        told.answers.pop_front().unwrap_or(trouble)
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await.ok()
}

fn header(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(value.trim().to_owned())
}

/// Returns settings with short waits that allow this machine.
pub(super) fn settings() -> ClientSettings {
    use std::time::Duration;
    ClientSettings {
        allow_loopback: true,
        retry: Retry {
            tries: 3,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(2),
            longest_asked: Duration::from_secs(1),
            total: Duration::from_secs(5),
        },
        ..ClientSettings::default()
    }
}

/// Returns the meaning of a refusal by these tests' token endpoints, in the words of RFC 6749, 5.2.
pub(super) fn judge_login(vendor: &'static Vendor, status: u16, body: &[u8]) -> Refusal {
    let said: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    match said["error"].as_str() {
        Some("invalid_client") => vendor.refusal(CrmCode::InvalidClient),
        Some("invalid_grant") => vendor.refusal(CrmCode::InvalidGrant),
        _ if status >= 500 => vendor.refusal(CrmCode::LoginUnavailable),
        _ => vendor.refusal(CrmCode::LoginRefused),
    }
}

/// Returns the meaning of a refusal by these tests' APIs.
pub(super) fn judge(vendor: &'static Vendor, status: u16) -> Refusal {
    match status {
        401 => Refusal::new(Action::Renew, vendor.fault(CrmCode::Unauthorized)),
        500.. => vendor.refusal(CrmCode::ServerError),
        _ => vendor.refusal(CrmCode::Refused),
    }
}

/// The row that holds a grant.
pub(super) struct Row {
    first: Credentials,
    kept: Mutex<Vec<Credentials>>,
    /// How often the lease for renewing was given back without a new grant.
    abandoned: Mutex<u32>,
}

impl Row {
    pub(super) fn new(first: Credentials) -> Arc<Self> {
        Arc::new(Self {
            first,
            kept: Mutex::default(),
            abandoned: Mutex::default(),
        })
    }

    pub(super) fn kept(&self) -> Vec<Credentials> {
        self.kept.lock().unwrap().clone()
    }

    pub(super) fn abandoned(&self) -> u32 {
        *self.abandoned.lock().unwrap()
    }

    /// Returns the grant in the row.
    pub(super) fn stored(&self) -> Credentials {
        self.kept().last().unwrap_or(&self.first).clone()
    }
}

#[async_trait::async_trait]
impl Renewal for Row {
    async fn begin(&self, _: Timestamp) -> Outcome<Option<Credentials>> {
        Ok(Some(self.stored()))
    }

    async fn keep(&self, credentials: Credentials) -> Outcome<()> {
        // As in the Ledger, only what is serialized is stored.
        let text = serde_json::to_string(&credentials).unwrap();
        let read = serde_json::from_str(&text).unwrap();
        self.kept.lock().unwrap().push(read);
        Ok(())
    }

    async fn abandon(&self) {
        *self.abandoned.lock().unwrap() += 1;
    }
}

/// The cases of a table of refusals.
pub(super) const REFUSALS: [(u16, &str, Kind); 4] = [
    (401, r#"{"error":"invalid_client"}"#, Kind::Operator),
    (400, r#"{"error":"invalid_grant"}"#, Kind::Revoked),
    (503, r#"{"error":"busy"}"#, Kind::Transient),
    (400, r#"{"error":"unheard_of"}"#, Kind::Permanent),
];
