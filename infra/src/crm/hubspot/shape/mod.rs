//! The properties of an object that are read, and where the values of every CRM are in them.

mod sources;

use std::collections::BTreeMap;

use domain::{
    ports::Shape,
    record::Object,
    settings::{Mapping, Meaning},
};

pub(super) use self::sources::{AttributeSources, DisplaySources};
use super::{
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
        let mut attributes = AttributeSources::of(object, &fields);
        for (meaning, name) in mapping.into_iter().flatten() {
            let place = position(&fields, name.as_str()).into_iter().collect();
            let at = match meaning {
                Meaning::Company => &mut attributes.company,
                Meaning::Street => &mut attributes.street,
                Meaning::Zip => &mut attributes.zip,
                Meaning::City => &mut attributes.city,
                Meaning::Country => &mut attributes.country,
                Meaning::Website => &mut attributes.website,
                Meaning::Phone => &mut attributes.phone,
                Meaning::Email => &mut attributes.email,
                Meaning::VatId => &mut attributes.vat_id,
                Meaning::Register => &mut attributes.register,
                Meaning::Lei => &mut attributes.lei,
            };
            *at = place;
        }
        Self {
            attributes,
            display: DisplaySources::of(object, &fields),
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

    /// Returns a fingerprint of the shape for tokens that outlive this process: FNV-1a over the names.
    pub(super) fn fingerprint(&self) -> u64 {
        let bytes = self.names().flat_map(|name| name.bytes().chain([0]));
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
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
