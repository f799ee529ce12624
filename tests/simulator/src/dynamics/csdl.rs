//! `$metadata`: a small valid CSDL of the environment.

use super::fixed::SETS;
use super::schema::{Schema, Source, Type};
use super::table::Table;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices><Schema Namespace=\"Microsoft.Dynamics.CRM\" Alias=\"mscrm\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\"><EntityType Name=\"crmbaseentity\" Abstract=\"true\" />";
const TAIL: &str = "</Schema></edmx:DataServices></edmx:Edmx>";

/// Writes the document.
pub(crate) fn document(tables: &[&Table]) -> String {
    let names: Vec<&str> = tables
        .iter()
        .map(|table| table.schema.kind.logical())
        .collect();
    let mut out = String::from(HEAD);
    // The owner of a row is a user or a team.
    out.push_str("<EntityType Name=\"principal\" BaseType=\"mscrm.crmbaseentity\"><Key><PropertyRef Name=\"ownerid\" /></Key><Property Name=\"ownerid\" Type=\"Edm.Guid\" /></EntityType>");
    for (_, name, id) in SETS {
        let base = if ["systemuser", "team"].contains(&name) {
            "principal"
        } else {
            "crmbaseentity"
        };
        let key = if base == "principal" {
            String::new()
        } else {
            format!("<Key><PropertyRef Name=\"{id}\" /></Key>")
        };
        out.push_str(&format!("<EntityType Name=\"{name}\" BaseType=\"mscrm.{base}\">{key}<Property Name=\"{id}\" Type=\"Edm.Guid\" /></EntityType>"));
    }
    for table in tables {
        entity(&mut out, &table.schema, &names);
    }
    out.push_str("<EntityContainer Name=\"System\">");
    for table in tables {
        set(&mut out, &table.schema, &names);
    }
    for (set, name, _) in SETS {
        out.push_str(&format!(
            "<EntitySet Name=\"{set}\" EntityType=\"Microsoft.Dynamics.CRM.{name}\" />"
        ));
    }
    out.push_str("</EntityContainer>");
    out.push_str(TAIL);
    out
}

fn entity(out: &mut String, schema: &Schema, names: &[&str]) {
    let (name, id) = (schema.kind.logical(), schema.kind.id_column());
    out.push_str(&format!("<EntityType Name=\"{name}\" BaseType=\"mscrm.crmbaseentity\"><Key><PropertyRef Name=\"{id}\" /></Key>"));
    for (_, field) in schema.indexed() {
        if field.of.is_some()
            || !field.readable
            || (field.source == Source::Nothing && field.kind != Type::Virtual)
        {
            continue;
        }
        out.push_str(&format!(
            "<Property Name=\"{}\" Type=\"{}\" />",
            field.wire(),
            field.kind.edm()
        ));
    }
    for (navigation, target, column) in followed(schema, names) {
        out.push_str(&format!("<NavigationProperty Name=\"{navigation}\" Type=\"mscrm.{target}\"><ReferentialConstraint Property=\"{column}\" ReferencedProperty=\"{}\" /></NavigationProperty>", key_of(target)));
    }
    out.push_str("</EntityType>");
}

fn set(out: &mut String, schema: &Schema, names: &[&str]) {
    let (set, name) = (schema.kind.set(), schema.kind.logical());
    out.push_str(&format!(
        "<EntitySet Name=\"{set}\" EntityType=\"Microsoft.Dynamics.CRM.{name}\">"
    ));
    for (navigation, target, _) in followed(schema, names) {
        let of = super::kind::Kind::of_logical(target).map(super::kind::Kind::set);
        let of = of.or_else(|| {
            SETS.iter()
                .find(|(_, name, _)| *name == target)
                .map(|(set, ..)| *set)
        });
        if let Some(of) = of {
            out.push_str(&format!(
                "<NavigationPropertyBinding Path=\"{navigation}\" Target=\"{of}\" />"
            ));
        }
    }
    out.push_str("</EntitySet>");
}

/// Returns the navigation names of a table with the types at their ends and their columns.
fn followed<'a>(schema: &'a Schema, names: &[&str]) -> Vec<(String, &'a str, String)> {
    let mut found = Vec::new();
    for (_, field) in schema.indexed().filter(|(_, field)| field.kind.is_lookup()) {
        if field.kind == Type::Owner {
            found.push((field.name.clone(), "principal", field.wire()));
            continue;
        }
        for (navigation, target) in schema.navigations(field) {
            let is_known =
                names.contains(&target) || SETS.iter().any(|(_, name, _)| *name == target);
            if is_known {
                found.push((navigation, target, field.wire()));
            }
        }
    }
    found
}

fn key_of(target: &str) -> String {
    match target {
        "principal" | "systemuser" | "team" => "ownerid".to_owned(),
        "task" => "activityid".to_owned(),
        other => format!("{other}id"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::kind::Kind;
    use super::super::xml::{Element, parse};
    use super::*;

    fn names<'a>(element: &'a Element, child: &'a str, attribute: &'a str) -> Vec<&'a str> {
        let all = element.named(child);
        all.map(|one| one.attribute(attribute).unwrap()).collect()
    }

    #[test]
    fn every_name_in_the_document_leads_somewhere() {
        let tables = Kind::ALL.map(Table::new);
        let root = parse(&document(&tables.iter().collect::<Vec<_>>())).unwrap();
        let schema = &root.children[0].children[0];
        let types: BTreeMap<&str, &Element> = schema
            .named("EntityType")
            .map(|one| (one.attribute("Name").unwrap(), one))
            .collect();
        let short = |name: &str| name.rsplit('.').next().unwrap().to_owned();
        let has = |of: &str, property: &str| {
            let mut of = of.to_owned();
            loop {
                let found = types[of.as_str()];
                if names(found, "Property", "Name").contains(&property) {
                    return true;
                }
                match found.attribute("BaseType") {
                    Some(base) => of = short(base),
                    None => return false,
                }
            }
        };
        let mut followed = 0;
        for (name, found) in &types {
            for key in found
                .named("Key")
                .flat_map(|key| names(key, "PropertyRef", "Name"))
            {
                assert!(has(name, key), "{name}: {key}");
            }
            for navigation in found.named("NavigationProperty") {
                let end = short(navigation.attribute("Type").unwrap());
                let constraint = &navigation.children[0];
                assert!(
                    has(name, constraint.attribute("Property").unwrap()),
                    "{name}"
                );
                assert!(
                    has(&end, constraint.attribute("ReferencedProperty").unwrap()),
                    "{end}"
                );
                followed += 1;
            }
        }
        assert!(followed > 50, "{followed}");
        let container = schema.named("EntityContainer").next().unwrap();
        let sets = names(container, "EntitySet", "Name");
        for set in container.named("EntitySet") {
            assert!(types.contains_key(short(set.attribute("EntityType").unwrap()).as_str()));
            for target in names(set, "NavigationPropertyBinding", "Target") {
                assert!(sets.contains(&target), "{target}");
            }
        }
    }
}
