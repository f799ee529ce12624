//! Describes an object: the fields that exist and that may be read.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use domain::{
    fault::{CrmCode, Outcome},
    record::Object,
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    super::client::{
        http::Reply,
        refusal::{Action, Cause, Refusal},
        session::Call,
    },
    Salesforce,
    settings::Options,
    shape::{Kind, ObjectShape},
};
use crate::crm::salesforce::provider::VENDOR;

#[derive(Deserialize)]
struct Described {
    #[serde(default = "yes")]
    queryable: bool,
    fields: Vec<DescribedField>,
}

#[derive(Deserialize)]
struct DescribedField {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "compoundFieldName")]
    part_of: Option<String>,
}

fn yes() -> bool {
    true
}

impl Salesforce {
    /// Returns the object's shape. Each connector describes an object once.
    pub(super) async fn shape(&self, object: Object) -> Outcome<Arc<ObjectShape>> {
        Ok(self.shape_or_refusal(object).await?)
    }

    async fn shape_or_refusal(&self, object: Object) -> Result<Arc<ObjectShape>, Refusal> {
        let mut shapes = self.shapes.lock().await;
        if let Some(shape) = shapes.get(&object) {
            return Ok(Arc::clone(shape));
        }
        let shape = Arc::new(self.described(object).await?);
        shapes.insert(object, Arc::clone(&shape));
        Ok(shape)
    }

    /// Returns the object's shape. `None` if the object does not exist or the connecting user may not see it.
    pub(super) async fn shape_if_seen(&self, object: Object) -> Outcome<Option<Arc<ObjectShape>>> {
        match self.shape_or_refusal(object).await {
            Ok(shape) => Ok(Some(shape)),
            Err(refusal) if refusal.cause == Cause::NotFound => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Describes an object again, after a query was refused because of a field.
    pub(super) async fn redescribe(&self, object: Object) -> Result<Arc<ObjectShape>, Refusal> {
        let shape = Arc::new(self.described(object).await?);
        self.shapes.lock().await.insert(object, Arc::clone(&shape));
        Ok(shape)
    }

    /// Fetches the description of the object that Salesforce calls `name`.
    pub(super) async fn describe<T: DeserializeOwned>(&self, name: &str) -> Result<T, Refusal> {
        let call = Call::get(self.options.path(&format!("/sobjects/{name}/describe")));
        let read = |reply: Reply| {
            serde_json::from_slice(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::DescribeUnreadable))
        };
        self.session.run(&call, read).await
    }

    /// Fetches the description. `None` if the object does not exist or the connecting user may not see it.
    pub(super) async fn describe_if_seen<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Outcome<Option<T>> {
        match self.describe(name).await {
            Ok(described) => Ok(Some(described)),
            Err(refusal) if refusal.cause == Cause::NotFound => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Describes an object without the fields for which queries were refused, even if describe still names them.
    async fn described(&self, object: Object) -> Result<ObjectShape, Refusal> {
        let described: Described = self.describe(object.name()).await?;
        let refused =
            |code| Refusal::new(Action::Stop, VENDOR.fault(code).with_detail(object.name()));
        if !described.queryable {
            return Err(refused(CrmCode::ObjectNotQueryable));
        }
        let without = self.refused_fields(object);
        let shape = shape_of(object, &described.fields, &without, &self.options)
            .map(|shape| match self.mapped.get(&object) {
                Some(mapping) => shape.mapped(mapping),
                None => shape,
            })
            .ok_or_else(|| refused(CrmCode::ObjectWithoutStamp))?;
        let names = described.fields.into_iter().map(|field| field.name);
        let named: BTreeSet<String> = names.filter(|name| is_one_of(&without, name)).collect();
        self.note_shape(&shape, named.into_iter().collect());
        Ok(shape)
    }
}

/// Fields with the time at which the connecting user last viewed a record. They concern nobody else, and they change
/// without a change of the record.
const OF_THE_VIEWER: [&str; 2] = ["LastViewedDate", "LastReferencedDate"];

fn shape_of(
    object: Object,
    fields: &[DescribedField],
    without: &BTreeSet<String>,
    options: &Options,
) -> Option<ObjectShape> {
    let wholes: HashSet<&str> = fields
        .iter()
        .filter(|field| field.part_of.as_deref() != Some(field.name.as_str()))
        .filter_map(|field| field.part_of.as_deref())
        .collect();
    // With person accounts, an Account's name counts as composed of a person's names. Matching still needs it.
    let is_whole =
        |name: &str| wholes.contains(name) && !(object == Object::Account && name == "Name");
    // Names go into queries without escaping.
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let useful = fields
        .iter()
        .filter(|field| !OF_THE_VIEWER.contains(&field.name.as_str()))
        .filter(|field| {
            is_name(&field.name) && !is_whole(&field.name) && !is_one_of(without, &field.name)
        })
        .filter_map(|field| Some((field.name.clone(), Kind::of(&field.kind)?)));
    ObjectShape::new(object, useful.collect::<BTreeMap<_, _>>(), options)
}

/// Returns whether a field is one of these. Salesforce takes names in any case and repeats them as they were sent.
fn is_one_of(fields: &BTreeSet<String>, name: &str) -> bool {
    fields.iter().any(|field| field.eq_ignore_ascii_case(name))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn field(name: &str, kind: &str, part_of: Option<&str>) -> DescribedField {
        DescribedField {
            name: name.to_owned(),
            kind: kind.to_owned(),
            part_of: part_of.map(str::to_owned),
        }
    }

    fn names(object: Object, more: Vec<DescribedField>) -> Vec<String> {
        let mut fields = vec![
            field("SystemModstamp", "datetime", None),
            field("Id", "id", None),
        ];
        fields.extend(more);
        shape_of(object, &fields, &BTreeSet::new(), &Options::default())
            .unwrap()
            .shape(Vec::new())
            .fields
    }

    #[test]
    fn wholes_blobs_and_strange_names_are_left_out() {
        let fields = || {
            vec![
                field("Name", "string", Some("Name")),
                field("FirstName", "string", Some("Name")),
                field("MailingAddress", "address", None),
                field("MailingCity", "string", Some("MailingAddress")),
                field("Body", "base64", None),
                field("Place__c", "location", None),
                field("x; DROP", "string", None),
                field("Anything", "anyType", None),
                field("LastViewedDate", "datetime", None),
            ]
        };
        assert_eq!(
            names(Object::Contact, fields()),
            ["FirstName", "Id", "MailingCity", "SystemModstamp"]
        );
        assert_eq!(
            names(Object::Account, fields()),
            ["FirstName", "Id", "MailingCity", "Name", "SystemModstamp"]
        );
    }

    #[test]
    fn an_object_without_a_stamp_of_change_cannot_be_synced() {
        let fields = [field("Id", "id", None), field("Name", "string", None)];
        let none = BTreeSet::new();
        assert!(shape_of(Object::Account, &fields, &none, &Options::default()).is_none());
        let fields = [
            field("Id", "id", None),
            field("CreatedDate", "datetime", None),
        ];
        assert_eq!(
            shape_of(Object::Account, &fields, &none, &Options::default())
                .unwrap()
                .stamp(),
            "CreatedDate"
        );
    }
}
