//! Who changed what: how a request that changes something ended, and the list of the audit's entries.
//!
//! The entry is written before anything is changed (`noted`). How the request ended is noted afterwards. If that fails, the change stands,
//! the log says so, and the entry's outcome stays unknown.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    audit::{AuditEntry, AuditFilter, AuditPlace, Ended},
    fault::{Code, Fault},
};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    Call, Reply,
    http::{Answered, Changed},
    noted::Noted,
};

/// The default and the largest number of entries on a page.
const PAGE: (u32, u32) = (50, 100);
/// How long noting the end may take: less than what is kept back for the answer.
const PATIENCE: Duration = Duration::from_secs(2);

impl Call<'_> {
    /// Notes how the request ended, if it has an entry, and returns the answer.
    pub(super) async fn conclude(&self, changed: Changed) -> Answered {
        let (answered, noted) = match changed {
            Ok((reply, noted)) => (Ok(reply), Some(noted)),
            Err(problem) => (Err(problem), None),
        };
        let Some(place) = self.noted.get() else {
            return answered;
        };
        let (integration, about) = noted.map(Noted::told).unwrap_or_default();
        let ended = Ended {
            at: self.now(),
            status: answered
                .as_ref()
                .map_or_else(|problem| problem.status, Reply::status),
            problem: answered
                .as_ref()
                .err()
                .map(|problem| problem.name().to_owned()),
            integration,
            about,
        };
        let store = &self.ports.store;
        let concluded = store.conclude_request(&self.caller.tenant, place, &ended);
        let concluded = tokio::time::timeout(PATIENCE, concluded).await;
        let concluded = concluded.unwrap_or_else(|_| Err(Fault::of(Code::RequestOutOfTime)));
        if let Err(fault) = concluded {
            tracing::error!(
                code = %fault.code(),
                operation = self.operation,
                "the audit does not say how this request ended"
            );
        }
        answered
    }
}

/// `GET /v1/audit`: the newest entries first.
pub(super) async fn list(call: &Call<'_>) -> Answered {
    let query = &call.query;
    let limit = query.number("limit", 1, PAGE.1, PAGE.0)?;
    let wanted = AuditFilter {
        day: query.parsed("day", "a day, such as 2026-11-30", |day| {
            Date::strptime("%Y-%m-%d", day).ok()
        })?,
        what: query.parsed(
            "what",
            "what an entry has, in 1 to 100 characters",
            |what| {
                let fits = (1..=100).contains(&what.chars().count());
                fits.then(|| what.to_owned())
            },
        )?,
    };
    let before = query.parsed("cursor", "a cursor of an earlier answer", |cursor| {
        let is_wanted = |place: &AuditPlace| wanted.day.is_none_or(|day| place.is_of(day));
        let place = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        AuditPlace::parse(&place).filter(is_wanted)
    })?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let store = &call.ports.store;
    let (entries, next) = store
        .audit(&call.caller.tenant, &wanted, before.as_ref(), most)
        .await?;
    let entries: Vec<Value> = entries.iter().map(shown).collect();
    Reply::ok(json!({
        "entries": entries,
        "cursor": next.map(|place| URL_SAFE_NO_PAD.encode(place.as_str())),
    }))
}

fn shown(entry: &AuditEntry) -> Value {
    let ended = entry.ended.as_ref();
    json!({
        "at": entry.at,
        "by": entry.by,
        "what": entry.what,
        "integration": entry.integration,
        "generation": entry.generation,
        "about": ended.and_then(|ended| ended.about.as_deref()),
        "outcome": entry.outcome().name(),
        "status": ended.map(|ended| ended.status),
        "problem": ended.and_then(|ended| ended.problem.as_deref()),
        "endedAt": ended.map(|ended| ended.at),
        "requestId": entry.request,
    })
}
