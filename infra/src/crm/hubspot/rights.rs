//! The account of a grant, and what the grant may do there.

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{FieldRights, Inspect, Rights},
    record::Object,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    super::client::{
        refusal::{Cause, Refusal},
        session::Call,
    },
    HubSpot,
    names::{scope_name, stamp_name},
    provider::VENDOR,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    portal_id: u64,
}

impl HubSpot {
    /// Returns the account's number and HubSpot's clock.
    pub(super) async fn account(&self) -> Result<(String, Timestamp), Refusal> {
        let version = &self.options.version;
        let call = Call::get(format!("/account-info/{version}/details"));
        self.pace.request().await;
        self.session
            .run(&call, |reply| {
                let clock = reply.date();
                let clock = clock.ok_or_else(|| VENDOR.refusal(CrmCode::ClockUnreadable))?;
                let account: Account = serde_json::from_slice(&reply.body)
                    .map_err(|_| VENDOR.refusal(CrmCode::AnswerUnreadable))?;
                Ok((account.portal_id.to_string(), clock))
            })
            .await
    }
}

#[async_trait]
impl Inspect for HubSpot {
    async fn organisation(&self) -> Outcome<Option<String>> {
        Ok(Some(self.account().await?.0))
    }

    async fn rights(&self, object: Object) -> Outcome<Option<Rights>> {
        let properties = match self.properties(object).await {
            Ok(properties) => properties,
            // Only leads may be missing. Of any other object the grant lacks the scope.
            Err(refusal) if refusal.cause == Cause::NotFound => {
                return Ok((object != Object::Lead).then(Rights::default));
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let granted = self.granted().await?;
        let has = |right: &str| {
            let scope = format!("crm.objects.{}.{right}", scope_name(object));
            granted.contains(&scope)
        };
        let write = has("write");
        let needed = [("hs_object_id", true), (stamp_name(object), true)];
        let useful = useful(object).iter().map(|name| (*name, false));
        Ok(Some(Rights {
            // A token of one account does not tell its scopes. The properties were returned, which is enough.
            read: granted.is_empty() || has("read"),
            create: granted.is_empty() || write,
            // One scope allows all three.
            update: write,
            delete: write,
            fields: properties
                .iter()
                .map(|property| FieldRights {
                    name: property.name.clone(),
                    label: property.label.clone(),
                    create: property.is_settable(),
                    required: required(object).contains(&&*property.name),
                })
                .collect(),
            wanted: needed
                .into_iter()
                .chain(useful)
                .map(|(name, needed)| (name.to_owned(), needed))
                .collect(),
        }))
    }
}

/// Returns the properties without which HubSpot creates no record. Its descriptions do not say so.
pub(super) fn required(object: Object) -> &'static [&'static str] {
    match object {
        Object::Account | Object::Contact => &[],
        Object::Lead => &["hs_lead_name"],
        Object::Task => &["hs_timestamp"],
        Object::Opportunity => &["dealname", "dealstage", "pipeline"],
    }
}

/// Returns the usual properties that identify companies and link records.
fn useful(object: Object) -> &'static [&'static str] {
    match object {
        Object::Account => &[
            "name", "domain", "website", "phone", "address", "zip", "city", "country",
        ],
        Object::Contact => &["email", "phone", "company", "associatedcompanyid"],
        Object::Lead => &[
            "hs_lead_name",
            "hs_associated_contact_email",
            "hs_primary_company_id",
        ],
        Object::Task => &["hs_task_subject", "hs_task_status", "hs_timestamp"],
        Object::Opportunity => &["dealname", "dealstage", "hs_is_closed", "amount"],
    }
}
