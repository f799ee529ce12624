//! Salesforce's own control operations over HTTP.

use serde_json::{Value, json};

use crate::kit::control::{Arguments, Operations, Refused};
use crate::salesforce::control::Control;
use crate::salesforce::error::Refusal;
use crate::salesforce::fault::{self, Fault};
use crate::salesforce::time;

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
        "create" => json!({ "id": control.create(needed("object")?, asked.object("fields")?)? }),
        "convert_lead" => {
            let opportunity = asked.flag("opportunity", false);
            json!(control.convert_lead(needed("id")?, asked.text("account"), opportunity)?)
        }
        "release" => json!({ "released": control.release() }),
        "restamp" => {
            let stamp = asked.needed_moment("stamp")?;
            json!({ "restamped": control.restamp(needed("object")?, stamp)? })
        }
        "set_clock" => {
            control.set_clock(asked.moment("now")?);
            json!({ "now": time::rest_text(control.now()) })
        }
        "session" => {
            json!({ "access_token": control.session(), "instance_url": control.state.instance() })
        }
        "grant" => json!({ "refresh_token": control.grant() }),
        "counts" => json!(control.counts()),
        "ids" => {
            let deleted = asked.flag("deleted", false);
            json!({ "ids": control.ids(needed("object")?, deleted)? })
        }
        "get" => json!({ "fields": control.get(needed("object")?, needed("id")?)? }),
        "requests" => json!({ "requests": control.requests(), "usage": control.usage() }),
        _ => return Ok(None),
    }))
}

/// Runs the operations that change records. Returns false for any other operation.
fn change(control: &Control, operation: &str, asked: &Arguments) -> Result<bool, Refused> {
    let needed = |name: &str| asked.needed(name);
    let (object, id) = (|| needed("object"), || needed("id"));
    match operation {
        "edit" => control.edit(object()?, id()?, asked.object("fields")?)?,
        "soft_delete" => control.soft_delete(object()?, id()?, asked.flag("cascade", false))?,
        "hard_delete" => control.hard_delete(object()?, id()?)?,
        "undelete" => control.undelete(object()?, id()?)?,
        "merge" => control.merge(object()?, needed("winner")?, needed("loser")?)?,
        "hold" => control.hold(object()?, id()?, asked.moment("until")?)?,
        "clear" => control.clear(),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Runs the operations that change the organisation's and the simulator's behaviour. Returns false for any other operation.
fn set(control: &Control, operation: &str, asked: &Arguments) -> Result<bool, Refused> {
    let needed = |name: &str| asked.needed(name);
    let number = |name: &str| asked.number(name).and_then(|n| u64::try_from(n).ok());
    match operation {
        "hide_field" => {
            let hidden = asked.flag("hidden", true);
            control.hide_field(needed("object")?, needed("field")?, hidden)?;
        }
        "refuse_field" => {
            let refused = asked.flag("refused", true);
            control.refuse_field(needed("object")?, needed("field")?, refused)?;
        }
        "move_away" => control.move_away(asked.rule(fault::named)?.fault),
        "purge_deletion_log" => control.purge_deletion_log(asked.needed_moment("before")?),
        "duplicate_rules" => control.set_duplicate_rules(asked.read("rules")?),
        "set_scope" => control.set_scope(needed("scope")?),
        "set_client" => control.set_client(asked.text("id"), asked.text("secret")),
        "expire_access_tokens" => control.expire_access_tokens(),
        "revoke_grant" => control.revoke_grant(),
        "set_usage" => control.set_usage(number("used").unwrap_or(0), number("limit")),
        "drop_locators" => control.drop_locators(),
        "drop_jobs" => control.drop_jobs(),
        _ => return Ok(false),
    }
    Ok(true)
}
