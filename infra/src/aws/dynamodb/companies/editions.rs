//! Loads, publishes and discards versions.

use std::sync::{
    Arc, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Candidates, Companies, Edition, Editions, Version},
};
use futures::{StreamExt, TryStreamExt, stream};
use matching::{Company, MatchKey, Posting};

use super::{
    super::{
        batch::{self, key},
        item::{Item, blob, number, text},
    },
    AwsCompanies, PARTITIONS, company_key, entry_key, partition,
};
use crate::aws::fault::{fault, is_refused, malformed};

/// The item that names the published version. No version begins with `!`.
const PUBLISHED: &str = "!published";
/// The partition of the versions that may have items.
const BEGUN: &str = "!begun";
/// How many partitions are discarded at a time.
const AT_A_TIME: usize = 4;

#[async_trait]
impl Editions for AwsCompanies {
    async fn edition(&self) -> Outcome<Option<Edition>> {
        let edition = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(PUBLISHED, PUBLISHED)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("published_get", &error))?
            .item
            .map(|row| {
                let optional = |name| {
                    let is_there = row.contains_key(name);
                    is_there.then(|| row.number(name)).transpose()
                };
                Ok::<_, Fault>(Edition {
                    version: Version(row.text("version")?.to_owned()),
                    companies: optional("companies")?,
                    accepts: optional("accepts")?,
                })
            })
            .transpose()?;
        let version = edition.as_ref().map(|edition| edition.version.clone());
        *self
            .published
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = version;
        Ok(edition)
    }

    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool> {
        let noted = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(PUBLISHED, PUBLISHED)))
            .update_expression("SET accepts = :least")
            .condition_expression("#version = :version")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":least", number(least))
            .expression_attribute_values(":version", text(&published.0))
            .send()
            .await;
        match noted {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(fault("accept_smaller", &error)),
        }
    }

    async fn begin(&self, version: &Version) -> Outcome<()> {
        self.clients
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .set_item(Some(key(BEGUN, version.0.as_str())))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| fault("version_begin", &error))
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        let published = self.published().await?;
        // There are a handful. Each one stays until it is discarded.
        let begun = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(BEGUN))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("versions_query", &error))?;
        let mut left_over = Vec::new();
        for row in begun.items() {
            let version = Version(row.text("sk")?.to_owned());
            if published.as_ref() != Some(&version) {
                left_over.push(version);
            }
        }
        Ok(left_over)
    }

    async fn load(&self, version: &Version, entries: &[(MatchKey, Candidates)]) -> Outcome<()> {
        let mut puts = Vec::with_capacity(entries.len());
        for (match_key, found) in entries {
            let mut item = entry_key(version, match_key);
            match found {
                Candidates::Some(postings) => {
                    let postings: Vec<&Posting> = postings.iter().map(Arc::as_ref).collect();
                    let list = serde_json::to_vec(&postings).map_err(|_| malformed("c"))?;
                    item.insert("c".to_owned(), blob(&list));
                }
                Candidates::TooCommon => {
                    item.insert("m".to_owned(), AttributeValue::Bool(true));
                }
                Candidates::None => continue,
            }
            puts.push(batch::put(item)?);
        }
        batch::write(&self.clients.dynamodb, &self.table, puts).await
    }

    async fn load_companies(&self, version: &Version, companies: &[Company]) -> Outcome<()> {
        let mut puts = Vec::with_capacity(companies.len());
        for company in companies {
            let mut item = company_key(version, &company.id);
            let row = serde_json::to_vec(company).map_err(|_| malformed("c"))?;
            item.insert("c".to_owned(), blob(&row));
            puts.push(batch::put(item)?);
        }
        batch::write(&self.clients.dynamodb, &self.table, puts).await
    }

    async fn publish(&self, version: &Version, companies: u64) -> Outcome<()> {
        self.clients
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .set_item(Some(key(PUBLISHED, PUBLISHED)))
            .item("version", text(&version.0))
            .item("companies", number(companies))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| fault("publish", &error))
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        if self.published().await?.as_ref() == Some(version) {
            return Err(Fault::of(Code::CompaniesVersionPublished));
        }
        let deleted = AtomicUsize::new(0);
        let remains: Vec<bool> = stream::iter(0..PARTITIONS)
            .map(|n| self.discard_partition(partition(version, n), &deleted, most))
            .buffer_unordered(AT_A_TIME)
            .try_collect()
            .await?;
        if remains.contains(&true) {
            return Ok(true);
        }
        let forget = batch::delete(key(BEGUN, version.0.as_str()))?;
        batch::write(&self.clients.dynamodb, &self.table, vec![forget]).await?;
        Ok(false)
    }
}

impl AwsCompanies {
    /// Deletes a partition's items page by page, until `most` items are deleted from all partitions. Returns whether
    /// any items are left.
    async fn discard_partition(
        &self,
        partition: String,
        deleted: &AtomicUsize,
        most: usize,
    ) -> Outcome<bool> {
        let mut start = None;
        loop {
            if deleted.load(Ordering::Relaxed) >= most {
                // There may be none left. The next call finds out.
                return Ok(true);
            }
            let answer = self
                .clients
                .dynamodb
                .query()
                .table_name(&self.table)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", text(&partition))
                .projection_expression("pk, sk")
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| fault("discard_query", &error))?;
            let deletes = answer
                .items()
                .iter()
                .map(|row| batch::delete(key(row.text("pk")?, row.text("sk")?)))
                .collect::<Outcome<Vec<_>>>()?;
            deleted.fetch_add(deletes.len(), Ordering::Relaxed);
            batch::write(&self.clients.dynamodb, &self.table, deletes).await?;
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(false);
            }
        }
    }
}
