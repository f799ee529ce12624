//! What an invocation is asked for.

use domain::{fault::Outcome, order::Rule, ports::DueToken};
use serde_json::Value;

use crate::events::{field, number};

/// Where an invocation starts.
#[derive(Debug, PartialEq, Eq)]
pub struct Start {
    /// The rule that fired.
    pub rule: Rule,
    /// Where the list goes on. `None` to begin it.
    pub places: Option<Vec<DueToken>>,
    /// How many invocations have worked on the list before.
    pub invocations: u32,
}

/// Reads where to start: `{"kind": "daily"}` or `{"kind": "hourly"}` of a rule, or a DispatchDue, which comes from the bus without a
/// queue.
///
/// # Errors
/// Returns a permanent fault that names the field if it is none of these.
pub fn start(event: &Value) -> Outcome<Start> {
    if event.get("detail-type").is_none() {
        return Ok(Start {
            rule: field(event, "/kind", rule)?,
            places: None,
            invocations: 0,
        });
    }
    field(event, "/detail-type", |found| {
        (found == "DispatchDue").then_some(())
    })?;
    let place = |place: &Value| Some(DueToken(place.as_str()?.to_owned()));
    Ok(Start {
        rule: field(event, "/detail/rule", rule)?,
        places: Some(field(event, "/detail/places", |places| {
            places.as_array()?.iter().map(place).collect()
        })?),
        invocations: field(event, "/detail/invocations", number)?,
    })
}

fn rule(name: &Value) -> Option<Rule> {
    match name.as_str()? {
        "daily" => Some(Rule::Daily),
        "hourly" => Some(Rule::Hourly),
        _ => None,
    }
}
