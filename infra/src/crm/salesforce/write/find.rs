//! Finds records after a lost answer: by our own id if Salesforce stores it, otherwise by the fields that were sent,
//! our user, and the time.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use domain::{
    fault::{CrmCode, Outcome},
    ports::{FieldValue, LookedUp, MAX_FOUND, Sought},
    record::{Object, RecordId},
};
use futures::{FutureExt, StreamExt, TryFutureExt, TryStreamExt, stream};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;

use super::{
    super::{super::client::session::Call, Salesforce, soql},
    links::linked,
    shape::{WriteShape, spelt},
};
use crate::crm::salesforce::provider::VENDOR;

/// Returns the fields that tell a record from others, as far as they were sent. Queries can filter by them.
fn natural_key(object: Object) -> &'static [&'static str] {
    match object {
        // A person account is sent without a name. Salesforce makes it from the person's names.
        Object::Account => &[
            "Name",
            "Website",
            "Phone",
            "LastName",
            "FirstName",
            "PersonEmail",
        ],
        Object::Contact => &["LastName", "FirstName", "Email", "AccountId"],
        Object::Lead => &["LastName", "FirstName", "Company", "Email"],
        Object::Task => &["Subject", "WhoId", "WhatId"],
        Object::Opportunity => &["Name", "StageName", "AccountId"],
    }
}

/// Lookups under way at a time: the answer to a batch of 200 may be lost, and whoever asks has 29 seconds. Salesforce bounds
/// requests of more than 20 seconds only.
const AT_A_TIME: usize = 10;

#[derive(Deserialize)]
struct Rows {
    records: Vec<Map>,
}

type Map = HashMap<String, Value>;

#[derive(Deserialize)]
struct UserInfo {
    user_id: String,
}

impl Salesforce {
    pub(super) async fn found(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>> {
        let mut asked = Vec::with_capacity(sought.len());
        for one in sought {
            let condition = self.condition(one).await?;
            asked.push(condition.map(|condition| (one.draft.object, condition)));
        }
        // Interchangeable drafts are looked up once.
        let lookups: BTreeSet<&(Object, String)> = asked.iter().flatten().collect();
        let lookups = lookups.into_iter().map(|lookup| {
            let found = self.ids_where(lookup.0, &lookup.1);
            found.map_ok(move |found| (lookup, found)).boxed()
        });
        let lookups: Vec<_> = lookups.collect();
        let found: BTreeMap<&(Object, String), Vec<RecordId>> = stream::iter(lookups)
            .buffered(AT_A_TIME)
            .try_collect()
            .await?;
        let of = |lookup: &Option<(Object, String)>| {
            let found = found.get(lookup.as_ref()?)?.clone();
            Some(found).filter(|found| found.len() < MAX_FOUND)
        };
        let looked_up = |lookup| LookedUp {
            found: of(lookup),
            // Queries read the records themselves.
            lag: SignedDuration::ZERO,
        };
        Ok(asked.iter().map(looked_up).collect())
    }

    /// What the record is looked up by; none: nothing that was sent tells it from others.
    async fn condition(&self, sought: &Sought) -> Outcome<Option<String>> {
        let shape = self.write_shape(sought.draft.object).await?;
        match (&shape.external, &sought.external_id) {
            (Some(field), Some(id)) => Ok(Some(format!("{field} = {}", soql::quote(id)))),
            _ => self.by_nature(&shape, sought).await,
        }
    }

    async fn by_nature(&self, shape: &WriteShape, sought: &Sought) -> Outcome<Option<String>> {
        let mut conditions = vec![
            format!("CreatedDate >= {}", soql::time(sought.since)),
            format!("CreatedDate <= {}", soql::time(sought.until)),
            format!("CreatedById = {}", soql::quote(&self.own_user().await?)),
        ];
        let n_of_all = conditions.len();
        let fields = linked(shape, &sought.draft).fields;
        for name in natural_key(shape.object) {
            let value = fields.0.get(*name).and_then(FieldValue::as_str);
            // Salesforce trims what it stores.
            let value = value.map(str::trim).filter(|value| !value.is_empty());
            if let (Some(value), Some(field)) = (value, shape.fields.get(*name)) {
                // The value is compared as it was sent.
                let value = if field.is_reference {
                    Cow::Owned(spelt(value))
                } else {
                    Cow::Borrowed(value)
                };
                conditions.push(format!("{name} = {}", soql::quote(&value)));
            }
        }
        let is_told = conditions.len() > n_of_all;
        Ok(is_told.then(|| conditions.join(" AND ")))
    }

    async fn ids_where(&self, object: Object, condition: &str) -> Outcome<Vec<RecordId>> {
        let (reach, live) = Self::live(object);
        let live = live.map_or(String::new(), |live| format!(" AND {live}"));
        let query = format!("SELECT Id FROM {object} WHERE {condition}{live} LIMIT {MAX_FOUND}");
        let call = self.query(reach, query);
        let rows = self.session.run(&call, |reply| {
            serde_json::from_slice::<Rows>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))
        });
        let id = |row: &Map| RecordId::parse(row.get("Id")?.as_str()?).ok();
        Ok(rows.await?.records.iter().filter_map(id).collect())
    }

    /// Returns the user for whom the grant acts.
    async fn own_user(&self) -> Outcome<String> {
        let mut known = self.user.lock().await;
        if let Some(user) = &*known {
            return Ok(user.clone());
        }
        let call = Call::get("/services/oauth2/userinfo".to_owned());
        let told = self.session.run(&call, |reply| {
            serde_json::from_slice::<UserInfo>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::UserinfoUnreadable))
        });
        let user = told.await?.user_id;
        *known = Some(user.clone());
        Ok(user)
    }
}
