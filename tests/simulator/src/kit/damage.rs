//! The last steps of an answer: faults that spoil it, compression, and the log of its bytes.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream::{self, BoxStream, StreamExt as _};

use super::answer::{Answer, bytes, empty};
use super::fault::Fault;
use super::lock;
use super::state::Simulated;

/// How long a cut connection stays open, so that the bytes before the cut arrive.
const BEFORE_CUT: Duration = Duration::from_millis(30);

type Chunks = BoxStream<'static, Result<Bytes, std::io::Error>>;

/// Returns the answer of a fault that prevents the request from being handled, if its form is the same for every vendor.
pub(crate) fn odd(fault: &Fault) -> Option<Answer> {
    match fault {
        Fault::OddBody { status, body } => {
            // A body that looks like JSON is an answer of the API itself, if an odd one. Any other body stands for a
            // page for people.
            let is_json = body.trim_start().starts_with(['{', '[']);
            let kind = if is_json {
                "application/json"
            } else {
                "text/html"
            };
            Some(bytes(*status, kind, body.clone().into_bytes()))
        }
        Fault::Reset => Some(empty()),
        _ => None,
    }
}

/// Damages the answer, compresses it and logs it.
pub(crate) async fn finish<S: Simulated>(
    state: &Arc<S>,
    answer: Answer,
    fault: Option<&Fault>,
    gzip: bool,
    mut key: (String, String, Option<String>, u16),
) -> Answer {
    if let Some(Fault::Silence) = fault {
        key.3 = 0;
        lock(state.log()).count(&key);
        // Ends when the client closes the connection.
        std::future::pending::<()>().await;
    }
    let (mut parts, body) = answer.into_parts();
    let mut body = body;
    if let Some(Fault::Truncate { .. } | Fault::NonUtf8) = fault {
        let mut whole = axum::body::to_bytes(body, usize::MAX)
            .await
            .unwrap_or_default()
            .to_vec();
        match fault {
            Some(Fault::Truncate { keep }) => whole.truncate(*keep),
            _ => spoil(&mut whole),
        }
        body = Body::from(whole);
    }
    let known = http_size(&body);
    let mut chunks: Chunks = body
        .into_data_stream()
        .map(|chunk| chunk.map_err(std::io::Error::other))
        .boxed();
    let gzip = gzip && known != Some(0);
    if gzip {
        chunks = compressed(chunks);
        parts.headers.insert(
            header::CONTENT_ENCODING,
            header::HeaderValue::from_static("gzip"),
        );
    }
    let mut length = if gzip { None } else { known };
    match fault {
        Some(Fault::Cut { after, chunked }) => {
            let whole = whole(chunks).await;
            length = (!chunked).then_some(whole.len() as u64);
            chunks = cut(whole.slice(..(*after).min(whole.len())));
        }
        Some(Fault::AnswerLost | Fault::Reset) => {
            key.3 = 0;
            length = None;
            // An answer without a body would arrive whole, since nobody asks for a body that breaks.
            parts.status = axum::http::StatusCode::OK;
            chunks = stream::iter([Err(std::io::Error::other("the connection is to be closed"))])
                .boxed();
        }
        _ => {}
    }
    if let Some(length) = length.filter(|_| parts.status != 204) {
        parts.headers.insert(header::CONTENT_LENGTH, length.into());
    }
    lock(state.log()).count(&key);
    let state = Arc::clone(state);
    let counted = chunks.inspect(move |chunk| {
        if let Ok(chunk) = chunk {
            lock(state.log()).bytes(&key, chunk.len());
        }
    });
    if length == Some(0) {
        Answer::from_parts(parts, Body::empty())
    } else {
        Answer::from_parts(parts, Body::from_stream(counted))
    }
}

fn http_size(body: &Body) -> Option<u64> {
    axum::body::HttpBody::size_hint(body).exact()
}

/// Overwrites a few bytes in the middle, outside the structure if possible: inside a JSON string, the rest still parses.
fn spoil(whole: &mut [u8]) {
    let middle = whole.len() / 2;
    let inside = whole[middle..]
        .windows(3)
        .position(|three| three.iter().all(u8::is_ascii_alphabetic));
    let from = middle + inside.unwrap_or(0);
    for byte in whole.iter_mut().skip(from).take(3) {
        *byte = 0xFF;
    }
}

async fn whole(mut chunks: Chunks) -> Bytes {
    let mut all = Vec::new();
    while let Some(Ok(chunk)) = chunks.next().await {
        all.extend_from_slice(&chunk);
    }
    Bytes::from(all)
}

fn cut(sent: Bytes) -> Chunks {
    let broken = stream::once(async {
        tokio::time::sleep(BEFORE_CUT).await;
        Err(std::io::Error::new(
            std::io::ErrorKind::ConnectionReset,
            "cut on demand",
        ))
    });
    let sent = (!sent.is_empty()).then_some(Ok(sent));
    stream::iter(sent).chain(broken).boxed()
}

fn compressed(chunks: Chunks) -> Chunks {
    let encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let steps = stream::unfold(
        (chunks, Some(encoder)),
        |(mut chunks, encoder)| async move {
            let mut encoder = encoder?;
            match chunks.next().await {
                Some(Ok(chunk)) => {
                    let written = encoder.write_all(&chunk);
                    let out = std::mem::take(encoder.get_mut());
                    Some((written.map(|()| Bytes::from(out)), (chunks, Some(encoder))))
                }
                Some(Err(error)) => Some((Err(error), (chunks, None))),
                None => Some((encoder.finish().map(Bytes::from), (chunks, None))),
            }
        },
    );
    // An empty chunk would end a chunked body too early.
    steps
        .filter(|chunk| {
            futures::future::ready(chunk.as_ref().map_or(true, |chunk| !chunk.is_empty()))
        })
        .boxed()
}
