//! The control operations over HTTP. A client POSTs a JSON object to `/control/{operation}` and gets a JSON object back.

use std::sync::Arc;

use axum::extract::Request;
use serde_json::{Map, Value, json};

use super::call::{Answer, json as answer_json};
use crate::hubspot::control::Control;
use crate::hubspot::error::Refusal;
use crate::hubspot::fault::{self, FaultRule};
use crate::hubspot::state::State;
use crate::hubspot::time;
use crate::kit::control::{Arguments, pieces};

/// Answers one control request. Control requests need no token, count against no limit and are not logged.
pub(super) async fn answer(state: &Arc<State>, request: Request) -> Answer {
    let control = Control {
        state: Arc::clone(state),
    };
    let operation = request
        .uri()
        .path()
        .trim_start_matches("/control/")
        .trim_end_matches('/')
        .to_owned();
    let outcome = if operation == "load" {
        pieces(request, |lines| {
            control.load_lines(lines).map_err(|refusal| refusal.message)
        })
        .await
        .map(|loaded| json!({ "loaded": loaded }))
        .map_err(|message| bad(&message))
    } else {
        match axum::body::to_bytes(request.into_body(), 64 << 20).await {
            Ok(body) if body.is_empty() => run(&control, &operation, &Map::new()),
            Ok(body) => match serde_json::from_slice(&body) {
                Ok(arguments) => run(&control, &operation, &arguments),
                Err(error) => Err(bad(&error.to_string())),
            },
            Err(error) => Err(bad(&error.to_string())),
        }
    };
    match outcome {
        Ok(value) => answer_json(200, &value),
        Err(refusal) => answer_json(
            refusal.status.max(400),
            &json!({ "error": refusal.category, "message": refusal.message }),
        ),
    }
}

fn bad(message: &str) -> Refusal {
    Refusal::new(400, "BAD_CONTROL_REQUEST", message)
}

fn run(
    control: &Control,
    operation: &str,
    arguments: &Map<String, Value>,
) -> Result<Value, Refusal> {
    if let Some(answer) = ask(control, operation, arguments)? {
        return Ok(answer);
    }
    if !change(control, operation, arguments)? {
        set(control, operation, arguments)?;
    }
    Ok(json!({}))
}

/// Runs the operations that return something.
fn ask(
    control: &Control,
    operation: &str,
    arguments: &Map<String, Value>,
) -> Result<Option<Value>, Refusal> {
    let asked = Arguments(arguments);
    let needed = |name: &str| asked.needed(name).map_err(|message| bad(&message));
    Ok(Some(match operation {
        "create" => {
            let properties = asked.object("properties").map_err(|why| bad(&why))?;
            let parents = parents(arguments);
            json!({ "id": control.create(needed("object")?, properties, &parents)? })
        }
        "merge" => {
            let (primary, other) = (needed("primary")?, needed("other")?);
            let new_id = asked.flag("new_id", false);
            json!({ "id": control.merge(needed("object")?, primary, other, new_id)? })
        }
        "release" => json!({ "released": control.release() }),
        "restamp" => {
            let stamp = time_of(&asked, "stamp")?;
            json!({ "restamped": control.restamp(needed("object")?, stamp)? })
        }
        "set_clock" => {
            control.set_clock(asked.moment("now").map_err(|why| bad(&why))?);
            json!({ "now": time::text(control.now()) })
        }
        "session" => json!({ "access_token": control.session() }),
        "grant" => json!({ "refresh_token": control.grant() }),
        "faults" => json!({ "faults": control.faults() }),
        "counts" => json!(control.counts()),
        "ids" => {
            let archived = asked.flag("archived", false);
            json!({ "ids": control.ids(needed("object")?, archived)? })
        }
        "get" => json!({ "properties": control.get(needed("object")?, needed("id")?)? }),
        "associated" => {
            let from = (needed("object")?, needed("id")?);
            json!({ "ids": control.associated(from, needed("to_object")?)? })
        }
        "sent" => json!({ "text": control.sent() }),
        "requests" => json!({ "requests": control.requests() }),
        _ => return Ok(None),
    }))
}

