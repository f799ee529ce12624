//! Change tracking: the first reading with `odata.track-changes`, and the changes since a token.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::page::{finished, link, selection, written};
use crate::dynamics::error::Refusal;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::query::{Cookie, DeltaToken, Query, Tracking};
use crate::dynamics::xml;

/// Options that change tracking refuses.
const REFUSED: [&str; 5] = ["$filter", "$orderby", "$expand", "$top", "$apply"];

/// Returns whether a request is one of change tracking.
pub(super) fn is_asked(call: &Call) -> bool {
    let is_tracking = |token: &str| token.contains("istracking=\"True\"");
    call.prefer.tracks_changes
        || call.param("$deltatoken").is_some()
        || call.param("$skiptoken").is_some_and(is_tracking)
}

pub(super) fn answer(org: &Org, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    if let Some(name) = REFUSED.iter().find(|name| call.param(name).is_some()) {
        let message =
            format!("The \"{name}\" query parameter isn't supported when tracking changes.");
        return Err(Refusal::query(message));
    }
    call.only(&["$select", "$count", "$deltatoken", "$skiptoken"])?;
    org.tracks(kind)?;
    if let Some(token) = call.param("$deltatoken") {
        return changes(org, call, kind, Tracking::since(org, token)?);
    }
    let wrong = || Refusal::query("The skip token is malformed.");
    let Some(token) = call.param("$skiptoken") else {
        return all(org, call, kind, None, DeltaToken::now(org));
    };
    let root = xml::parse(token).ok_or_else(wrong)?;
    if let Some(text) = root.attribute("changes") {
        return changes(org, call, kind, Tracking::parse(text).ok_or_else(wrong)?);
    }
    let schema = &org.table(kind).schema;
    let query = Query::new(schema, None, Vec::new());
    let (cookie, since) = Cookie::unwrap(token, schema, &query.orders)?;
    let since = since.as_deref().and_then(DeltaToken::parse);
    all(org, call, kind, Some(cookie), since.ok_or_else(wrong)?)
}

/// Answers one page of all rows. The last one has the link with which changes are asked for: those since the first page.
fn all(
    org: &Org,
    call: &Call,
    kind: Kind,
    cookie: Option<Cookie>,
    since: DeltaToken,
) -> Result<Reply, Refusal> {
    let schema = &org.table(kind).schema;
    let query = Query::new(schema, None, Vec::new());
    let size = call.prefer.page();
    let mut rows = query.rows(org, cookie.as_ref(), size + 1);
    let has_more = rows.len() > size;
    rows.truncate(size);
    let member = match rows.last().filter(|_| has_more) {
        Some(last) => {
            let page = cookie.as_ref().map_or(1, |cookie| cookie.page + 1);
            let next = Cookie::after(schema, &query.orders, last, page);
            let token = next.wrapped(schema, &query.orders, Some(&since.text()));
            (
                "@odata.nextLink",
                json!(link(call, kind, Some(("$skiptoken", &token)))),
            )
        }
        None => delta(call, kind, since),
    };
    let selection = selection(org, call, kind)?;
    let body = written(org, call, kind, &rows, &selection, "");
    Ok(finished(call, body, vec![member]))
}

fn delta(call: &Call, kind: Kind, token: DeltaToken) -> (&'static str, Value) {
    let text = token.text();
    (
        "@odata.deltaLink",
        json!(link(call, kind, Some(("$deltatoken", &text)))),
    )
}

/// Answers one page of changes.
fn changes(org: &Org, call: &Call, kind: Kind, tracking: Tracking) -> Result<Reply, Refusal> {
    let page = tracking.page(org, kind, call.prefer.page());
    let selection = selection(org, call, kind)?;
    let mut body = written(org, call, kind, &page.changed, &selection, "/$delta");
    for id in &page.deleted {
        if body.last() != Some(&b'[') {
            body.push(b',');
        }
        let context = format!("{}$metadata#{}/$deletedEntity", call.root, kind.set());
        let gone = json!({ "@odata.context": context, "id": id.to_string(), "reason": "deleted" });
        body.extend_from_slice(gone.to_string().as_bytes());
    }
    let member = match page.next {
        Some(next) => {
            let token = format!(
                "<cookie pagenumber=\"2\" changes=\"{}\" istracking=\"True\" />",
                next.text()
            );
            (
                "@odata.nextLink",
                json!(link(call, kind, Some(("$skiptoken", &token)))),
            )
        }
        None => delta(call, kind, tracking.until),
    };
    Ok(finished(call, body, vec![member]))
}

/// Answers `accounts/$count?$deltatoken=…`: the number of changes since a token.
pub(super) fn count(org: &Org, kind: Kind, token: &str) -> Result<Reply, Refusal> {
    org.tracks(kind)?;
    let page = Tracking::since(org, token)?.page(org, kind, usize::MAX);
    Ok(Reply::number(page.changed.len() + page.deleted.len()))
}
