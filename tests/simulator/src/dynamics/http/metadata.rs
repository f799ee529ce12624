//! `EntityDefinitions` and `$metadata`.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::key::split;
use super::shape::{Expand, meets, parse_expand, select};
use crate::dynamics::csdl;
use crate::dynamics::describe;
use crate::dynamics::error::Refusal;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::table::Table;

/// Members that only the types of single columns have. Whoever selects them has to name the type in the path.
const OF_TYPES: [&str; 9] = [
    "MaxLength",
    "Format",
    "Targets",
    "DateTimeBehavior",
    "OptionSet",
    "GlobalOptionSet",
    "MinValue",
    "MaxValue",
    "Precision",
];

fn tables(org: &Org) -> Vec<&Table> {
    let there = Kind::ALL.into_iter().filter(|kind| org.has(*kind));
    there.map(|kind| org.table(kind)).collect()
}

/// Answers `$metadata`.
pub(super) fn document(org: &Org) -> Reply {
    Reply::text("application/xml", csdl::document(&tables(org)))
}

/// Answers below `EntityDefinitions`.
pub(super) fn answer(
    org: &Org,
    call: &Call,
    inner: Option<&str>,
    rest: &[&str],
) -> Result<Reply, Refusal> {
    call.only(&["$select", "$filter", "$expand"])?;
    let names: Vec<String> = call.select().into_iter().map(str::to_owned).collect();
    let expand = parse_expand(call.param("$expand").unwrap_or_default());
    let Some(inner) = inner else {
        let mut found = Vec::new();
        for table in tables(org) {
            let described = describe::table(table.schema.kind, table);
            if call
                .param("$filter")
                .map_or(Ok(true), |filter| meets(&described, filter))?
            {
                found.push(entity(org, table, &names, &expand)?);
            }
        }
        return Ok(list(call, "EntityDefinitions", found));
    };
    let table = named(org, inner)?;
    let kind = table.schema.kind;
    match rest {
        [] => {
            let mut found = entity(org, table, &names, &expand)?;
            found["@odata.context"] =
                json!(format!("{}$metadata#EntityDefinitions/$entity", call.root));
            Ok(Reply::value(&found))
        }
        [collection, cast @ ..] => {
            let (name, key) = split(collection);
            let cast = cast
                .first()
                .map(|cast| cast.trim_start_matches("Microsoft.Dynamics.CRM."));
            let wanted = Expand {
                name: name.to_owned(),
                select: names,
                expand,
                filter: call.param("$filter").map(str::to_owned),
            };
            let found = members(org, table, &wanted, cast)?;
            let Some(key) = key else {
                return Ok(list(
                    call,
                    &format!("EntityDefinitions('{}')/{name}", kind.logical()),
                    found,
                ));
            };
            let given = key
                .split_once('=')
                .map_or(key, |(_, value)| value)
                .trim_matches('\'');
            let is_it = |one: &&Value| {
                ["LogicalName", "SchemaName", "MetadataId"]
                    .iter()
                    .any(|name| one[*name] == given)
            };
            // The key may not be among the members that are selected.
            let all = members(
                org,
                table,
                &Expand {
                    name: name.to_owned(),
                    ..Expand::default()
                },
                cast,
            )?;
            let at = all.iter().position(|one| is_it(&one));
            let one = at.and_then(|at| found.get(at)).cloned();
            let mut one = one.ok_or_else(|| Refusal::no_row("Attribute", given))?;
            one["@odata.context"] = json!(format!(
                "{}$metadata#EntityDefinitions('{}')/{name}/$entity",
                call.root,
                kind.logical()
            ));
            Ok(Reply::value(&one))
        }
    }
}

fn list(call: &Call, name: &str, found: Vec<Value>) -> Reply {
    Reply::value(
        &json!({ "@odata.context": format!("{}$metadata#{name}", call.root), "value": found }),
    )
}

/// Returns the table that brackets name: by its logical name or its id.
fn named<'a>(org: &'a Org, inner: &str) -> Result<&'a Table, Refusal> {
    let given = inner
        .split_once('=')
        .map_or(inner, |(_, value)| value)
        .trim_matches('\'');
    let found = tables(org).into_iter().find(|table| {
        let described = describe::table(table.schema.kind, table);
        described["LogicalName"] == given || described["MetadataId"] == given
    });
    let message = format!("Could not find an entity with specified entity name or id: {given}");
    found.ok_or_else(|| Refusal::new(404, "0x80060888", message))
}

fn entity(org: &Org, table: &Table, names: &[String], expand: &[Expand]) -> Result<Value, Refusal> {
    let described = describe::table(table.schema.kind, table);
    let mut found = select(&described, names, &[]);
    for one in expand {
        found[&one.name] = json!(members(org, table, one, None)?);
    }
    Ok(found)
}

/// Returns a collection of a table's metadata.
fn members(
    org: &Org,
    table: &Table,
    wanted: &Expand,
    cast: Option<&str>,
) -> Result<Vec<Value>, Refusal> {
    let schema = &table.schema;
    let all = match wanted.name.as_str() {
        "Attributes" => schema
            .fields
            .iter()
            .map(|field| describe::column(schema.kind, field))
            .collect(),
        "Keys" => describe::keys(schema),
        "ManyToOneRelationships" => describe::many_to_one(schema),
        "OneToManyRelationships" => describe::one_to_many(schema.kind, &tables(org)),
        // There are none between the tables here.
        "ManyToManyRelationships" => Vec::new(),
        other => return Err(Refusal::no_segment(other)),
    };
    let of_type = OF_TYPES.iter().find(|name| {
        let is_named = |one: &String| one == *name;
        wanted.select.iter().any(is_named) || wanted.expand.iter().any(|one| one.name == **name)
    });
    if let Some(name) = of_type.filter(|_| wanted.name == "Attributes" && cast.is_none()) {
        let message = format!(
            "Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'."
        );
        return Err(Refusal::query(message));
    }
    let mut found = Vec::new();
    for one in &all {
        let of = one["@odata.type"].as_str().unwrap_or_default();
        if cast.is_some_and(|cast| !of.ends_with(&format!(".{cast}"))) {
            continue;
        }
        if wanted
            .filter
            .as_deref()
            .map_or(Ok(true), |filter| meets(one, filter))?
        {
            found.push(shown(one, wanted));
        }
    }
    Ok(found)
}

/// Returns what is selected of one member. Options come only if they are expanded.
fn shown(one: &Value, wanted: &Expand) -> Value {
    let expanded: Vec<&str> = wanted.expand.iter().map(|one| one.name.as_str()).collect();
    let mut found = select(one, &wanted.select, &expanded);
    if let Some(members) = found.as_object_mut() {
        for name in ["OptionSet", "GlobalOptionSet"] {
            if !expanded.contains(&name) {
                members.remove(name);
            }
        }
    }
    for inner in &wanted.expand {
        if found[&inner.name].is_object() {
            found[&inner.name] = select(&found[&inner.name], &inner.select, &[]);
        }
    }
    found
}
