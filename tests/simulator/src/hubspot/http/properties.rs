//! Properties: describe, create, archive. Also the administrators' rules.

use serde_json::{Value, json};

use super::call::{Answer, Body, Call, bad_json, json as answer_json, nothing};
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::property::{Choice, Property, Type};
use crate::hubspot::state::State;
use crate::hubspot::time;

/// The most properties with unique values of one object.
const UNIQUE: usize = 10;

pub(super) fn answer(
    state: &State,
    call: &Call,
    kind: Kind,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            readable(call, kind)?;
            Ok(answer_json(200, &describe(state, call, kind)))
        }
        ("POST", []) => {
            writable(call, kind)?;
            let body = call.object()?;
            Ok(answer_json(201, &create(state, kind, &body)?))
        }
        ("GET", [name]) => {
            readable(call, kind)?;
            one(state, call, kind, name)
        }
        ("DELETE", [name]) => {
            writable(call, kind)?;
            archive(state, kind, name)
        }
        _ => Err(Refusal::no_such_path()),
    }
}

/// Describes properties. `dataSensitivity=sensitive` returns only sensitive ones, and only to a token that may read them.
fn describe(state: &State, call: &Call, kind: Kind) -> Value {
    let sensitive = call.param("dataSensitivity") == Some("sensitive");
    let archived = call.flag("archived");
    let portal = state.portal();
    let wanted = |one: &&Property| {
        one.archived.is_some() == archived
            && one.sensitive == sensitive
            && (!sensitive || call.reads_sensitive(kind))
    };
    let properties = portal.table(kind).schema.properties.iter().filter(wanted);
    let results: Vec<Value> = properties.map(|one| one.describe(time::text)).collect();
    json!({ "results": results })
}

fn one(state: &State, call: &Call, kind: Kind, name: &str) -> Result<Answer, Refusal> {
    let portal = state.portal();
    let schema = &portal.table(kind).schema;
    let property = schema
        .find_any(name)
        .and_then(|index| schema.property(index))
        .filter(|one| one.archived.is_some() == call.flag("archived"))
        .filter(|one| !one.sensitive || call.reads_sensitive(kind));
    match property {
        Some(property) => Ok(answer_json(200, &property.describe(time::text))),
        None => {
            let message = format!("Property \"{name}\" does not exist");
            Err(Refusal::new(404, "OBJECT_NOT_FOUND", message))
        }
    }
}

/// Creates a property. Whether its values are unique is fixed at its creation.
fn create(state: &State, kind: Kind, body: &Body) -> Result<Value, Refusal> {
    let text = |name: &str| {
        body.get(name).and_then(Value::as_str).ok_or_else(|| {
            bad_json(&format!(
                "line 1, column 2. Some required fields were not set: [{name}]"
            ))
        })
    };
    let flag = |name: &str| body.get(name).and_then(Value::as_bool).unwrap_or(false);
    let name = text("name")?;
    let of_value = Type::parse(text("type")?)
        .ok_or_else(|| Refusal::invalid("The type of the property is invalid"))?;
    let mut property = Property::custom(name, of_value, text("fieldType")?);
    text("label")?.clone_into(&mut property.label);
    text("groupName")?.clone_into(&mut property.group);
    property.unique = flag("hasUniqueValue");
    property.hidden = flag("hidden");
    property.sensitive = body.get("dataSensitivity").and_then(Value::as_str) == Some("sensitive");
    for option in body
        .get("options")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let text = |name: &str| option[name].as_str().unwrap_or_default().to_owned();
        property.choices.push(Choice {
            value: text("value"),
            label: text("label"),
            hidden: option["hidden"].as_bool().unwrap_or(false),
        });
    }
    let mut portal = state.portal();
    let schema = &portal.table(kind).schema;
    if schema.find_any(name).is_some() {
        let message = format!("A property named '{name}' already exists.");
        return Err(Refusal::new(409, "OBJECT_ALREADY_EXISTS", message));
    }
    let of_activities = matches!(kind, Kind::Task | Kind::Lead);
    if property.unique && of_activities && !portal.config.behaviour.unique_on_tasks_and_leads {
        return Err(Refusal::invalid(
            "Unique properties are not supported for this object type",
        ));
    }
    let unique = schema.properties.iter().filter(|one| one.unique).count();
    if property.unique && unique >= UNIQUE {
        return Err(Refusal::invalid(format!(
            "At most {UNIQUE} properties of an object may have unique values"
        )));
    }
    let described = property.describe(time::text);
    portal.table_mut(kind).add_property(property);
    Ok(described)
}

fn archive(state: &State, kind: Kind, name: &str) -> Result<Answer, Refusal> {
    let mut portal = state.portal();
    let now = portal.clock.now();
    let schema = &mut portal.table_mut(kind).schema;
    let index = schema.find(name).ok_or_else(Refusal::not_found)?;
    match schema.property_mut(index) {
        Some(property) if !property.hubspot_defined => {
            property.archived = Some(now);
            Ok(nothing())
        }
        _ => Err(Refusal::invalid(format!("{name} cannot be archived"))),
    }
}

/// Answers `/crm/property-validations`: the properties that administrators made compulsory.
pub(super) fn rules(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    readable(call, kind)?;
    let portal = state.portal();
    let of_kind = portal
        .config
        .rules
        .iter()
        .filter(|rule| Kind::parse(&rule.object) == Some(kind) && rule.when.is_none());
    let rule = |name: &String| json!({ "propertyName": name, "propertyValidationRules": [{ "ruleType": "REQUIRED", "ruleArguments": [] }] });
    let results: Vec<Value> = of_kind.map(|one| rule(&one.property)).collect();
    Ok(answer_json(200, &json!({ "results": results })))
}

/// Checks the scopes. A token that may read records may also read their properties' definitions.
fn readable(call: &Call, kind: Kind) -> Result<(), Refusal> {
    call.needs_one(&[kind.scope(false), schema_scope(kind, "read")])
}

fn writable(call: &Call, kind: Kind) -> Result<(), Refusal> {
    call.needs_one(&[schema_scope(kind, "write")])
}

fn schema_scope(kind: Kind, right: &str) -> String {
    format!("crm.schemas.{}.{right}", kind.plural())
}
