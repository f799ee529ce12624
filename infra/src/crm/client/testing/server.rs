//! A server that notes the requests and gives prepared answers.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(in crate::crm::client) struct Seen {
    pub(in crate::crm::client) path: String,
    pub(in crate::crm::client) authorization: Option<String>,
    /// The form's values by name.
    pub(in crate::crm::client) form: BTreeMap<String, String>,
}

impl Seen {
    /// Returns id and secret of `Authorization: Basic`.
    pub(in crate::crm::client) fn basic(&self) -> Option<String> {
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
pub(in crate::crm::client) struct Server {
    pub(in crate::crm::client) url: String,
    told: Arc<Mutex<Told>>,
}

impl Server {
    pub(in crate::crm::client) async fn start() -> Self {
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
    pub(in crate::crm::client) fn answers(&self, status: u16, body: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.answers.push_back((status, body.to_owned()));
    }

    /// Returns the requests since the last call.
    pub(in crate::crm::client) fn seen(&self) -> Vec<Seen> {
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
