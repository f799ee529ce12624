//! What HubSpot answered about each record that it was asked to create.

use std::collections::HashMap;

use domain::{
    fault::{CrmCode, Kind},
    ports::Written,
    record::RecordId,
};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{
    super::{
        super::client::refusal::{Cause, Refusal, tidy},
        page::text_or_number,
        provider::VENDOR,
    },
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
    #[serde(default)]
    results: Vec<Value>,
    #[serde(default)]
    errors: Vec<Value>,
}

/// An error, about one record or about a whole request. Every member is optional.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Said {
    category: Option<String>,
    #[serde(deserialize_with = "or_default")]
    message: String,
    #[serde(deserialize_with = "or_default")]
    context: Context,
    #[serde(deserialize_with = "or_default")]
    errors: Vec<Detail>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Context {
    #[serde(deserialize_with = "or_default")]
    object_write_trace_id: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    property_name: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    properties: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    code: Option<String>,
    #[serde(deserialize_with = "or_default")]
    context: Context,
}

/// Reads null as nothing.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A value that does not fit, as a message lists it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Invalid {
    error: Option<String>,
    name: Option<String>,
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

/// Returns what became of each record of a batch, by its trace id. What the answer does not say of a record exactly once is
/// unknown.
pub(super) fn of_batch(
    body: &[u8],
    own_ids: &HashMap<String, Option<OwnId<'_>>>,
) -> HashMap<String, Written> {
    let mut told: HashMap<String, Vec<Written>> = HashMap::new();
    let batch = serde_json::from_slice::<Batch>(body).unwrap_or(Batch {
        results: Vec::new(),
        errors: Vec::new(),
    });
    for result in batch.results {
        let made = serde_json::from_value::<Made>(result).ok();
        if let Some((trace, id)) = made.and_then(|made| Some((made.trace?, id(&made.id)?))) {
            told.entry(trace).or_default().push(Written::Created(id));
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
        all.is_empty().then_some((trace, written))
    });
    once.collect()
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
    let of_code = |code: String| {
        let passes = PASSING.contains(&code.as_str());
        let fault = VENDOR.fault(CrmCode::said(code));
        if passes {
            fault.with_kind(Kind::Transient)
        } else {
            fault
        }
    };
    let fault = match (whole, codes.into_iter().next()) {
        // The refusal of a request says by itself whether it may pass.
        (Some(whole), _) if whole.fault.kind() != Kind::Permanent => whole.fault,
        (_, Some(code)) => of_code(code),
        (Some(whole), None) => whole.fault,
        (None, None) => VENDOR.fault(CrmCode::said("refused")),
    };
    match fault.kind() {
        Kind::Permanent => Written::Refused { fault, fields },
        _ => Written::NotSent(fault),
    }
}

/// Categories of errors about one record of a batch that may pass.
const PASSING: [&str; 3] = ["rate_limits", "locked", "internal_error"];

impl Said {
    /// Returns the values that do not fit. A message lists them as JSON.
    fn invalid(&self) -> Vec<Invalid> {
        let list = self.message.find('[').and_then(|at| self.message.get(at..));
        let list =
            list.map(|list| serde_json::Deserializer::from_str(list).into_iter::<Vec<Invalid>>());
        let first = list.and_then(|mut list| list.next());
        first.and_then(Result::ok).unwrap_or_default()
    }

    /// Returns the error codes, the most exact one first.
    fn codes(&self, invalid: &[Invalid]) -> Vec<String> {
        let of_values = invalid.iter().filter_map(|one| one.error.as_deref());
        let of_details = self.errors.iter().filter_map(|one| one.code.as_deref());
        let all = of_values.chain(of_details).chain(self.category.as_deref());
        all.map(tidy).collect()
    }

    /// Returns the properties at fault.
    fn fields(&self, invalid: &[Invalid]) -> Vec<String> {
        let of = |context: &Context| -> Vec<String> {
            let names = [&context.property_name, &context.properties];
            names.into_iter().flatten().cloned().collect()
        };
        let details = self.errors.iter().flat_map(|one| of(&one.context));
        let listed = invalid.iter().filter_map(|one| one.name.clone());
        let mut all: Vec<String> = listed.chain(details).chain(of(&self.context)).collect();
        all.retain(|name| super::super::describe::is_name(name));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns the record that has the value already. HubSpot names it only in the message, in one of two ways.
    fn existing(&self) -> Option<RecordId> {
        let digits = |text: &str| -> String {
            let digits = text.trim_start().chars();
            digits.take_while(char::is_ascii_digit).collect()
        };
        let (_, after) = match self.message.split_once("Existing ID:") {
            Some(named) => named,
            None => {
                let (before, _) = self.message.split_once(" already has that value")?;
                before.rsplit_once(' ').unwrap_or(("", before))
            }
        };
        id(&digits(after))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
