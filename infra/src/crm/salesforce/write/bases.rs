//! Legal bases of people, as records of Salesforce's own object for them. The object exists where Data Protection and
//! Privacy is switched on (API 45.0).
//!
//! Two objects are not written on purpose. A `DataUsePurpose` is a purpose of the organisation and not of one person.
//! Consents (`ContactPointTypeConsent` and the like) would say of a legitimate interest or a contract that the person agreed.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{Bases, BasisOf, Duplicates, Written},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{Salesforce, read::Reach, soql};
use crate::crm::salesforce::provider::VENDOR;

const OBJECT: &str = "DataUseLegalBasis";
/// How many bases one query looks up. Each takes about 80 bytes of a URI.
const LOOKED_FOR: usize = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Described {
    createable: bool,
    fields: Vec<Field>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Field {
    name: String,
    createable: bool,
}

#[derive(Deserialize)]
struct Rows {
    records: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    #[serde(default)]
    source: Option<String>,
}

#[async_trait]
impl Bases for Salesforce {
    async fn has_bases(&self) -> Outcome<bool> {
        let mut known = self.has_bases.lock().await;
        if let Some(known) = *known {
            return Ok(known);
        }
        // If it is not switched on, or not for this user, there is no object.
        let described: Option<Described> = self.describe_if_seen(OBJECT).await?;
        let has = described.is_some_and(|described| is_place(&described));
        *known = Some(has);
        Ok(has)
    }

    async fn note_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<Written>> {
        let bodies: Vec<Value> = bases.iter().map(body).collect();
        self.collection(&bodies, false, Duplicates::Save).await
    }

    async fn find_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<bool>> {
        let mut found = HashSet::new();
        for bases in bases.chunks(LOOKED_FOR) {
            let sources: Vec<String> = bases.iter().map(|of| soql::quote(&source(of))).collect();
            let sources = sources.join(",");
            let query = format!("SELECT Source FROM {OBJECT} WHERE Source IN ({sources})");
            let call = self.query(Reach::Live, query);
            let rows = self.session.run(&call, |reply| {
                serde_json::from_slice::<Rows>(&reply.body)
                    .map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))
            });
            found.extend(rows.await?.records.into_iter().filter_map(|row| row.source));
        }
        Ok(bases.iter().map(|of| found.contains(&source(of))).collect())
    }
}

fn is_place(described: &Described) -> bool {
    let can_set = |name: &str| {
        let mut fields = described.fields.iter();
        fields.any(|field| field.name == name && field.createable)
    };
    described.createable && ["Name", "Source", "Description"].into_iter().all(can_set)
}

/// Returns the identity of a basis: the record, and the assessment behind it.
fn source(of: &BasisOf) -> String {
    format!("abgleich:{}:{}:{}", of.object, of.id, of.by.assessment())
}

fn body(of: &BasisOf) -> Value {
    json!({
        "attributes": { "type": OBJECT },
        "Name": format!("{} ({} {})", of.by.basis(), of.object, of.id),
        "Source": source(of),
        "Description": of.by.to_string(),
    })
}
