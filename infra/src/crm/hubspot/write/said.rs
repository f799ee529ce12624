//! What an error of HubSpot's says: pure.

use domain::record::RecordId;
use serde::Deserialize;

use super::{
    super::{
        super::client::{nulls::or_default, refusal::tidy},
        describe::is_name,
    },
    shape::id,
};

/// An error, about one record or about a whole request. Every member is optional.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Said {
    category: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) message: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) context: Context,
    #[serde(deserialize_with = "or_default")]
    errors: Vec<Detail>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Context {
    #[serde(deserialize_with = "or_default")]
    pub(super) object_write_trace_id: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    property_name: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    properties: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    code: Option<String>,
    #[serde(deserialize_with = "or_default")]
    context: Context,
}

/// A value that does not fit, as a message lists it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Invalid {
    error: Option<String>,
    name: Option<String>,
}

impl Said {
    /// Returns the values that do not fit. A message lists them as JSON.
    pub(super) fn invalid(&self) -> Vec<Invalid> {
        let list = self.message.find('[').and_then(|at| self.message.get(at..));
        let list =
            list.map(|list| serde_json::Deserializer::from_str(list).into_iter::<Vec<Invalid>>());
        let first = list.and_then(|mut list| list.next());
        first.and_then(Result::ok).unwrap_or_default()
    }

    /// Returns the error codes, the most exact one first.
    pub(super) fn codes(&self, invalid: &[Invalid]) -> Vec<String> {
        let of_values = invalid.iter().filter_map(|one| one.error.as_deref());
        let of_details = self.errors.iter().filter_map(|one| one.code.as_deref());
        let all = of_values.chain(of_details).chain(self.category.as_deref());
        all.map(tidy).collect()
    }

    /// Returns the properties at fault.
    pub(super) fn fields(&self, invalid: &[Invalid]) -> Vec<String> {
        let of = |context: &Context| -> Vec<String> {
            let names = [&context.property_name, &context.properties];
            names.into_iter().flatten().cloned().collect()
        };
        let details = self.errors.iter().flat_map(|one| of(&one.context));
        let listed = invalid.iter().filter_map(|one| one.name.clone());
        let mut all: Vec<String> = listed.chain(details).chain(of(&self.context)).collect();
        all.retain(|name| is_name(name));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns the record that has the value already. HubSpot names it only in the message, in one of two ways.
    pub(super) fn existing(&self) -> Option<RecordId> {
        let digits = |text: &str| -> String {
            let digits = text.trim_start().chars();
            digits.take_while(char::is_ascii_digit).collect()
        };
        let (_, after) = match self.message.split_once("Existing ID:") {
            Some(named) => named,
            None => {
                let (before, _) = self.message.split_once(" already has that value")?;
                before.rsplit_once(' ').unwrap_or(("", before))
            }
        };
        id(&digits(after))
    }
}
