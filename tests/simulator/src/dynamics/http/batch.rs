//! `POST $batch`: several requests in one body, and change sets, which are transactions.

use std::collections::HashMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use bytes::Bytes;

use super::call::{Call, Reply};
use super::parts::{Part, boundary, parse, parts};
use super::prefer::Prefer;
use super::route;
use crate::dynamics::error::Refusal;
use crate::dynamics::org::Org;
use crate::kit::answer::segments;

/// The most requests of one batch.
const MOST: usize = 1_000;

const MARK: &str = "batchresponse_0d1c5a70";
const CHANGES: &str = "changesetresponse_0d1c5a70";

pub(super) fn answer(org: &mut Org, call: &Call) -> Result<Reply, Refusal> {
    let kind = call.header("content-type").unwrap_or_default();
    let mark =
        boundary(kind).ok_or_else(|| Refusal::query("The boundary of the batch is missing."))?;
    let text = String::from_utf8_lossy(&call.body).into_owned();
    let found = parts(&text, &mark);
    let (mut out, mut count, mut failed) = (String::new(), 0, false);
    for part in &found {
        if failed && !call.prefer.continues_on_error {
            break;
        }
        out.push_str(&format!("--{MARK}\r\n"));
        let inner = match part.boundary() {
            None => vec![part.clone()],
            Some(mark) => parts(&part.body, &mark),
        };
        count += inner.len();
        if count > MOST {
            return Err(Refusal::query(format!(
                "The batch has more than {MOST} requests."
            )));
        }
        if part.boundary().is_none() {
            let reply = one(org, call, part, &HashMap::new())
                .unwrap_or_else(|refusal| Reply::refused(&refusal));
            failed |= reply.status >= 400;
            out.push_str(&written(part, &reply));
            continue;
        }
        match org.whole(|org| changes(org, call, &inner)) {
            Ok(text) => out.push_str(&text),
            Err(refusal) => {
                failed = true;
                out.push_str(&written(part, &Reply::refused(&refusal)));
            }
        }
    }
    out.push_str(&format!("--{MARK}--\r\n"));
    let mut reply = Reply::json(200, out.into_bytes());
    reply.kind = "multipart/mixed; boundary=batchresponse_0d1c5a70";
    Ok(reply)
}

/// Runs one change set. Its first refusal is that of all.
fn changes(org: &mut Org, call: &Call, inner: &[Part]) -> Result<String, Refusal> {
    let mut out = format!("Content-Type: multipart/mixed; boundary={CHANGES}\r\n\r\n");
    let mut made = HashMap::new();
    for part in inner {
        let reply = one(org, call, part, &made)?;
        let address = reply
            .headers
            .iter()
            .find(|(name, _)| *name == "odata-entityid");
        if let Some((id, (_, address))) = part.header("content-id").zip(address) {
            made.insert(format!("${id}"), address.clone());
        }
        out.push_str(&format!("--{CHANGES}\r\n{}", written(part, &reply)));
    }
    out.push_str(&format!("--{CHANGES}--\r\n"));
    Ok(out)
}

/// Answers one request of a batch. `made` has the addresses of rows that earlier requests of the change set made.
fn one(
    org: &mut Org,
    call: &Call,
    part: &Part,
    made: &HashMap<String, String>,
) -> Result<Reply, Refusal> {
    let wrong = || Refusal::query("A request of the batch is malformed.");
    let (line, rest) = part.body.split_once('\n').unwrap_or((&part.body, ""));
    // The URL of a query may have blanks.
    let (method, target) = line.split_once(' ').ok_or_else(wrong)?;
    let target = target
        .trim()
        .strip_suffix(" HTTP/1.1")
        .unwrap_or(target)
        .trim();
    // What follows the line may be headers and a body, or nothing.
    let request = parse(rest);
    let mut body = request.body.clone();
    let mut target = target.to_owned();
    for (name, address) in made {
        if let Some(rest) = target.strip_prefix(name.as_str()) {
            target = format!("{address}{rest}");
        }
        body = body.replace(&format!("\"{name}\""), &format!("\"{address}\""));
    }
    let target = match target.split_once("/api/data/") {
        Some((_, below)) => format!("/api/data/{below}"),
        None => format!("/api/data/v9.2/{}", target.trim_start_matches('/')),
    };
    let uri: axum::http::Uri = target.replace(' ', "%20").parse().map_err(|_| wrong())?;
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let pair = HeaderName::try_from(name.as_str())
            .ok()
            .zip(HeaderValue::from_str(value).ok());
        if let Some((name, value)) = pair {
            headers.insert(name, value);
        }
    }
    let prefer = request.header("prefer").unwrap_or_default();
    let inner = Call {
        method: Method::try_from(method).map_err(|_| wrong())?,
        segments: route::below_root(&segments(&uri)).ok_or_else(|| Refusal::no_segment(&target))?,
        query: url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        prefer: Prefer::parse(prefer),
        headers,
        body: Bytes::from(body),
        root: call.root.clone(),
        fault: None,
    };
    if inner
        .segments
        .first()
        .is_some_and(|first| first == "$batch")
    {
        return Err(wrong());
    }
    route::answer(org, &inner)
}

/// Writes an answer as a part.
fn written(part: &Part, reply: &Reply) -> String {
    let mut out =
        String::from("Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
    if let Some(id) = part.header("content-id") {
        out.push_str(&format!("Content-ID: {id}\r\n"));
    }
    let reason = axum::http::StatusCode::from_u16(reply.status).ok();
    let reason = reason
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Unknown");
    out.push_str(&format!("\r\nHTTP/1.1 {} {reason}\r\n", reply.status));
    if !reply.body.is_empty() {
        out.push_str(&format!("Content-Type: {}\r\n", reply.kind));
    }
    out.push_str("OData-Version: 4.0\r\n");
    for (name, value) in &reply.headers {
        let name = match *name {
            "odata-entityid" => "OData-EntityId",
            "location" => "Location",
            other => other,
        };
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str("\r\n");
    out.push_str(&String::from_utf8_lossy(&reply.body));
    out.push_str("\r\n");
    out
}
