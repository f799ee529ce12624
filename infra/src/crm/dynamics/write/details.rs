//! What of the metadata only writing needs: the bounds of texts, the numbers of choices, the names by which lookups are set.

use std::collections::HashMap;

use domain::{
    fault::{CrmCode, Kind},
    record::Object,
};
use serde::{Deserialize, de::DeserializeOwned};

use super::super::{
    super::client::{nulls::or_default, refusal::Refusal, session::Call},
    Dynamics,
    names::table,
    provider::VENDOR,
};

/// What of the metadata only writing needs, by logical names.
#[derive(Default)]
pub(in super::super) struct Details {
    pub(super) longest: HashMap<String, usize>,
    pub(super) options: HashMap<String, Vec<i64>>,
    pub(super) navigations: Vec<Navigation>,
}

/// The name by which a lookup is set to a record of one table.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Navigation {
    /// The lookup.
    #[serde(rename = "ReferencingAttribute")]
    pub(super) attribute: String,
    /// The table.
    #[serde(rename = "ReferencedEntity")]
    pub(super) target: String,
    /// The name, in which capitals matter.
    #[serde(rename = "ReferencingEntityNavigationPropertyName")]
    pub(super) name: String,
}

#[derive(Deserialize)]
struct All<T> {
    value: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Bounded {
    logical_name: String,
    #[serde(default)]
    max_length: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Chosen {
    logical_name: String,
    #[serde(default, deserialize_with = "or_default")]
    option_set: Options,
    #[serde(default, deserialize_with = "or_default")]
    global_option_set: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Options {
    #[serde(deserialize_with = "or_default")]
    options: Vec<Choice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Choice {
    value: i64,
}

impl Dynamics {
    pub(super) async fn details(&self, object: Object) -> Result<Details, Refusal> {
        let mut details = Details::default();
        for kind in ["String", "Memo"] {
            let path = format!("Attributes/Microsoft.Dynamics.CRM.{kind}AttributeMetadata");
            let call = |call: Call| call.with("$select", "LogicalName,MaxLength");
            let all: Vec<Bounded> = self.detail(object, &path, call).await?;
            let bounded = all.into_iter();
            details
                .longest
                .extend(bounded.filter_map(|one| Some((one.logical_name, one.max_length?))));
        }
        let path = "Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
        let call = |call: Call| {
            call.with("$select", "LogicalName")
                .with("$expand", "OptionSet,GlobalOptionSet")
        };
        let all: Vec<Chosen> = self.detail(object, path, call).await?;
        for one in all {
            let own = one.option_set.options.into_iter();
            let choices = own.chain(one.global_option_set.options);
            let numbers: Vec<i64> = choices.map(|choice| choice.value).collect();
            if !numbers.is_empty() {
                details.options.insert(one.logical_name, numbers);
            }
        }
        let names = "ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName";
        let call = |call: Call| call.with("$select", names);
        details.navigations = self.detail(object, "ManyToOneRelationships", call).await?;
        Ok(details)
    }

    /// Fetches a list of the metadata. Where it is refused for good, Dataverse judges each record itself.
    async fn detail<T: DeserializeOwned>(
        &self,
        object: Object,
        path: &str,
        with: impl Fn(Call) -> Call,
    ) -> Result<Vec<T>, Refusal> {
        let name = table(object);
        let path = self
            .options
            .path(&format!("EntityDefinitions(LogicalName='{name}')/{path}"));
        let call = with(Call::get(path));
        let read = self.session.run(&call, |reply| {
            serde_json::from_slice::<All<T>>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::DescribeUnreadable))
        });
        match read.await {
            Ok(all) => Ok(all.value),
            Err(refusal) if refusal.fault.kind() == Kind::Permanent => Ok(Vec::new()),
            Err(refusal) => Err(refusal),
        }
    }
}
