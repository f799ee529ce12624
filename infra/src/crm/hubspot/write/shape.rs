//! The properties with which an object's records can be created.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    fault::Outcome,
    record::{Object, RecordId},
};

use super::{
    super::{
        super::client::refusal::{Cause, Refusal},
        HubSpot,
        describe::{Property, is_name},
        field::Kind,
        names::scope_name,
        page,
        shape::ObjectShape,
    },
    bases::BasisProperty,
    created_name,
    value::Taken,
};

/// The properties with which an object's records can be created.
pub(in super::super) struct WriteShape {
    pub(super) object: Object,
    pub(super) fields: BTreeMap<String, WriteField>,
    /// The same properties as they are read, which says where people and companies are in them.
    pub(super) read: ObjectShape,
    /// The property for our own id of a record.
    pub(super) external: Option<String>,
    /// The property for the legal basis of the person.
    pub(super) basis: BasisProperty,
}

/// A property.
pub(super) struct WriteField {
    pub(super) createable: bool,
    /// Whether HubSpot sets it from an association, so that a link says it.
    pub(super) mirrors: bool,
    pub(super) taken: Taken,
    /// Whether no two records may have the same value.
    pub(super) is_unique: bool,
}

/// What a grant allows.
struct Granted {
    write: bool,
    sensitive: bool,
}

impl HubSpot {
    /// Returns the object's shape for writing. Each connector describes an object once.
    pub(super) async fn write_shape(&self, object: Object) -> Outcome<Arc<WriteShape>> {
        Ok(self.write_shape_or_refusal(object).await?)
    }

    pub(super) async fn write_shape_or_refusal(
        &self,
        object: Object,
    ) -> Result<Arc<WriteShape>, Refusal> {
        let mut shapes = self.write_shapes.lock().await;
        if let Some(shape) = shapes.get(&object) {
            return Ok(Arc::clone(shape));
        }
        let properties = match self.properties(object).await {
            Ok(properties) => properties,
            // Without Sales Hub there are no leads, and no property of theirs can be set.
            Err(refusal) if object == Object::Lead && refusal.cause == Cause::NotFound => {
                Vec::new()
            }
            Err(refusal) => return Err(refusal),
        };
        let scopes = self.granted().await?;
        let name = scope_name(object);
        // A token of one account does not tell its scopes.
        let has = |right: &str| {
            scopes.is_empty() || scopes.contains(&format!("crm.objects.{name}.{right}"))
        };
        let granted = Granted {
            write: has("write"),
            sensitive: has("sensitive.write.v2"),
        };
        let external = self.options.external_id_property.as_deref();
        let shape = Arc::new(self.shape_of(object, properties, &granted, external));
        shapes.insert(object, Arc::clone(&shape));
        Ok(shape)
    }

    fn shape_of(
        &self,
        object: Object,
        properties: Vec<Property>,
        granted: &Granted,
        external: Option<&str>,
    ) -> WriteShape {
        // Only a property that is unique tells which record is ours, and nobody has to see it.
        let is_external = |property: &&Property| {
            Some(property.name.as_str()) == external
                && property.has_unique_value
                && property.kind == "string"
                && granted.write
                && property.is_writable()
        };
        let external = properties.iter().find(is_external);
        let external = external.map(|property| property.name.clone());
        let properties: Vec<Property> = properties
            .into_iter()
            .filter(|property| is_name(&property.name))
            .collect();
        let basis = BasisProperty::of(object, &properties, granted.write);
        let kinds = properties.iter().map(|property| {
            let kind = Kind::of(&property.kind, &property.field_type);
            (property.name.clone(), kind)
        });
        let read = ObjectShape::new(
            object,
            kinds.collect(),
            Vec::new(),
            self.mapped.get(&object),
        );
        let fields = properties.into_iter().map(|property| {
            let mirrors = matches!(
                property.referenced_object_type.as_deref(),
                Some("COMPANY" | "CONTACT" | "DEAL" | "LEAD")
            );
            let field = WriteField {
                // A lost answer is looked up by the time of creation, so nobody else sets it.
                createable: granted.write
                    && property.is_settable()
                    && (granted.sensitive || !property.is_sensitive())
                    && !mirrors
                    && property.name != created_name(object),
                mirrors,
                taken: Taken::of(&property),
                is_unique: property.has_unique_value,
            };
            (property.name, field)
        });
        WriteShape {
            object,
            fields: fields.collect(),
            read,
            external,
            basis,
        }
    }
}

/// Returns an id that a text may be. `None` if HubSpot has no such ids.
pub(super) fn id(text: &str) -> Option<RecordId> {
    page::id(text.trim())
}
