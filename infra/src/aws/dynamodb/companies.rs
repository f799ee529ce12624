//! The vendor's company database: an inverted index, one item for each match key and version.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    company::{MatchKey, Posting},
    fault::{Fault, Outcome},
    ports::{Companies, Found, Version},
};

use super::{
    batch,
    item::{Attributes, Item, blob, text},
};
use crate::aws::{
    clients::Clients,
    fault::{fault, malformed},
};

/// The item that names the published version. No version begins with `!`.
const PUBLISHED: &str = "!published";

/// The table Companies.
pub struct AwsCompanies {
    clients: Clients,
    table: String,
    /// The version that was published when last looked.
    published: Mutex<Option<Version>>,
}

impl AwsCompanies {
    /// The index in this table.
    pub fn new(clients: Clients, table: String) -> Self {
        Self {
            clients,
            table,
            published: Mutex::new(None),
        }
    }

    fn remembered(&self) -> Option<Version> {
        self.published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What `version` has under each key.
    async fn entries_of(&self, version: &Version, keys: &[MatchKey]) -> Outcome<Vec<Found>> {
        let mut wanted: Vec<String> = keys.iter().map(|key| entry_key(version, key)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let rows = batch::read(
            &self.clients.dynamodb,
            &self.table,
            wanted.into_iter().map(key).collect(),
            "pk, #c, m",
            &[("#c", "c")],
        )
        .await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in &rows {
            found.insert(row.text("pk")?.to_owned(), read(row)?);
        }
        let find = |key| found.get(&entry_key(version, key)).cloned();
        Ok(keys
            .iter()
            .map(|key| find(key).unwrap_or(Found::None))
            .collect())
    }
}

fn key(pk: String) -> Attributes {
    Attributes::from([("pk".to_owned(), AttributeValue::S(pk))])
}

fn entry_key(version: &Version, match_key: &MatchKey) -> String {
    format!("{}#{}", version.0, match_key.as_str())
}

fn read(row: &Attributes) -> Outcome<Found> {
    if row.contains_key("m") {
        return Ok(Found::TooCommon);
    }
    let postings: Vec<Posting> =
        serde_json::from_slice(row.blob("c")?).map_err(|_| malformed("c"))?;
    Ok(Found::Some(postings))
}

#[async_trait]
impl Companies for AwsCompanies {
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Found>> {
        let mut version = match self.remembered() {
            Some(version) => version,
            None => match self.published().await? {
                Some(version) => version,
                None => return Ok(vec![Found::None; keys.len()]),
            },
        };
        loop {
            let found = self.entries_of(&version, keys).await?;
            // Looked at afterwards: what was published before is discarded once another version is, and entries that
            // were discarded must not count as none.
            match self.published().await? {
                None => return Err(Fault::passing("companies.unpublished")),
                Some(now) if now == version => return Ok(found),
                Some(now) => version = now,
            }
        }
    }

    async fn published(&self) -> Outcome<Option<Version>> {
        let published = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(PUBLISHED.to_owned())))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("published_get", &error))?
            .item
            .map(|row| {
                row.text("version")
                    .map(|version| Version(version.to_owned()))
            })
            .transpose()?;
        self.published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&published);
        Ok(published)
    }

    async fn load(&self, version: &Version, entries: &[(MatchKey, Found)]) -> Outcome<()> {
        let mut puts = Vec::with_capacity(entries.len());
        for (match_key, found) in entries {
            let mut item = key(entry_key(version, match_key));
            match found {
                Found::Some(postings) => {
                    let list = serde_json::to_vec(postings).map_err(|_| malformed("c"))?;
                    item.insert("c".to_owned(), blob(&list));
                }
                Found::TooCommon => {
                    item.insert("m".to_owned(), AttributeValue::Bool(true));
                }
                Found::None => continue,
            }
            puts.push(batch::put(item)?);
        }
        batch::write(&self.clients.dynamodb, &self.table, puts).await
    }

    async fn publish(&self, version: &Version) -> Outcome<()> {
        self.clients
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .item("pk", text(PUBLISHED))
            .item("version", text(&version.0))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| fault("publish", &error))
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        if self.published().await?.as_ref() == Some(version) {
            return Err(Fault::lasting("companies.version_published"));
        }
        let mut start = None;
        let mut deleted = 0;
        loop {
            let answer = self
                .clients
                .dynamodb
                .scan()
                .table_name(&self.table)
                .filter_expression("begins_with(pk, :version)")
                .expression_attribute_values(":version", text(format!("{}#", version.0)))
                .projection_expression("pk")
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| fault("discard_scan", &error))?;
            let mut deletes = Vec::new();
            for row in answer.items() {
                deletes.push(batch::delete(key(row.text("pk")?.to_owned()))?);
            }
            deleted += deletes.len();
            batch::write(&self.clients.dynamodb, &self.table, deletes).await?;
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(false);
            }
            if deleted >= most {
                return Ok(true);
            }
        }
    }
}
