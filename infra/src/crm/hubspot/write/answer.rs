//! What HubSpot answered about each record that it was asked to create.

use std::collections::HashMap;

use domain::{
    fault::{CrmCode, Kind},
    ports::Written,
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    super::{
        super::client::{
            nulls::or_default,
            refusal::{Cause, Refusal},
        },
        page::text_or_number,
        provider::VENDOR,
    },
    natural::Candidate,
    said::Said,
    shape::id,
};

/// The answer about a single record.
#[derive(Deserialize)]
struct Made {
    #[serde(deserialize_with = "text_or_number")]
    id: String,
    #[serde(rename = "objectWriteTraceId", default)]
    trace: Option<String>,
}

/// The answer about a batch. Its results and errors come in any order.
#[derive(Deserialize)]
struct Batch {
    #[serde(default, deserialize_with = "or_default")]
    results: Vec<Value>,
    #[serde(default, deserialize_with = "or_default")]
    errors: Vec<Value>,
}

/// Our own id of a record, and the property that it is sent in.
#[derive(Clone, Copy)]
pub(super) struct OwnId<'a> {
    pub(super) property: &'a str,
    pub(super) value: &'a str,
}

/// Returns what became of a record that was sent by itself.
pub(super) fn of_one(body: &[u8]) -> Written {
    let made = serde_json::from_slice::<Made>(body).ok();
    made.and_then(|made| id(&made.id))
        .map_or_else(unreadable, Written::Created)
}

/// The answer about a batch, as far as it can be read.
#[derive(Default)]
pub(super) struct OfBatch {
    /// What became of records, by their trace ids. What is not told exactly once is unknown.
    pub(super) by_trace: HashMap<String, Written>,
    /// Records that were made, without a trace id.
    pub(super) untraced: Vec<Candidate>,
}

/// Reads the answer about a batch.
pub(super) fn of_batch(body: &[u8], own_ids: &HashMap<String, Option<OwnId<'_>>>) -> OfBatch {
    let mut told: HashMap<String, Vec<Written>> = HashMap::new();
    let mut untraced = Vec::new();
    let batch = serde_json::from_slice::<Batch>(body).unwrap_or(Batch {
        results: Vec::new(),
        errors: Vec::new(),
    });
    for result in batch.results {
        match Made::deserialize(&result) {
            Ok(Made {
                id: text,
                trace: Some(trace),
            }) => {
                if let Some(id) = id(&text) {
                    told.entry(trace).or_default().push(Written::Created(id));
                }
            }
            Ok(Made { trace: None, .. }) => untraced.extend(serde_json::from_value(result)),
            Err(_) => {}
        }
    }
    for error in batch.errors {
        let said: Said = serde_json::from_value(error).unwrap_or_default();
        // An error about several records is about none of them in particular, but about each.
        for trace in &said.context.object_write_trace_id {
            let own_id = own_ids.get(trace).copied().flatten();
            let written = of_refused(&said, None, own_id);
            told.entry(trace.clone()).or_default().push(written);
        }
    }
    let once = told.into_iter().filter_map(|(trace, mut all)| {
        let written = all.pop()?;
        let is_once = all.is_empty();
        Some((trace, if is_once { written } else { unreadable() }))
    });
    OfBatch {
        by_trace: once.collect(),
        untraced,
    }
}

/// Returns what a refusal of the request for one record means.
pub(super) fn of_refusal(refusal: Refusal, own_id: Option<OwnId<'_>>) -> Written {
    let said: Said = serde_json::from_slice(refusal.body.bytes()).unwrap_or_default();
    of_refused(&said, Some(refusal), own_id)
}

/// The answer was lost, or cannot be read.
pub(super) fn unreadable() -> Written {
    Written::Unknown(VENDOR.fault(CrmCode::AnswerUnreadable))
}

fn of_refused(said: &Said, whole: Option<Refusal>, own_id: Option<OwnId<'_>>) -> Written {
    let invalid = said.invalid();
    let codes = said.codes(&invalid);
    let fields = said.fields(&invalid);
    let existing = said.existing();
    let is_conflict = existing.is_some()
        || whole
            .as_ref()
            .is_some_and(|whole| whole.cause == Cause::Conflict)
        || codes.iter().any(|code| code.contains("conflict"));
    if is_conflict {
        // What has our own id was made by an earlier attempt of this very request.
        let is_ours = own_id.is_some_and(|own| {
            fields.iter().any(|field| field == own.property) || said.message.contains(own.value)
        });
        if is_ours {
            return Written::Unknown(VENDOR.fault(CrmCode::said("conflict")));
        }
        return Written::Duplicate {
            of: existing.into_iter().collect(),
            may_save: false,
        };
    }
    let is_doubtful = codes.iter().any(|code| DOUBTFUL.contains(&code.as_str()));
    let of_code = |code: String| {
        let passes = is_doubtful || NOT_BEGUN.contains(&code.as_str());
        let fault = VENDOR.fault(CrmCode::said(code));
        if passes {
            fault.with_kind(Kind::Transient)
        } else {
            fault
        }
    };
    let fault = match (whole, codes.into_iter().next()) {
        // The refusal of a request says by itself whether it may pass, and that the request had no effect.
        (Some(whole), _) if whole.fault.kind() != Kind::Permanent && !is_doubtful => {
            return Written::NotSent(whole.fault);
        }
        (_, Some(code)) => of_code(code),
        (Some(whole), None) => whole.fault,
        (None, None) => VENDOR.fault(CrmCode::said("refused")),
    };
    match fault.kind() {
        Kind::Permanent => Written::Refused { fault, fields },
        _ if is_doubtful => Written::Unknown(fault),
        _ => Written::NotSent(fault),
    }
}

/// Errors about one record that was not begun: limits and locks.
const NOT_BEGUN: [&str; 3] = ["rate_limit", "rate_limits", "locked"];

/// Errors that are trouble of HubSpot's own. They do not say whether the record was stored.
const DOUBTFUL: [&str; 6] = [
    "internal_error",
    "internal_server_error",
    "server_error",
    "service_unavailable",
    "timeout",
    "unknown_error",
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
