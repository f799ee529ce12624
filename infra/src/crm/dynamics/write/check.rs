//! Checks drafts: their content, the people they name, and what Dataverse would not accept.

use domain::{
    ports::{Checked, Draft, FieldProblem, FieldValue, KeptBases},
    record::{Object, Parent},
};

use super::{
    super::rights::required,
    links::linked,
    persons::Texts,
    shape::WriteShape,
    value::{problem, spelt},
};

pub(super) fn check(shape: &WriteShape, draft: &Draft) -> Checked {
    let mut refused = Vec::new();
    for (name, value) in &draft.fields.0 {
        if let Some(problem) = problem_of(shape, name, value) {
            refused.push((name.clone(), problem));
        }
    }
    let is_taken = |name: &str| refused.iter().all(|(one, _)| one != name);
    let texts = Texts::of(shape, draft, is_taken);
    let mut attributes = texts.attributes();
    let (person, others) = texts.people(&attributes);
    let reached = texts.reached();
    let account = draft
        .links
        .iter()
        .find(|link| link.object == Object::Account);
    attributes.parent = account.map(|link| Parent::of(link.object, link.id.clone()));
    let mut checked = Checked {
        attributes,
        person,
        others,
        reached,
        missing: missing(draft),
        refused,
        refused_links: linked(shape, draft).refused,
        kept_bases: match &shape.basis {
            Some(column) if !is_given(draft, column) => KeptBases::All,
            _ => KeptBases::Nothing,
        },
        ..Checked::default()
    };
    checked.add_links(&draft.links);
    checked
}

fn problem_of(shape: &WriteShape, name: &str, value: &FieldValue) -> Option<FieldProblem> {
    let Some(field) = shape.fields.get(name) else {
        // Of a table that the environment does not have, nothing can be set.
        return Some(match shape.fields.is_empty() {
            true => FieldProblem::NotCreateable,
            false => FieldProblem::Unknown,
        });
    };
    if field.is_linked {
        return Some(FieldProblem::LinkInstead);
    }
    if !field.creatable {
        return Some(FieldProblem::NotCreateable);
    }
    problem(field, value)
}

fn is_given(draft: &Draft, name: &str) -> bool {
    draft.fields.0.get(name).and_then(spelt).is_some()
}

/// Returns what a draft lacks without which nobody would know the record.
fn missing(draft: &Draft) -> Vec<String> {
    let required = required(draft.object).iter();
    let missing = required.filter(|name| !is_given(draft, name));
    missing.map(|name| (*name).to_owned()).collect()
}
