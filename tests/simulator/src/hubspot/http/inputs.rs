//! The inputs of a batch, as its body lists them.

use std::collections::HashSet;

use serde_json::Value;

use super::call::{Body, bad_json};
use super::write::properties;
use crate::hubspot::error::Refusal;
use crate::hubspot::write::Properties;

/// The most inputs in a batch.
const INPUTS: usize = 100;

/// Returns the properties of one input.
pub(super) fn one_input(input: &Value) -> Result<&Properties, Refusal> {
    properties(
        input
            .as_object()
            .ok_or_else(|| bad_json("an input is no object"))?,
    )
}

/// Returns the inputs: at least one and at most 100.
pub(super) fn inputs(body: &Body) -> Result<&[Value], Refusal> {
    let inputs = body.get("inputs").and_then(Value::as_array);
    let inputs = inputs
        .ok_or_else(|| bad_json("line 1, column 2. Some required fields were not set: [inputs]"))?;
    if inputs.len() > INPUTS {
        return Err(too_many(INPUTS));
    }
    Ok(inputs)
}

pub(super) fn too_many(most: usize) -> Refusal {
    Refusal::invalid(format!(
        "The maximum number of inputs supported in a batch request for this object type is {most}"
    ))
}

/// Returns the texts of a list. A missing list is empty.
pub(super) fn texts<'a>(body: &'a Body, name: &str) -> impl Iterator<Item = &'a str> {
    let list = body.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

/// Returns whether all inputs have trace ids, all different. Only then is each error reported on its own.
pub(super) fn traces(inputs: &[Value]) -> bool {
    let ids: HashSet<&str> = inputs
        .iter()
        .filter_map(|input| input["objectWriteTraceId"].as_str())
        .collect();
    !inputs.is_empty() && ids.len() == inputs.len()
}

/// Returns the trace id for the result.
pub(super) fn trace(input: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let id = &input["objectWriteTraceId"];
    if id.is_null() {
        Vec::new()
    } else {
        vec![("objectWriteTraceId", id.to_string().into_bytes())]
    }
}

/// Returns an id as text. Some clients send it as a number.
pub(super) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
