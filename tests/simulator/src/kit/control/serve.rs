//! The control operations over HTTP. A client POSTs a JSON object to `/control/{operation}` and gets a JSON object back.

use axum::extract::Request;
use serde_json::{Map, Value, json};

use super::super::answer::{Answer, json as answer_json};
use super::super::fault::Fault;
use super::super::state::Simulated;
use super::Control;
use super::arguments::Arguments;
use super::lines::pieces;
use super::refused::Refused;

/// A vendor's own control operations over HTTP.
pub(crate) trait Operations {
    /// Returns one of the usual faults by its name.
    const NAMED_FAULT: fn(&str) -> Option<Fault>;

    /// Loads records from lines of JSON.
    fn load_body(&self, lines: &str) -> Result<usize, String>;

    /// Runs an operation. Returns `None` if the vendor has no such operation.
    fn run(&self, operation: &str, arguments: &Arguments) -> Result<Option<Value>, Refused>;
}

/// Answers one control request. Control requests need no token, count against no limit and are not logged.
pub(crate) async fn answer<S: Simulated>(control: Control<S>, request: Request) -> Answer
where
    Control<S>: Operations,
{
    match outcome(&control, request).await {
        Ok(value) => answer_json(200, &value),
        Err(refused) => answer_json(
            refused.status.max(400),
            &json!({ "error": refused.code, "message": refused.message }),
        ),
    }
}

async fn outcome<S: Simulated>(control: &Control<S>, request: Request) -> Result<Value, Refused>
where
    Control<S>: Operations,
{
    let path = request.uri().path();
    let operation = path
        .trim_start_matches("/control/")
        .trim_end_matches('/')
        .to_owned();
    if operation == "load" {
        let loaded = pieces(request, |lines| control.load_body(lines)).await;
        return Ok(json!({ "loaded": loaded.map_err(Refused::bad)? }));
    }
    let body = axum::body::to_bytes(request.into_body(), 64 << 20).await;
    let body = body.map_err(|error| Refused::bad(error.to_string()))?;
    let arguments = if body.is_empty() {
        Map::new()
    } else {
        serde_json::from_slice(&body).map_err(|error| Refused::bad(error.to_string()))?
    };
    let arguments = Arguments(arguments);
    match control.run(&operation, &arguments)? {
        Some(answer) => Ok(answer),
        None => common(control, &operation, &arguments),
    }
}

/// Runs the operations that every simulator has.
fn common<S: Simulated>(
    control: &Control<S>,
    operation: &str,
    arguments: &Arguments,
) -> Result<Value, Refused>
where
    Control<S>: Operations,
{
    match operation {
        "sent" => return Ok(json!({ "text": control.sent() })),
        "requests" => return Ok(json!({ "requests": control.requests() })),
        "reset_requests" => control.reset_requests(),
        "faults" => return Ok(json!({ "faults": control.faults() })),
        "add_fault" => control.add_faults([arguments.rule(Control::<S>::NAMED_FAULT)?]),
        "clear_faults" => control.clear_faults(),
        other => return Err(Refused::no_such(other)),
    }
    Ok(json!({}))
}
