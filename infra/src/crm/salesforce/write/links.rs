//! Links to other records. Salesforce keeps each in a reference field of the new record.

use domain::{
    ports::{Draft, FieldValue, Fields, LinkProblem},
    record::Object,
};

use super::shape::{WriteShape, spelt};

/// A draft's fields, those of its links among them.
pub(super) struct Linked {
    pub(super) fields: Fields,
    /// Links that Salesforce does not take, by their places in the draft.
    pub(super) refused: Vec<(usize, LinkProblem)>,
}

/// Puts a draft's links into the fields that Salesforce keeps them in.
pub(super) fn linked(shape: &WriteShape, draft: &Draft) -> Linked {
    let mut fields = draft.fields.clone();
    let mut refused = Vec::new();
    for (at, link) in draft.links.iter().enumerate() {
        let name = field(draft.object, link.object).filter(|name| can_set(shape, name));
        let Some(name) = name else {
            refused.push((at, LinkProblem::NotPossible));
            continue;
        };
        let id = spelt(link.id.as_str());
        match fields.0.get(name) {
            None => {
                fields.0.insert(name.to_owned(), FieldValue::Text(id));
            }
            Some(FieldValue::Text(there)) if spelt(there.trim()) == id => {}
            Some(_) if draft.fields.0.contains_key(name) => {
                refused.push((at, LinkProblem::Contradicted));
            }
            Some(_) => refused.push((at, LinkProblem::Taken)),
        }
    }
    Linked { fields, refused }
}

/// The field that says which record of `other` a record of `object` belongs to.
fn field(object: Object, other: Object) -> Option<&'static str> {
    match object {
        Object::Contact | Object::Opportunity => match other {
            Object::Account => Some("AccountId"),
            Object::Contact | Object::Lead | Object::Task | Object::Opportunity => None,
        },
        Object::Task => match other {
            Object::Contact | Object::Lead => Some("WhoId"),
            Object::Account | Object::Opportunity => Some("WhatId"),
            Object::Task => None,
        },
        Object::Account | Object::Lead => None,
    }
}

fn can_set(shape: &WriteShape, name: &str) -> bool {
    let field = shape.fields.get(name);
    shape.createable && field.is_some_and(|field| field.createable)
}
