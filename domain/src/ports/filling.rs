//! The fields of a new record that a company of the reference database can fill.

use matching::Column;

use crate::{fault::Outcome, record::Object, settings::FieldName};

/// Part of [`Crm`](super::Crm).
#[port::port]
pub trait Filling: Send + Sync {
    /// Returns an object's usual fields that describe its company, as far as the connected user may set them in a new record.
    async fn usual(&self, object: Object) -> Outcome<Vec<Usual>>;
}

/// A field, and the source of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usual {
    /// The CRM's own name of the field.
    pub field: FieldName,
    /// The source of the value.
    pub source: Source,
    /// Whether a record without this field would not show which company it belongs to.
    pub needed: bool,
}

/// The source of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A column of the company.
    Column(Column),
    /// The id of the account that the CRM already has for the company.
    Account,
}
