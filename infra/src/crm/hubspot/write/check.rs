//! Checks drafts: their content, the people they name, and what HubSpot would not accept.

use std::borrow::Cow;

use domain::{
    ports::{Checked, Draft, FieldProblem, FieldValue},
    record::{Object, Parent},
};

use super::{
    super::rights::required, bases::BasisProperty, links::refused_links, persons::Texts,
    shape::WriteShape, value::spelt,
};

pub(super) fn check(shape: &WriteShape, draft: &Draft) -> Checked {
    let mut refused = Vec::new();
    for (name, value) in &draft.fields.0 {
        if let Some(problem) = problem(shape, name, value) {
            refused.push((name.clone(), problem));
        }
    }
    let is_taken = |name: &str| refused.iter().all(|(one, _)| one != name);
    let texts = Texts::of(shape, draft, is_taken);
    let mut attributes = texts.attributes();
    let (person, others) = texts.people(&attributes);
    let reached = texts.reached();
    let refused_links = refused_links(draft);
    let linked = draft
        .links
        .iter()
        .find(|link| link.object == Object::Account);
    attributes.parent = attributes
        .parent
        .or_else(|| linked.map(|link| Parent::of(link.object, link.id.clone())));
    let mut checked = Checked {
        attributes,
        person,
        others,
        reached,
        missing: missing(draft),
        refused,
        refused_links,
        kept_bases: shape
            .basis
            .kept(given(draft, BasisProperty::NAME).as_deref()),
        has_external_id: shape
            .external
            .as_deref()
            .is_some_and(|name| !is_given(draft, name)),
        ..Checked::default()
    };
    checked.add_links(&draft.links);
    checked
}

fn problem(shape: &WriteShape, name: &str, value: &FieldValue) -> Option<FieldProblem> {
    let Some(field) = shape.fields.get(name) else {
        // Of an object that the account does not have, nothing can be set.
        return Some(match shape.fields.is_empty() {
            true => FieldProblem::NotCreateable,
            false => FieldProblem::Unknown,
        });
    };
    if field.mirrors {
        return Some(FieldProblem::LinkInstead);
    }
    if !field.createable {
        return Some(FieldProblem::NotCreateable);
    }
    field.taken.problem(value)
}

fn given<'a>(draft: &'a Draft, name: &str) -> Option<Cow<'a, str>> {
    draft.fields.0.get(name).and_then(spelt)
}

fn is_given(draft: &Draft, name: &str) -> bool {
    given(draft, name).is_some()
}

/// Returns what a draft lacks without which HubSpot creates no record. Its descriptions do not say so.
fn missing(draft: &Draft) -> Vec<String> {
    let required = required(draft.object).iter().copied();
    let mut missing: Vec<&str> = required.filter(|name| !is_given(draft, name)).collect();
    // One of these is enough, and the first one is the best.
    let one_of: &[&str] = match draft.object {
        Object::Account => &["name", "domain"],
        Object::Contact => &["email", "firstname", "lastname"],
        Object::Lead | Object::Task | Object::Opportunity => &[],
    };
    if !one_of.iter().any(|name| is_given(draft, name)) {
        missing.extend(one_of.first());
    }
    let is_parent = |object| matches!(object, Object::Contact | Object::Account);
    let mut links = draft.links.iter();
    if draft.object == Object::Lead && !links.any(|link| is_parent(link.object)) {
        missing.push(Checked::LINKS);
    }
    missing.into_iter().map(str::to_owned).collect()
}
