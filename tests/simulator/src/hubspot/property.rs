//! Properties, and their form in describe.

use serde_json::{Value, json};

use crate::kit::clock::Millis;

/// A property's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Number,
    Bool,
    Enumeration,
    Date,
    DateTime,
    PhoneNumber,
}

/// The source of a property's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Stored,
    Id,
    Created,
    Stamp,
}

/// One choice of an enumeration.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hidden: bool,
}

/// One property of one object.
#[derive(Clone, Debug)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) kind: Type,
    pub(crate) field_type: String,
    pub(crate) group: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) unique: bool,
    pub(crate) hidden: bool,
    pub(crate) calculated: bool,
    pub(crate) read_only: bool,
    /// Whether the values are not among `choices`, such as owners.
    pub(crate) external_options: bool,
    pub(crate) sensitive: bool,
    pub(crate) hubspot_defined: bool,
    pub(crate) referenced: Option<String>,
    pub(crate) archived: Option<Millis>,
    pub(crate) source: Source,
}

impl Type {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::String,
            "number" => Self::Number,
            "bool" => Self::Bool,
            "enumeration" => Self::Enumeration,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "phone_number" => Self::PhoneNumber,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Enumeration => "enumeration",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::PhoneNumber => "phone_number",
        }
    }
}

impl Property {
    /// Makes a property that an account added.
    pub(crate) fn custom(name: &str, kind: Type, field_type: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: name.to_owned(),
            kind,
            field_type: field_type.to_owned(),
            group: "custom".to_owned(),
            choices: Vec::new(),
            unique: false,
            hidden: false,
            calculated: false,
            read_only: false,
            external_options: false,
            sensitive: false,
            hubspot_defined: false,
            referenced: None,
            archived: None,
            source: Source::Stored,
        }
    }

    /// Returns whether it may have several values, joined by `;`.
    pub(crate) fn is_multiple(&self) -> bool {
        self.kind == Type::Enumeration && self.field_type == "checkbox"
    }

    /// Returns the property as `/crm/properties` answers it.
    pub(crate) fn describe(&self, time: impl Fn(Millis) -> String) -> Value {
        let choice = |(n, choice): (usize, &Choice)| json!({ "label": choice.label, "value": choice.value, "description": "", "displayOrder": n, "hidden": choice.hidden });
        let mut described = json!({
            "name": self.name, "label": self.label, "type": self.kind.name(), "fieldType": self.field_type, "description": "",
            "groupName": self.group, "options": self.choices.iter().enumerate().map(choice).collect::<Vec<_>>(), "displayOrder": -1,
            "calculated": self.calculated, "externalOptions": self.external_options, "hasUniqueValue": self.unique, "hidden": self.hidden,
            "hubspotDefined": self.hubspot_defined, "formField": !self.read_only, "archived": self.archived.is_some(),
            "modificationMetadata": {
                "archivable": !self.hubspot_defined, "readOnlyDefinition": self.hubspot_defined, "readOnlyOptions": self.hubspot_defined,
                "readOnlyValue": self.read_only,
            },
            "dataSensitivity": if self.sensitive { "sensitive" } else { "non_sensitive" },
        });
        if let Some(referenced) = &self.referenced {
            described["referencedObjectType"] = json!(referenced);
        }
        if let Some(archived) = self.archived {
            described["archivedAt"] = json!(time(archived));
        }
        described
    }
}
