//! Checks drafts: their content, the people they name, and what Salesforce would not accept.

mod people;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod values;

use domain::{
    ports::{Checked, Draft, FieldProblem, FieldValue, KeptBases},
    record::Object,
};

use self::{
    people::{people, pointed_at, reached},
    values::{attributes, id, is_empty, text},
};
use super::{
    super::shape::Kind,
    links::{Linked, linked},
    shape::WriteShape,
};

pub(super) fn check(shape: &WriteShape, draft: &Draft) -> Checked {
    let Linked {
        fields,
        refused: refused_links,
    } = linked(shape, draft);
    let fields = &fields;
    let given = |name: &str| fields.0.get(name).is_some_and(|value| !is_empty(value));
    let mut refused = Vec::new();
    for (name, value) in &fields.0 {
        if let Some(problem) = problem(shape, name, value) {
            refused.push((name.clone(), problem));
        }
    }
    let reached = reached(shape, fields, &refused);
    let missing = shape
        .fields
        .iter()
        .filter(|(name, field)| field.required && !given(name))
        .filter(|(name, _)| !(reached.is_person() && is_made_of_the_person(shape.object, name)))
        .map(|(name, _)| name.clone())
        .collect();
    let (person, others) = people(shape, fields, reached.is_person());
    let (people, accounts) = pointed_at(shape, fields);
    Checked {
        attributes: attributes(shape.object, fields),
        person,
        others,
        people,
        accounts,
        reached,
        account: text(fields, "AccountId").and_then(id),
        missing,
        refused,
        refused_links,
        kept_bases: match shape.basis {
            Some(_) => KeptBases::All,
            None => KeptBases::Nothing,
        },
        has_external_id: shape.external.as_deref().is_some_and(|name| !given(name)),
    }
}

/// Returns whether Salesforce makes the field from the person's names, although it calls the field required. An
/// organisation's accounts are companies, too, and need it.
fn is_made_of_the_person(object: Object, name: &str) -> bool {
    object == Object::Account && name == "Name"
}

fn problem(shape: &WriteShape, name: &str, value: &FieldValue) -> Option<FieldProblem> {
    let Some(field) = shape.fields.get(name) else {
        return Some(FieldProblem::Unknown);
    };
    if !shape.createable || !field.createable {
        return Some(FieldProblem::NotCreateable);
    }
    let fits = match (field.kind, value) {
        (_, FieldValue::Null)
        | (Some(Kind::Time), FieldValue::Text(_))
        | (Some(Kind::Boolean), FieldValue::Truth(_)) => true,
        (Some(kind), FieldValue::Text(_)) if kind.is_text() => true,
        // Salesforce refuses the whole request because of one value that it cannot read.
        (Some(Kind::Number), FieldValue::Number(number)) => number.is_sane(),
        // A whole number may be given as a text, like a postal code.
        (Some(Kind::Number), FieldValue::Text(text)) => {
            text.parse::<f64>().is_ok_and(f64::is_finite)
        }
        _ => false,
    };
    if !fits {
        return Some(FieldProblem::WrongType);
    }
    let is_text = field.kind.is_some_and(Kind::is_text);
    let longest = field.longest.filter(|_| is_text)?;
    let length = value.as_str().map_or(0, |text| text.chars().count());
    (length > longest).then_some(FieldProblem::TooLong)
}
