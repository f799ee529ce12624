//! The properties of an object that are read, and where the values of every CRM are in them.

mod sources;

use std::collections::BTreeMap;

use domain::{ports::Shape, record::Object, settings::Mapping};

use super::{
    super::client::sources::{AttributeSources, DisplaySources, fingerprint},
    field::{Field, Kind, position},
    names::stamp_name,
    people::PeopleFields,
};

/// An object's properties that are read, sorted by name.
pub(super) struct ObjectShape {
    object: Object,
    pub(super) fields: Vec<Field>,
    /// Properties that describe names and that are left out.
    refused: Vec<String>,
    pub(super) attributes: AttributeSources,
    pub(super) display: DisplaySources,
    /// The properties that mirror associations with the record's parents, the preferred one first.
    pub(super) parents: Vec<(Object, usize)>,
    pub(super) people: PeopleFields,
}

impl ObjectShape {
    /// Makes the shape of the properties that describe names. `refused` are those that are left out.
    pub(super) fn new(
        object: Object,
        properties: BTreeMap<String, Kind>,
        refused: Vec<String>,
        mapping: Option<&Mapping>,
    ) -> Self {
        let fields: Vec<Field> = properties
            .into_iter()
            .map(|(name, kind)| Field {
                name: name.into(),
                kind,
            })
            .collect();
        let mut attributes = sources::attributes(object, &fields);
        if let Some(mapping) = mapping {
            attributes.map(mapping, |name| position(&fields, name));
        }
        Self {
            attributes,
            display: sources::display(object, &fields),
            parents: sources::parents(object, &fields),
            people: PeopleFields::of(object, &fields),
            object,
            fields,
            refused,
        }
    }

    pub(super) fn object(&self) -> Object {
        self.object
    }

    /// Returns the property with the time of the last change.
    pub(super) fn stamp(&self) -> &'static str {
        stamp_name(self.object)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| &*field.name)
    }

    /// Returns a fingerprint of the shape for tokens that outlive this process.
    pub(super) fn fingerprint(&self) -> u64 {
        fingerprint(self.names())
    }

    /// Returns the shape as the rules see it.
    pub(super) fn told(&self) -> Shape {
        Shape {
            fields: self.names().map(str::to_owned).collect(),
            refused: self.refused.clone(),
            version: version(self.object),
        }
    }
}

/// Returns the version of what this connector makes of an object's properties.
///
/// * Lead, 1: the contact that is the same person (30 November 2026). A copy without it knows only the contact's first address.
const fn version(object: Object) -> u32 {
    match object {
        Object::Lead => 1,
        Object::Account | Object::Contact | Object::Task | Object::Opportunity => 0,
    }
}
