//! Refusals in HubSpot's form.

use serde_json::{Map, Value, json};

use super::kind::Kind;

/// A refusal.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// A category such as `VALIDATION_ERROR`. It is empty if the body has none.
    pub category: String,
    /// Text for people.
    pub message: String,
    /// Further members of the body, such as `errors`, `context`, `policyName`.
    pub more: Map<String, Value>,
}

impl Refusal {
    /// Makes a refusal with only the usual members.
    pub fn new(status: u16, category: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            category: category.to_owned(),
            message: message.into(),
            more: Map::new(),
        }
    }

    /// Adds a member to the body.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "VALIDATION_ERROR", message)
    }

    /// Makes the refusal of a search that HubSpot does not accept, such as one for an unknown property.
    pub(crate) fn vague() -> Self {
        Self::invalid("There was a problem with the request.")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "OBJECT_NOT_FOUND", "resource not found")
    }

    pub(crate) fn no_such_path() -> Self {
        Self::new(404, "", "resource not found")
    }

    pub(crate) fn unknown_object(name: &str) -> Self {
        Self::invalid(format!("Unable to infer object type from: {name}"))
    }

    pub(crate) fn missing_scopes(scopes: &[String]) -> Self {
        let message = "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.";
        Self::new(403, "MISSING_SCOPES", message)
            .with("links", json!({ "scopes": "https://developers.hubspot.com/scopes" }))
            .with(
                "errors",
                json!([{ "message": "One or more of the following scopes are required.", "context": { "requiredGranularScopes": scopes } }]),
            )
    }

    pub(crate) fn contact_exists(id: u64) -> Self {
        Self::new(
            409,
            "CONFLICT",
            format!("Contact already exists. Existing ID: {id}"),
        )
    }

    pub(crate) fn required(kind: Kind, missing: &[&str]) -> Self {
        let object = kind.singular().to_uppercase();
        Self::invalid(format!(
            "Error creating {object}. Some required properties were not set."
        ))
        .with("context", json!({ "properties": missing }))
    }

    /// Makes the refusal of values that do not fit their properties.
    pub(crate) fn values(hub: u64, wrong: &[Wrong]) -> Self {
        let detail = |one: &Wrong| json!({ "isValid": false, "message": one.message, "error": one.code, "name": one.name, "localizedErrorMessage": one.message, "portalId": hub });
        let details: Vec<Value> = wrong.iter().map(detail).collect();
        let error = |one: &Wrong| json!({ "message": one.message, "code": one.code, "context": { "propertyName": [one.name] } });
        Self::invalid(format!(
            "Property values were not valid: {}",
            Value::from(details)
        ))
        .with("errors", wrong.iter().map(error).collect::<Vec<_>>().into())
    }

    /// Returns the body of an answer.
    pub(crate) fn body(&self, correlation: &str) -> Value {
        let mut body =
            json!({ "status": "error", "message": self.message, "correlationId": correlation });
        if !self.category.is_empty() {
            body["category"] = json!(self.category);
        }
        if let Some(body) = body.as_object_mut() {
            body.extend(self.more.clone());
        }
        body
    }

    /// Returns the refusal of one input among several. `context` names the input.
    pub(crate) fn in_batch(&self, context: &Value) -> Value {
        let mut body = json!({ "status": "error", "category": self.category, "message": self.message, "context": context });
        if let Some(sub) = self.more.get("subCategory") {
            body["subCategory"] = sub.clone();
        }
        body
    }
}

/// A value that does not fit its property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) name: String,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}
