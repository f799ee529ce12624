//! A table and its columns, as the metadata describe them. They say what exists, whoever asks.
//!
//! A column that is secured is readable for some users only. To the others Dataverse sends null, without an error. The function
//! `RetrievePrincipalAttributePrivileges` tells who may read it. It is not asked yet, so such a column is taken for an empty one.

use serde::Deserialize;

use super::{super::client::nulls::or_default, field::Kind, names::is_name};

/// A table, as the metadata describe it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Table {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) change_tracking_enabled: bool,
    pub(super) attributes: Vec<Column>,
}

/// A column, as the metadata describe it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Column {
    pub(super) logical_name: String,
    #[serde(default, deserialize_with = "or_default")]
    attribute_type_name: Named,
    /// The column that it is a part of: the name of a lookup's record, say.
    #[serde(default)]
    attribute_of: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    is_valid_for_read: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) is_valid_for_create: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) is_secured: bool,
    #[serde(default, deserialize_with = "or_default")]
    display_name: Labels,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Named {
    #[serde(deserialize_with = "or_default")]
    value: String,
}

/// What users call a thing, in their language.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Labels {
    user_localized_label: Option<Label>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Label {
    label: Option<String>,
}

impl Column {
    /// Returns how the column's values are read. `None` if they are not: what is made of other columns, pictures, files.
    pub(super) fn kind(&self) -> Option<Kind> {
        let fits =
            self.is_valid_for_read && self.attribute_of.is_none() && is_name(&self.logical_name);
        Kind::of(&self.logical_name, &self.attribute_type_name.value).filter(|_| fits)
    }

    pub(super) fn label(&self) -> Option<String> {
        self.display_name.user_localized_label.clone()?.label
    }
}
