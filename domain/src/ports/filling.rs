//! Where the values of a company of the reference database go in a new record.

use matching::Column;

use crate::{fault::Outcome, record::Object, settings::FieldName};

/// A part of [`Crm`](super::Crm).
#[port::port]
pub trait Filling: Send + Sync {
    /// The usual fields of an object that say something of the company behind it, as far as the connected user may set
    /// them in a new record.
    async fn usual(&self, object: Object) -> Outcome<Vec<Usual>>;
}

/// A field, and what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usual {
    /// The CRM's own name of it.
    pub field: FieldName,
    /// What goes into it.
    pub source: Source,
    /// Whether a record without it would not say whose company's it is.
    pub needed: bool,
}

/// What goes into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A column of the company.
    Column(Column),
    /// The id of the account that the company has in the CRM already.
    Account,
}
