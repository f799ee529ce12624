//! What a grant covers: the organisation, and the rights in it.

use crate::{fault::Outcome, record::Object};

/// Part of [`Crm`](super::Crm).
#[port::port]
pub trait Inspect: Send + Sync {
    /// Returns the CRM's own id of the organisation. `None` if the CRM does not tell.
    async fn organisation(&self) -> Outcome<Option<String>>;

    /// Returns the grant's rights to an object. `None` if the grant cannot even see it.
    async fn rights(&self, object: Object) -> Outcome<Option<Rights>>;
}

/// A grant's rights to an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Records can be read.
    pub read: bool,
    /// Records can be created.
    pub create: bool,
    /// Records can be changed. We never change any.
    pub update: bool,
    /// Records can be deleted. We never delete any.
    pub delete: bool,
    /// The visible fields, by the CRM's own names.
    pub fields: Vec<FieldRights>,
    /// Fields that we would use, by the CRM's own names. True marks a field that is needed for more than better matching.
    pub wanted: Vec<(String, bool)>,
}

/// A visible field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRights {
    /// The CRM's own name of the field.
    pub name: String,
    /// What the CRM's users call the field, in their organisation's language. `None` if the CRM does not tell.
    pub label: Option<String>,
    /// Whether the field can be set when a record is created.
    pub create: bool,
    /// Whether a record cannot be created without the field.
    pub required: bool,
}
