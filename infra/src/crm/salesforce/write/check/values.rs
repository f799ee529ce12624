//! Single values of a draft, and what they say about a company.

use domain::{
    ports::{FieldValue, Fields},
    record::{MatchingAttributes, Object, Parent, RecordId},
};

use super::super::shape::spelt;
use crate::crm::salesforce::people::OWN_EMAILS;

pub(super) fn is_empty(value: &FieldValue) -> bool {
    match value {
        FieldValue::Null => true,
        FieldValue::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

pub(super) fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    let text = fields.0.get(name)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Returns an id as the copy spells it. `None` if it cannot be an id. Salesforce then refuses it.
pub(super) fn id(text: &str) -> Option<RecordId> {
    RecordId::parse(&spelt(text)).ok()
}

/// Returns the matching attributes as the copy would have them, by the usual fields.
pub(super) fn attributes(object: Object, fields: &Fields) -> MatchingAttributes {
    let find = |name: &str| text(fields, name).map(Box::from);
    let stem = match object {
        Object::Account => "Billing",
        Object::Contact => "Mailing",
        Object::Lead | Object::Task | Object::Opportunity => "",
    };
    let address = |part: &str| find(&format!("{stem}{part}"));
    let parent = ["AccountId", "WhatId", "WhoId"]
        .into_iter()
        .find_map(|name| text(fields, name));
    MatchingAttributes {
        company: match object {
            Object::Account => find("Name"),
            Object::Lead => find("Company"),
            Object::Contact | Object::Task | Object::Opportunity => None,
        },
        street: address("Street"),
        zip: address("PostalCode"),
        city: address("City"),
        country: address("Country"),
        website: find("Website"),
        phone: find("Phone"),
        email: OWN_EMAILS.into_iter().find_map(find),
        parent: parent.and_then(id).map(Parent::named_by_id),
        ..MatchingAttributes::default()
    }
}
