//! What Salesforce answers when it refuses.

use serde_json::{Value, json};

/// A refusal: the HTTP status and one entry of the JSON array that every REST error body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status of the answer, when the refusal is the whole answer.
    pub status: u16,
    /// Salesforce's error code, such as `INVALID_FIELD`.
    pub code: String,
    /// Text for people.
    pub message: String,
    /// The fields at fault; present (even if empty) only in answers to writes.
    pub fields: Option<Vec<String>>,
    /// Matched records, in DUPLICATES_DETECTED only.
    pub duplicates: Option<Value>,
}

impl Refusal {
    /// A refusal without fields.
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            fields: None,
            duplicates: None,
        }
    }

    /// A refused write that names the fields at fault.
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

    /// The body of a single-record answer: an array of one.
    pub(crate) fn body(&self) -> Value {
        let mut entry = json!({ "message": self.message, "errorCode": self.code });
        if let Some(fields) = &self.fields {
            entry["fields"] = json!(fields);
        }
        if let Some(duplicates) = &self.duplicates {
            // Spelt so by Salesforce, in the answers to single records.
            entry["duplicateResut"] = duplicates.clone();
        }
        json!([entry])
    }

    /// The result of one record inside a collection, which calls the code `statusCode`.
    pub(crate) fn item(&self) -> Value {
        let mut entry = json!({ "statusCode": self.code, "message": self.message, "fields": self.fields.clone().unwrap_or_default() });
        if let Some(duplicates) = &self.duplicates {
            entry["duplicateResult"] = duplicates.clone();
        }
        json!({ "success": false, "errors": [entry] })
    }
}
