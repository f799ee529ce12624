//! The organisation of a grant, and what the grant may do there.

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{FieldRights, Inspect, Rights},
    record::Object,
};
use serde::Deserialize;

use super::{super::client::session::Call, Salesforce};
use crate::crm::salesforce::provider::VENDOR;

/// Fields without which an object cannot be copied.
const NEEDED: [&str; 2] = ["Id", "SystemModstamp"];

#[derive(Deserialize)]
struct UserInfo {
    organization_id: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Described {
    queryable: bool,
    createable: bool,
    updateable: bool,
    deletable: bool,
    fields: Vec<DescribedField>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DescribedField {
    name: String,
    label: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    createable: bool,
    nillable: bool,
    defaulted_on_create: bool,
}

#[async_trait]
impl Inspect for Salesforce {
    /// Returns the organisation's id. An opaque access token consists of that id (15 characters that begin with 00D),
    /// `!`, and the secret part. If the token has another form (a JWT), the user info endpoint gives the id.
    async fn organisation(&self) -> Outcome<Option<String>> {
        let told = self.session.token().await?;
        if let Some(id) = of_token(&told) {
            return Ok(Some(id.to_owned()));
        }
        let call = Call::get("/services/oauth2/userinfo".to_owned());
        let told = self
            .session
            .run(&call, |reply| {
                serde_json::from_slice::<UserInfo>(&reply.body)
                    .map_err(|_| VENDOR.refusal(CrmCode::UserinfoUnreadable))
            })
            .await?;
        Ok(of_id(told.organization_id.get(..15).unwrap_or_default()).map(str::to_owned))
    }

    async fn rights(&self, object: Object) -> Outcome<Option<Rights>> {
        let described = self.describe_if_seen(object.name()).await?;
        Ok(described.map(|described| rights_of(object, described)))
    }
}

fn rights_of(object: Object, described: Described) -> Rights {
    let needed = NEEDED.iter().map(|name| ((*name).to_owned(), true));
    let useful = useful(object)
        .iter()
        .map(|name| ((*name).to_owned(), false));
    Rights {
        read: described.queryable,
        create: described.createable,
        update: described.updateable,
        delete: described.deletable,
        fields: described
            .fields
            .into_iter()
            .map(|field| FieldRights {
                required: field.createable
                    && !field.nillable
                    && !field.defaulted_on_create
                    // A checkbox is never empty.
                    && field.kind != "boolean",
                create: field.createable,
                label: field.label,
                name: field.name,
            })
            .collect(),
        wanted: needed.chain(useful).collect(),
    }
}

/// Returns the usual fields that identify companies and link records.
fn useful(object: Object) -> &'static [&'static str] {
    match object {
        Object::Account => &[
            "Name",
            "Website",
            "Phone",
            "BillingStreet",
            "BillingPostalCode",
            "BillingCity",
            "BillingCountry",
        ],
        Object::Lead => &[
            "Company",
            "Email",
            "Website",
            "Phone",
            "Street",
            "PostalCode",
            "City",
            "Country",
        ],
        Object::Contact => &["AccountId", "Email", "Phone"],
        Object::Task => &["WhatId", "WhoId", "IsClosed"],
        Object::Opportunity => &["AccountId", "IsClosed"],
    }
}

fn of_token(token: &str) -> Option<&str> {
    of_id(token.split_once('!')?.0)
}

fn of_id(id: &str) -> Option<&str> {
    let fits =
        id.len() == 15 && id.starts_with("00D") && id.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_tells_its_organisation_and_other_texts_tell_none() {
        assert_eq!(of_token("00D000000000001!secret"), Some("00D000000000001"));
        for token in [
            "",
            "!",
            "00D00000000001!x",
            "001000000000001!x",
            "00D0000000000-1!x",
            "eyJhbGciOi",
        ] {
            assert_eq!(of_token(token), None, "{token}");
        }
    }

    #[test]
    fn what_has_to_be_given_on_creation_is_neither_optional_nor_filled_in_nor_a_checkbox() {
        let field =
            |name: &str, createable, nillable, defaulted_on_create, kind: &str| DescribedField {
                name: name.to_owned(),
                label: Some(format!("The {name}")),
                kind: kind.to_owned(),
                createable,
                nillable,
                defaulted_on_create,
            };
        let rights = rights_of(
            Object::Account,
            Described {
                fields: vec![
                    field("Name", true, false, false, "string"),
                    field("OwnerId", true, false, true, "reference"),
                    field("Phone", true, true, false, "phone"),
                    field("Id", false, false, true, "id"),
                    field("Agreed__c", true, false, false, "boolean"),
                ],
                ..Described::default()
            },
        );
        let required: Vec<&str> = rights
            .fields
            .iter()
            .filter(|field| field.required)
            .map(|field| field.name.as_str())
            .collect();
        assert_eq!(required, ["Name"]);
        assert_eq!(rights.fields[2].label.as_deref(), Some("The Phone"));
    }
}