/// Runs the operations that change records. Returns false for any other operation.
fn change(
    control: &Control,
    operation: &str,
    arguments: &Map<String, Value>,
) -> Result<bool, Refusal> {
    let asked = Arguments(arguments);
    let needed = |name: &str| asked.needed(name).map_err(|message| bad(&message));
    let one = || Ok::<_, Refusal>((needed("object")?, needed("id")?));
    let other = || Ok::<_, Refusal>((needed("to_object")?, needed("to_id")?));
    match operation {
        "edit" => {
            let properties = asked.object("properties").map_err(|why| bad(&why))?;
            control.edit(one()?.0, one()?.1, properties)?;
        }
        "archive" => control.archive(one()?.0, one()?.1)?,
        "purge" => control.purge(one()?.0, one()?.1)?,
        "restore" => control.restore(one()?.0, one()?.1)?,
        "associate" => control.associate(one()?, other()?, asked.flag("primary", false))?,
        "dissociate" => control.dissociate(one()?, other()?)?,
        "hold" => {
            let until = asked.moment("until").map_err(|why| bad(&why))?;
            control.hold(one()?.0, one()?.1, until)?;
        }
        "hold_index" => control.hold_index(one()?.0, one()?.1, time_of(&asked, "until")?)?,
        "clear" => control.clear(),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Runs the operations that change the account's and the simulator's behaviour.
fn set(control: &Control, operation: &str, arguments: &Map<String, Value>) -> Result<(), Refusal> {
    let asked = Arguments(arguments);
    let needed = |name: &str| asked.needed(name).map_err(|message| bad(&message));
    match operation {
        "add_property" => {
            let traits = texts(arguments, "traits");
            control.add_property(needed("object")?, needed("name")?, &traits)?;
        }
        "set_rules" => {
            let rules = arguments.get("rules").cloned().unwrap_or_default();
            let rules = serde_json::from_value(rules).map_err(|why| bad(&why.to_string()))?;
            control.set_rules(rules);
        }
        "set_index_lag" => {
            let lag = arguments.get("milliseconds").and_then(Value::as_i64);
            control.set_index_lag(lag.unwrap_or(0));
        }
        "set_behaviour" => control.set_behaviour(settings(arguments)?),
        "set_limits" => control.set_limits(settings(arguments)?, 0),
        "set_scopes" => control.set_scopes(&texts(arguments, "scopes")),
        "set_sales_hub" => control.set_sales_hub(asked.flag("there", true)),
        "set_client" => control.set_client(asked.text("id"), asked.text("secret")),
        "expire_access_tokens" => control.expire_access_tokens(),
        "revoke_grant" => control.revoke_grant(asked.flag("hub_gone", false)),
        "add_fault" => control.add_faults([rule(arguments)?]),
        "clear_faults" => control.clear_faults(),
        "reset_requests" => control.reset_requests(),
        other => {
            let message = format!("no control operation {other}");
            return Err(Refusal::new(404, "NO_SUCH_OPERATION", message));
        }
    }
    Ok(())
}

fn time_of(asked: &Arguments<'_>, name: &str) -> Result<time::Millis, Refusal> {
    asked
        .moment(name)
        .map_err(|message| bad(&message))?
        .ok_or_else(|| bad(&format!("the argument {name} is missing")))
}

/// Returns the parents in `associations`: lists of object, id, and whether it is a primary one.
fn parents(arguments: &Map<String, Value>) -> Vec<(&str, &str, bool)> {
    let given = arguments.get("associations").and_then(Value::as_array);
    given.into_iter().flatten().filter_map(parent).collect()
}

fn parent(given: &Value) -> Option<(&str, &str, bool)> {
    let primary = given["primary"].as_bool().unwrap_or(false);
    Some((given["object"].as_str()?, given["id"].as_str()?, primary))
}

fn texts<'a>(arguments: &'a Map<String, Value>, name: &str) -> Vec<&'a str> {
    let given = arguments.get(name).and_then(Value::as_array);
    given
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Reads settings. Missing ones have their default values.
fn settings<T: serde::de::DeserializeOwned>(arguments: &Map<String, Value>) -> Result<T, Refusal> {
    let arguments = Value::Object(arguments.clone());
    serde_json::from_value(arguments).map_err(|error| bad(&error.to_string()))
}

/// Reads a fault rule, in which `fault` may also be the name of a usual one.
fn rule(arguments: &Map<String, Value>) -> Result<FaultRule, Refusal> {
    let mut arguments = arguments.clone();
    if let Some(Value::String(name)) = arguments.get("fault") {
        let named = fault::named(name).ok_or_else(|| bad(&format!("no fault is named {name}")))?;
        arguments.insert("fault".to_owned(), json!(named));
    }
    serde_json::from_value(Value::Object(arguments)).map_err(|error| bad(&error.to_string()))
}
