//! The columns of a table that are read, and where the values of every CRM are in them.

mod sources;

use std::collections::{BTreeMap, HashMap};

use domain::{
    ports::Shape,
    record::{Object, RecordId},
    settings::Mapping,
};

pub(super) use self::sources::Parent as ParentSource;
use super::{
    super::client::sources::{AttributeSources, DisplaySources, fingerprint},
    field::{Field, Kind, position},
    names::{SURVIVOR, id_name, is_merged},
    people::PeopleFields,
};

/// The ISO codes of the environment's currencies, by their ids.
pub(super) type Currencies = HashMap<RecordId, Box<str>>;

/// A table's columns that are read, sorted by the names that answers have.
pub(super) struct ObjectShape {
    object: Object,
    pub(super) fields: Vec<Field>,
    /// Columns that describe names and that are left out or hidden.
    refused: Vec<String>,
    pub(super) attributes: AttributeSources,
    pub(super) display: DisplaySources,
    /// The lookups of a record's parent, the preferred one first.
    pub(super) parents: Vec<ParentSource>,
    pub(super) people: PeopleFields,
    /// Whether Dataverse tracks the table's changes.
    pub(super) is_tracked: bool,
    pub(super) currencies: Currencies,
}

impl ObjectShape {
    /// Makes the shape of the columns that describe names. `refused` are those that are left out.
    pub(super) fn new(
        object: Object,
        columns: BTreeMap<String, Kind>,
        refused: Vec<String>,
        mapping: Option<&Mapping>,
    ) -> Self {
        let fields: Vec<Field> = columns
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
            is_tracked: false,
            currencies: HashMap::new(),
        }
    }

    pub(super) fn object(&self) -> Object {
        self.object
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| &*field.name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        position(&self.fields, name).is_some()
    }

    /// Returns the filter that leaves merged records out, if records of the table can be merged.
    pub(super) fn live(&self) -> Option<String> {
        (is_merged(self.object) && self.has(SURVIVOR)).then(|| format!("{SURVIVOR} eq null"))
    }

    /// Returns the column with the ids.
    pub(super) fn id(&self) -> &'static str {
        id_name(self.object)
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
            version: 0,
        }
    }
}
