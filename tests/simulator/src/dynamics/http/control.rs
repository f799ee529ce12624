//! Dataverse's own control operations over HTTP.

use serde_json::{Value, json};

use crate::dynamics::control::Control;
use crate::dynamics::error::Refusal;
use crate::dynamics::fault::{self, Fault};
use crate::dynamics::time;
use crate::kit::control::{Arguments, Operations, Refused};

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            status: refusal.status,
            code: refusal.code,
            message: refusal.message,
        }
    }
}

impl Operations for Control {
    const NAMED_FAULT: fn(&str) -> Option<Fault> = fault::named;

    fn load_body(&self, lines: &str) -> Result<usize, String> {
        self.load_lines(lines).map_err(|refusal| refusal.message)
    }

    fn run(&self, operation: &str, asked: &Arguments) -> Result<Option<Value>, Refused> {
        if let Some(answer) = ask(self, operation, asked)? {
            return Ok(Some(answer));
        }
        let is_known = change(self, operation, asked)? || set(self, operation, asked)?;
        Ok(is_known.then(|| json!({})))
    }
}

/// Runs the operations that return something.
fn ask(control: &Control, operation: &str, asked: &Arguments) -> Result<Option<Value>, Refused> {
    let needed = |name: &str| asked.needed(name);
    Ok(Some(match operation {
        "create" => {
            let columns = asked.object("columns")?;
            json!({ "id": control.create(needed("object")?, columns)? })
        }
        "qualify" => {
            let opportunity = asked.flag("opportunity", false);
            json!({ "ids": control.qualify(needed("id")?, opportunity)? })
        }
        "release" => json!({ "released": control.release() }),
        "restamp" => {
            let stamp = asked.needed_moment("stamp")?;
            json!({ "restamped": control.restamp(needed("object")?, stamp)? })
        }
        "set_clock" => {
            control.set_clock(asked.moment("now")?);
            json!({ "now": time::text(control.now()) })
        }
        "session" => json!({ "access_token": control.session() }),
        "grant" => json!({ "refresh_token": control.grant() }),
        "counts" => json!(control.counts()),
        "ids" => json!({ "ids": control.ids(needed("object")?)? }),
        "get" => json!({ "columns": control.get(needed("object")?, needed("id")?)? }),
        _ => return Ok(None),
    }))
}

/// Runs the operations that change rows. Returns false for any other operation.
fn change(control: &Control, operation: &str, asked: &Arguments) -> Result<bool, Refused> {
    let needed = |name: &str| asked.needed(name);
    let one = || Ok::<_, Refused>((needed("object")?, needed("id")?));
    match operation {
        "edit" => control.edit(one()?.0, one()?.1, asked.object("columns")?)?,
        "edit_silently" => control.edit_silently(one()?.0, one()?.1, asked.object("columns")?)?,
        "delete" => control.delete(one()?.0, one()?.1)?,
        "merge" => control.merge(needed("object")?, needed("survivor")?, needed("loser")?)?,
        "hold" => control.hold(one()?.0, one()?.1, asked.moment("until")?)?,
        "clear" => control.clear(),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Runs the operations that change the environment's and the simulator's behaviour. Returns false for any other operation.
fn set(control: &Control, operation: &str, asked: &Arguments) -> Result<bool, Refused> {
    let needed = |name: &str| asked.needed(name);
    let object = || needed("object");
    match operation {
        "add_column" => {
            control.add_column(object()?, needed("name")?, &asked.texts("traits"))?;
        }
        "change_metadata" => control.change_metadata(),
        "set_tracked" => control.set_tracked(object()?, asked.flag("tracked", true))?,
        "set_tracking_days" => control.set_tracking_days(asked.number("days").unwrap_or(7)),
        "set_depth" => control.set_depth(object()?, needed("right")?, needed("depth")?)?,
        "set_behaviour" => control.set_behaviour(asked.all()?),
        "set_limits" => control.set_limits(asked.all()?),
        "set_sales" => control.set_sales(asked.flag("there", true)),
        "set_duplicate_rules" => control.set_duplicate_rules(asked.flag("there", true)),
        "set_aggregate_limit" => {
            let limit = asked
                .number("limit")
                .and_then(|limit| usize::try_from(limit).ok());
            control.set_aggregate_limit(limit.unwrap_or(50_000));
        }
        "set_client" => control.set_client(asked.text("id"), asked.text("secret")),
        "expire_access_tokens" => control.expire_access_tokens(),
        "revoke_grant" => control.revoke_grant(),
        "set_application_user" => control.set_application_user(asked.flag("there", true)),
        "set_members" => control.set_members(asked.flag("are", true)),
        "set_token_trouble" => {
            let code = asked
                .number("code")
                .and_then(|code| u32::try_from(code).ok());
            control.set_token_trouble(code);
        }
        _ => return Ok(false),
    }
    Ok(true)
}
