//! HubSpot's own control operations over HTTP.

use serde_json::{Value, json};

use crate::hubspot::control::Control;
use crate::hubspot::error::Refusal;
use crate::hubspot::fault::{self, Fault};
use crate::hubspot::time;
use crate::kit::control::{Arguments, Operations, Refused};

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            status: refusal.status,
            code: refusal.category,
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
            let properties = asked.object("properties")?;
            let parents: Vec<_> = asked.list("associations").filter_map(parent).collect();
            json!({ "id": control.create(needed("object")?, properties, &parents)? })
        }
        "merge" => {
            let (primary, other) = (needed("primary")?, needed("other")?);
            let new_id = asked.flag("new_id", false);
            json!({ "id": control.merge(needed("object")?, primary, other, new_id)? })
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
        "ids" => {
            let archived = asked.flag("archived", false);
            json!({ "ids": control.ids(needed("object")?, archived)? })
        }
        "get" => json!({ "properties": control.get(needed("object")?, needed("id")?)? }),
        "associated" => {
            let from = (needed("object")?, needed("id")?);
            json!({ "ids": control.associated(from, needed("to_object")?)? })
        }
        _ => return Ok(None),
    }))
}

/// Returns a parent in `associations`: its object, its id, and whether it is a primary one.
fn parent(given: &Value) -> Option<(&str, &str, bool)> {
    let primary = given["primary"].as_bool().unwrap_or(false);
    Some((given["object"].as_str()?, given["id"].as_str()?, primary))
}

/// Runs the operations that change records. Returns false for any other operation.
fn change(control: &Control, operation: &str, asked: &Arguments) -> Result<bool, Refused> {
    let needed = |name: &str| asked.needed(name);
    let one = || Ok::<_, Refused>((needed("object")?, needed("id")?));
    let other = || Ok::<_, Refused>((needed("to_object")?, needed("to_id")?));
    match operation {
        "edit" => control.edit(one()?.0, one()?.1, asked.object("properties")?)?,
        "archive" => control.archive(one()?.0, one()?.1)?,
        "purge" => control.purge(one()?.0, one()?.1)?,
        "restore" => control.restore(one()?.0, one()?.1)?,
        "associate" => control.associate(one()?, other()?, asked.flag("primary", false))?,
        "dissociate" => control.dissociate(one()?, other()?)?,
        "hold" => control.hold(one()?.0, one()?.1, asked.moment("until")?)?,
        "hold_index" => control.hold_index(one()?.0, one()?.1, asked.needed_moment("until")?)?,
        "clear" => control.clear(),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Runs the operations that change the account's and the simulator's behaviour. Returns false for any other operation.
fn set(control: &Control, operation: &str, asked: &Arguments) -> Result<bool, Refused> {
    let needed = |name: &str| asked.needed(name);
    match operation {
        "add_property" => {
            control.add_property(needed("object")?, needed("name")?, &asked.texts("traits"))?;
        }
        "set_rules" => control.set_rules(asked.read("rules")?),
        "set_index_lag" => control.set_index_lag(asked.number("milliseconds").unwrap_or(0)),
        "set_behaviour" => control.set_behaviour(asked.all()?),
        "set_limits" => control.set_limits(asked.all()?, 0),
        "set_usage" => {
            let number = |name: &str| asked.number(name).and_then(|n| n.try_into().ok());
            control.set_usage(number("used").unwrap_or(0), number("limit"));
        }
        "set_scopes" => control.set_scopes(&asked.texts("scopes")),
        "set_sales_hub" => control.set_sales_hub(asked.flag("there", true)),
        "set_client" => control.set_client(asked.text("id"), asked.text("secret")),
        "expire_access_tokens" => control.expire_access_tokens(),
        "revoke_grant" => control.revoke_grant(asked.flag("hub_gone", false)),
        _ => return Ok(false),
    }
    Ok(true)
}
