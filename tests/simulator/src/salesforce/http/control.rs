//! The control operations over HTTP. A client POSTs a JSON object to `/control/{operation}` and gets a JSON object back.

use std::sync::Arc;

use axum::extract::Request;
use serde_json::{Map, Value, json};

use super::call::{Answer, json as answer_json};
use crate::kit::control::{Arguments, pieces};
use crate::salesforce::control::Control;
use crate::salesforce::error::Refusal;
use crate::salesforce::fault::{self, FaultRule};
use crate::salesforce::state::State;
use crate::salesforce::time;

/// Answers one control request. Control requests need no session, count against no limit and are not logged.
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
            &json!({ "error": refusal.code, "message": refusal.message }),
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
    let asked = Arguments(arguments);
    let given = |name: &str| asked.text(name);
    let needed = |name: &str| asked.needed(name).map_err(|message| bad(&message));
    let flag = |name: &str, otherwise: bool| asked.flag(name, otherwise);
    let fields = || asked.object("fields").map_err(|message| bad(&message));
    let moment = |name: &str| asked.moment(name).map_err(|message| bad(&message));
    let done = json!({});
    Ok(match operation {
        "create" => json!({ "id": control.create(needed("object")?, fields()?)? }),
        "sent" => json!({ "text": control.sent() }),
        "set_scope" => {
            control.set_scope(needed("scope")?);
            done
        }
        "clear" => {
            control.clear();
            done
        }
        "edit" => control
            .edit(needed("object")?, needed("id")?, fields()?)
            .map(|()| done)?,
        "soft_delete" => control
            .soft_delete(needed("object")?, needed("id")?, flag("cascade", false))
            .map(|()| done)?,
        "hard_delete" => control
            .hard_delete(needed("object")?, needed("id")?)
            .map(|()| done)?,
        "undelete" => control
            .undelete(needed("object")?, needed("id")?)
            .map(|()| done)?,
        "merge" => control
            .merge(needed("object")?, needed("winner")?, needed("loser")?)
            .map(|()| done)?,
        "convert_lead" => json!(control.convert_lead(
            needed("id")?,
            given("account"),
            flag("opportunity", false)
        )?),
        "hide_field" => control
            .hide_field(needed("object")?, needed("field")?, flag("hidden", true))
            .map(|()| done)?,
        "refuse_field" => control
            .refuse_field(needed("object")?, needed("field")?, flag("refused", true))
            .map(|()| done)?,
        "move_away" => {
            control.move_away(rule(arguments)?.fault);
            done
        }
        "hold" => control
            .hold(needed("object")?, needed("id")?, moment("until")?)
            .map(|()| done)?,
        "release" => json!({ "released": control.release() }),
        "restamp" => {
            let stamp = moment("stamp")?.ok_or_else(|| bad("the argument stamp is missing"))?;
            json!({ "restamped": control.restamp(needed("object")?, stamp)? })
        }
        "set_clock" => {
            control.set_clock(moment("now")?);
            json!({ "now": time::rest_text(control.now()) })
        }
        "purge_deletion_log" => {
            control.purge_deletion_log(
                moment("before")?.ok_or_else(|| bad("the argument before is missing"))?,
            );
            done
        }
        "duplicate_rules" => {
            let rules = arguments.get("rules").cloned().unwrap_or_default();
            control.set_duplicate_rules(
                serde_json::from_value(rules).map_err(|error| bad(&error.to_string()))?,
            );
            done
        }
        "session" => {
            json!({ "access_token": control.session(), "instance_url": control.state.instance() })
        }
        "set_client" => {
            control.set_client(given("id"), given("secret"));
            done
        }
        "expire_access_tokens" => {
            control.expire_access_tokens();
            done
        }
        "revoke_grant" => {
            control.revoke_grant();
            done
        }
        "grant" => json!({ "refresh_token": control.grant() }),
        "set_usage" => {
            let number = |name: &str| arguments.get(name).and_then(Value::as_u64);
            control.set_usage(number("used").unwrap_or(0), number("limit"));
            done
        }
        "drop_locators" => {
            control.drop_locators();
            done
        }
        "drop_jobs" => {
            control.drop_jobs();
            done
        }
        "add_fault" => {
            control.add_faults([rule(arguments)?]);
            done
        }
        "faults" => json!({ "faults": control.faults() }),
        "clear_faults" => {
            control.clear_faults();
            done
        }
        "counts" => json!(control.counts()),
        "ids" => json!({ "ids": control.ids(needed("object")?, flag("deleted", false))? }),
        "get" => json!({ "fields": control.get(needed("object")?, needed("id")?)? }),
        "requests" => json!({ "requests": control.requests(), "usage": control.usage() }),
        "reset_requests" => {
            control.reset_requests();
            done
        }
        other => {
            return Err(Refusal::new(
                404,
                "NO_SUCH_OPERATION",
                format!("no control operation {other}"),
            ));
        }
    })
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
