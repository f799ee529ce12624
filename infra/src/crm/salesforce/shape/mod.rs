//! The readable fields of an object, and where the values of every CRM are in them.

mod words;

use std::collections::BTreeMap;

use domain::{
    ports::Shape,
    record::Object,
    settings::{Mapping, Meaning},
};

use self::words::{AttributeSources, DisplaySources};
pub use super::field::Kind;
use super::{
    super::client::sources::fingerprint,
    field::{Field, position},
    people::PeopleFields,
    settings::Options,
};

/// An object's readable fields, sorted by name.
pub struct ObjectShape {
    object: Object,
    pub(super) fields: Vec<Field>,
    pub(super) id: usize,
    pub(super) stamp: usize,
    pub(super) deleted: Option<usize>,
    pub(super) survivor: Option<usize>,
    pub(super) attributes: AttributeSources,
    pub(super) display: DisplaySources,
    pub(super) people: PeopleFields,
}

impl ObjectShape {
    /// Makes the shape of the fields that describe names. `None` if id or time stamp are missing, since such an object
    /// cannot be synced.
    pub fn new(object: Object, fields: BTreeMap<String, Kind>, options: &Options) -> Option<Self> {
        let fields: Vec<Field> = fields
            .into_iter()
            .map(|(name, kind)| Field {
                key: format!("\"{name}\":").into(),
                name: name.into(),
                kind,
            })
            .collect();
        let find = |name: &str| position(&fields, name);
        let id = find("Id")?;
        let stamp = ["SystemModstamp", "LastModifiedDate", "CreatedDate"]
            .into_iter()
            .find_map(find)?;
        let (deleted, survivor) = (find("IsDeleted"), find("MasterRecordId"));
        let attributes = AttributeSources::of(object, &fields, options);
        let display = DisplaySources::of(object, &fields);
        let people = PeopleFields::of(object, &fields);
        Some(Self {
            object,
            fields,
            id,
            stamp,
            deleted,
            survivor,
            attributes,
            display,
            people,
        })
    }

    /// Applies the fields that an administrator chose. A chosen field that does not exist gives no value.
    #[must_use]
    pub fn mapped(mut self, mapping: &Mapping) -> Self {
        for (meaning, name) in mapping {
            let place = position(&self.fields, name.as_str());
            let attributes = &mut self.attributes;
            match meaning {
                Meaning::Company => attributes.company = place,
                Meaning::Street => attributes.street = place,
                Meaning::Zip => attributes.zip = place,
                Meaning::City => attributes.city = place,
                Meaning::Country => attributes.country = place,
                Meaning::Website => attributes.website = place,
                Meaning::Phone => attributes.phone = place,
                Meaning::Email => attributes.email = place,
                Meaning::VatId => attributes.vat_id = place,
                Meaning::Register => attributes.register = place.into_iter().collect(),
                Meaning::Lei => attributes.lei = place,
            }
        }
        self
    }

    /// Returns the object.
    pub fn object(&self) -> Object {
        self.object
    }

    /// Returns the field of the last change.
    pub(super) fn stamp(&self) -> &str {
        self.fields
            .get(self.stamp)
            .map_or("SystemModstamp", |field| &field.name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| &*field.name)
    }

    /// Returns whether every query has the field. Rows of several queries are joined by such fields.
    pub(super) fn is_carried(&self, name: &str) -> bool {
        let at = |index: usize| {
            self.fields
                .get(index)
                .is_some_and(|field| &*field.name == name)
        };
        at(self.id) || at(self.stamp) || self.deleted.is_some_and(at)
    }

    /// Returns the index of a field. `hint` is its most likely index: the one after the field before.
    pub(super) fn find(&self, name: &str, hint: usize) -> Option<usize> {
        match self.fields.get(hint) {
            Some(field) if &*field.name == name => Some(hint),
            _ => position(&self.fields, name),
        }
    }

    /// Returns a fingerprint of the shape for tokens that outlive this process.
    pub(super) fn fingerprint(&self) -> u64 {
        fingerprint(self.names())
    }

    /// Returns the shape as the rules see it. `refused` are fields that are left out although describe names them.
    pub fn shape(&self, refused: Vec<String>) -> Shape {
        Shape {
            fields: self.names().map(str::to_owned).collect(),
            refused,
            version: 0,
        }
    }
}
