//! Salesforce's error answers.

use serde_json::{Value, json};

/// A refusal: the HTTP status, and one entry of the JSON array that every REST error body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status of the answer, if the refusal is the whole answer.
    pub status: u16,
    /// Salesforce's error code, such as `INVALID_FIELD`.
    pub code: String,
    /// Text for people.
    pub message: String,
    /// The fields at fault. Only answers to writes have this list, which may be empty.
    pub fields: Option<Vec<String>>,
    /// The matched records. Only DUPLICATES_DETECTED has them.
    pub duplicates: Option<Value>,
}

impl Refusal {
    /// Makes a refusal without fields.
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            fields: None,
            duplicates: None,
        }
    }

    /// Makes the refusal of a write, with the fields at fault.
    pub(crate) fn on_fields(code: &str, message: impl Into<String>, fields: &[&str]) -> Self {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        Self {
            fields: Some(fields),
            ..Self::new(400, code, message)
        }
    }

    pub(crate) fn malformed_query(message: impl Into<String>) -> Self {
        Self::new(400, "MALFORMED_QUERY", message)
    }

    pub(crate) fn no_such_column(field: &str, object: &str) -> Self {
        let message = format!(
            "No such column '{field}' on entity '{object}'. If you are attempting to use a custom field, be sure to append \
             the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
        );
        Self::new(400, "INVALID_FIELD", message)
    }

    pub(crate) fn no_such_object(object: &str) -> Self {
        Self::new(
            400,
            "INVALID_TYPE",
            format!("sObject type '{object}' is not supported."),
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    pub(crate) fn entity_is_deleted() -> Self {
        Self {
            fields: Some(Vec::new()),
            ..Self::new(404, "ENTITY_IS_DELETED", "entity is deleted")
        }
    }

    /// Returns the body of an answer about a single record: an array of one.
    pub(crate) fn body(&self) -> Value {
        let mut entry = json!({ "message": self.message, "errorCode": self.code });
        if let Some(fields) = &self.fields {
            entry["fields"] = json!(fields);
        }
        if let Some(duplicates) = &self.duplicates {
            // Salesforce spells it so in the answers about single records.
            entry["duplicateResut"] = duplicates.clone();
        }
        json!([entry])
    }

    /// Returns the result of one record inside a collection, where the code is called `statusCode`.
    pub(crate) fn item(&self) -> Value {
        let mut entry = json!({ "statusCode": self.code, "message": self.message, "fields": self.fields.clone().unwrap_or_default() });
        if let Some(duplicates) = &self.duplicates {
            entry["duplicateResult"] = duplicates.clone();
        }
        json!({ "success": false, "errors": [entry] })
    }
}
