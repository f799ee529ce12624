//! Finds the properties of an object, including calculated, hidden and read-only ones, and sensitive ones if the grant allows them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};

use domain::{
    fault::{CrmCode, Outcome},
    record::Object,
};
use serde::Deserialize;

use super::{
    super::client::{
        nulls::or_default,
        refusal::{Action, Cause, Refusal},
        session::Call,
    },
    HubSpot,
    field::Kind,
    names::{path_name, scope_name, stamp_name},
    provider::VENDOR,
    shape::ObjectShape,
};

#[derive(Deserialize)]
struct Described {
    results: Vec<Property>,
}

/// A property as HubSpot describes it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Property {
    pub(super) name: String,
    #[serde(default)]
    pub(super) label: Option<String>,
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) field_type: String,
    #[serde(default, deserialize_with = "or_default")]
    calculated: bool,
    #[serde(default, deserialize_with = "or_default")]
    archived: bool,
    #[serde(default, deserialize_with = "or_default")]
    hidden: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) has_unique_value: bool,
    /// Whether its values are not among `options`, such as owners.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) external_options: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) options: Vec<Choice>,
    /// The object that its values are ids of.
    #[serde(default)]
    pub(super) referenced_object_type: Option<String>,
    #[serde(default)]
    data_sensitivity: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    modification_metadata: Modification,
}

/// A value that an enumeration takes.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    pub(super) value: Option<String>,
    pub(super) label: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Modification {
    #[serde(deserialize_with = "or_default")]
    read_only_value: bool,
}

impl Property {
    /// Whether a new record may have a value of ours in it that users see.
    pub(super) fn is_settable(&self) -> bool {
        self.is_writable() && !self.hidden
    }

    /// Whether HubSpot takes a value for it at all.
    pub(super) fn is_writable(&self) -> bool {
        !self.calculated && !self.archived && !self.modification_metadata.read_only_value
    }

    /// Whether a grant needs a scope of its own to write it.
    pub(super) fn is_sensitive(&self) -> bool {
        let sensitivity = self.data_sensitivity.as_deref();
        sensitivity.is_some_and(|word| word != "non_sensitive")
    }
}

/// The most properties that one object may have here. HubSpot allows 1,000 custom ones beside its few hundred.
const MOST: usize = 3_000;

impl HubSpot {
    /// Returns the object's shape. Each connector describes an object once.
    pub(super) async fn shape(&self, object: Object) -> Outcome<Arc<ObjectShape>> {
        Ok(self.shape_or_refusal(object).await?)
    }

    /// Returns the object's shape. `None` if the account does not have the object. Only leads may be missing: they come
    /// with Sales Hub, and without it HubSpot refuses them as it does for a missing scope.
    pub(super) async fn shape_if_there(&self, object: Object) -> Outcome<Option<Arc<ObjectShape>>> {
        match self.shape_or_refusal(object).await {
            Ok(shape) => Ok(Some(shape)),
            Err(refusal) if object == Object::Lead && refusal.cause == Cause::NotFound => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    async fn shape_or_refusal(&self, object: Object) -> Result<Arc<ObjectShape>, Refusal> {
        let mut shapes = self.shapes.lock().await;
        if let Some(shape) = shapes.get(&object) {
            return Ok(Arc::clone(shape));
        }
        let left_out = self.left_out(object);
        let mut properties = BTreeMap::new();
        let mut refused = Vec::new();
        for property in self.properties(object).await? {
            let kind = Kind::of(&property.kind, &property.field_type);
            if left_out.contains(&property.name) {
                refused.push(property.name);
            } else if !property.archived && is_name(&property.name) {
                properties.insert(property.name, kind);
            }
        }
        refused.sort();
        if !properties.contains_key(stamp_name(object)) || properties.len() > MOST {
            let fault = VENDOR.fault(CrmCode::ObjectWithoutStamp);
            let fault = fault.with_detail(object.name());
            return Err(Refusal::new(Action::Stop, fault));
        }
        let mapping = self.mapped.get(&object);
        let shape = Arc::new(ObjectShape::new(object, properties, refused, mapping));
        shapes.insert(object, Arc::clone(&shape));
        let mut in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        in_use.insert(object, Arc::new(shape.told()));
        Ok(shape)
    }

    /// Returns all properties of an object.
    pub(super) async fn properties(&self, object: Object) -> Result<Vec<Property>, Refusal> {
        let mut all = self.described(object, None).await?;
        let scope = format!("crm.objects.{}.sensitive.read.v2", scope_name(object));
        if self.granted().await?.contains(&scope) {
            all.extend(self.described(object, Some("sensitive")).await?);
        }
        Ok(all)
    }

    async fn described(
        &self,
        object: Object,
        sensitivity: Option<&str>,
    ) -> Result<Vec<Property>, Refusal> {
        let (version, name) = (&self.options.version, path_name(object));
        let mut call = Call::get(format!("/crm/properties/{version}/{name}"));
        if let Some(sensitivity) = sensitivity {
            call = call.with("dataSensitivity", sensitivity);
        }
        self.pace.request().await;
        let described = self.session.run(&call, |reply| {
            serde_json::from_slice::<Described>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::DescribeUnreadable))
        });
        Ok(described.await?.results)
    }

    /// Returns the scopes of the grant.
    pub(super) async fn granted(&self) -> Result<BTreeSet<String>, Refusal> {
        let scope = self.session.credentials().await?.scope.unwrap_or_default();
        Ok(scope.split_whitespace().map(str::to_owned).collect())
    }

    fn left_out(&self, object: Object) -> BTreeSet<String> {
        let left_out = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        left_out.get(&object).cloned().unwrap_or_default()
    }

    /// Leaves properties out from now on. HubSpot never refuses a read because of a property: it leaves unknown ones
    /// out of the answer. With `ask` none is therefore left out.
    pub(super) async fn never_ask_for(&self, object: Object, fields: &[String], ask: bool) {
        let fields = fields.iter().filter(|_| !ask).cloned().collect();
        let mut shapes = self.shapes.lock().await;
        let mut left_out = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        left_out.insert(object, fields);
        shapes.remove(&object);
    }
}

/// Names go into URLs, separated by commas.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    (1..=100).contains(&name.len()) && name.bytes().all(fits)
}
