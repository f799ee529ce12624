//! Refusals in Dataverse's form.

use serde_json::{Value, json};

use super::guid::Guid;
use super::kind::Kind;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// A code such as `0x80040217`. It may be empty.
    pub code: String,
    /// Text for people.
    pub message: String,
    /// Seconds for the Retry-After header.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// Makes a refusal.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            retry_after: None,
        }
    }

    /// Makes the refusal of a query that Dataverse does not accept.
    pub(crate) fn query(message: impl Into<String>) -> Self {
        Self::new(400, "0x80060888", message)
    }

    /// Makes the refusal of a body that does not fit the table.
    pub(crate) fn payload(kind: Kind, message: &str) -> Self {
        let message = format!(
            "Error identified in Payload provided by the user for Entity :'{}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: {message}",
            kind.set()
        );
        Self::new(400, "0x80048d19", message)
    }

    /// Makes the refusal of a value that the column does not take.
    pub(crate) fn value(code: &str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub(crate) fn no_column(kind: Kind, name: &str) -> Self {
        Self::query(format!(
            "Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{}'.",
            kind.logical()
        ))
    }

    pub(crate) fn no_segment(name: &str) -> Self {
        Self::new(
            404,
            "0x80060888",
            format!("Resource not found for the segment '{name}'."),
        )
    }

    pub(crate) fn no_row(table: &str, id: impl std::fmt::Display) -> Self {
        let message = format!("Entity '{table}' With Id = {id} Does Not Exist");
        Self::new(404, "0x80040217", message)
    }

    pub(crate) fn exists() -> Self {
        let message = "A record with matching key values already exists.";
        Self::new(412, "0x80040237", message)
    }

    pub(crate) fn key_violated(column: &str) -> Self {
        let message = format!(
            "Entity Key {column} violated. A record with the same value for {column} already exists. A duplicate record cannot be created. Select one or more unique values and try again."
        );
        Self::new(412, "0x80060892", message)
    }

    pub(crate) fn duplicate() -> Self {
        let message = "A record was not created or updated because a duplicate of the current record already exists.";
        Self::new(412, "0x80040333", message)
    }

    pub(crate) fn other_version() -> Self {
        let message =
            "The version of the existing record doesn't match the RowVersion property provided.";
        Self::new(412, "0x80060882", message)
    }

    pub(crate) fn no_privilege(user: Guid, right: &str, kind: Kind) -> Self {
        let message = format!(
            "Principal user (Id={user}, type=8, roleCount=1, privilegeCount=30, accessMode=4) is missing prv{right}{} privilege on OTC={} for entity '{}'. context.Caller={user}",
            kind.privilege_name(),
            kind.type_code(),
            kind.logical()
        );
        Self::new(403, "0x80040220", message)
    }

    pub(crate) fn no_member(user: Guid) -> Self {
        let message = format!("The user is not a member of the organization. User: {user}");
        Self::new(403, "0x80072560", message)
    }

    /// Returns the body of an answer.
    pub(crate) fn body(&self) -> Value {
        json!({ "error": { "code": self.code, "message": self.message } })
    }
}
