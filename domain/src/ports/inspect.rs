//! What a grant is for: whose organisation, and what it may do there.

use crate::{fault::Outcome, record::Object};

/// A part of [`Crm`](super::Crm).
#[port::port]
pub trait Inspect: Send + Sync {
    /// The CRM's own id of the organisation; none, where the CRM does not say it.
    async fn organisation(&self) -> Outcome<Option<String>>;

    /// What the grant may do with an object; none, where it cannot even see it.
    async fn rights(&self, object: Object) -> Outcome<Option<Rights>>;
}

/// What a grant may do with an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Records can be read.
    pub read: bool,
    /// Records can be created.
    pub create: bool,
    /// Records can be changed. We never do.
    pub update: bool,
    /// Records can be deleted. We never do.
    pub delete: bool,
    /// The fields that can be seen, by the CRM's own names.
    pub fields: Vec<FieldRights>,
    /// Fields that we would use, by the CRM's own names, each with whether it is needed for more than matching better.
    pub wanted: Vec<(String, bool)>,
}

/// A field that can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRights {
    /// The CRM's own name.
    pub name: String,
    /// Whether it can be set when a record is created.
    pub create: bool,
    /// Whether a record cannot be created without it.
    pub required: bool,
}
