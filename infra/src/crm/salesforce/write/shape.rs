//! The fields with which an object's records can be created.

use std::{collections::BTreeMap, sync::Arc};

use domain::{fault::Outcome, integration::Provider, record::Object};
use serde::Deserialize;

use super::super::{super::client::nulls::or_default, Salesforce, settings::Options, shape::Kind};

/// The fields with which an object's records can be created.
pub(in super::super) struct WriteShape {
    pub(super) object: Object,
    /// Whether the connected user may create records.
    pub(super) createable: bool,
    pub(super) fields: BTreeMap<String, WriteField>,
    /// The field for our own id of a record.
    pub(super) external: Option<String>,
    /// The field for the legal basis.
    pub(super) basis: Option<String>,
}

/// A field.
pub(super) struct WriteField {
    pub(super) kind: Option<Kind>,
    pub(super) is_email: bool,
    pub(super) createable: bool,
    pub(super) required: bool,
    /// The longest text in characters. `None` if it is no text or has no bound.
    pub(super) longest: Option<usize>,
    /// Whether it refers to a Contact, a Lead or an Account, which may be a person.
    pub(super) points_at_people: bool,
    /// Whether it refers to any record.
    pub(super) is_reference: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    #[serde(default, deserialize_with = "or_default")]
    createable: bool,
    fields: Vec<DescribedField>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribedField {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    length: usize,
    #[serde(default, deserialize_with = "or_default")]
    nillable: bool,
    #[serde(default, deserialize_with = "or_default")]
    createable: bool,
    #[serde(default, deserialize_with = "or_default")]
    defaulted_on_create: bool,
    #[serde(default, deserialize_with = "or_default")]
    external_id: bool,
    #[serde(default, deserialize_with = "or_default")]
    reference_to: Vec<String>,
}

impl Salesforce {
    /// Returns the object's shape for writing. Each connector describes an object once.
    pub(super) async fn write_shape(&self, object: Object) -> Outcome<Arc<WriteShape>> {
        let mut shapes = self.write_shapes.lock().await;
        if let Some(shape) = shapes.get(&object) {
            return Ok(Arc::clone(shape));
        }
        let described: Described = self.describe(object.name()).await?;
        let shape = Arc::new(shape_of(object, described, &self.options));
        shapes.insert(object, Arc::clone(&shape));
        Ok(shape)
    }
}

fn shape_of(object: Object, described: Described, options: &Options) -> WriteShape {
    let Described { createable, fields } = described;
    let named = |name: &Option<String>, external: bool| {
        let name = name.as_deref()?;
        let fits = |field: &&DescribedField| {
            field.name == name && field.createable && (!external || field.external_id)
        };
        fields.iter().find(fits).map(|field| field.name.clone())
    };
    let external = named(&options.external_id_field, true);
    let basis = named(&options.basis_field, false);
    let fields = fields
        .into_iter()
        .map(|field| {
            let people = ["Contact", "Lead", "Account"];
            let is_person = |to: &String| people.contains(&to.as_str());
            let write = WriteField {
                kind: Kind::of(&field.kind),
                is_email: field.kind == "email",
                createable: field.createable,
                required: field.createable && !field.nillable && !field.defaulted_on_create,
                longest: (field.length > 0).then_some(field.length),
                points_at_people: field.reference_to.iter().any(is_person),
                is_reference: field.kind == "reference",
            };
            (field.name, write)
        })
        .collect();
    WriteShape {
        object,
        createable,
        fields,
        external,
        basis,
    }
}

/// Returns an id as Salesforce spells it in answers.
pub(super) fn spelt(id: &str) -> String {
    let long = Provider::Salesforce.spelling().one_text(id);
    long.unwrap_or_else(|_| id.to_owned())
}
