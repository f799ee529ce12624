//! The rows that say what is published and what was begun.

use std::sync::{
    PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use aws_sdk_dynamodb::types::ReturnValue;
use domain::{fault::Outcome, ports::Version};

use super::{
    super::{
        batch::{self, key},
        item::{Attributes, Item, number as count, text},
    },
    AwsCompanies,
    published::Published,
};
use crate::aws::fault::{fault, malformed};

/// The item that names the published version. No version begins with `!`.
pub(super) const PUBLISHED: &str = "!published";
/// The partition of the versions that may have items.
pub(super) const BEGUN: &str = "!begun";
/// The item that counts the numbers of imports.
const NUMBERS: &str = "!numbers";

impl AwsCompanies {
    /// Returns what is published, and remembers it.
    pub(super) async fn read_published(&self) -> Outcome<Option<Published>> {
        let row = self.item(PUBLISHED, PUBLISHED, "published_get").await?;
        let published = row.as_ref().map(Published::of).transpose()?;
        self.published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&published);
        Ok(published)
    }

    /// Returns the row of a version that was begun.
    pub(super) async fn begun(&self, version: &Version) -> Outcome<Option<Attributes>> {
        self.item(BEGUN, &version.0, "version_get").await
    }

    async fn item(
        &self,
        pk: &str,
        sk: &str,
        operation: &'static str,
    ) -> Outcome<Option<Attributes>> {
        let answer = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(pk, sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault(operation, &error))?;
        Ok(answer.item)
    }

    /// Returns a number that no import was given. A call whose answer is lost leaves one out.
    pub(super) async fn next_number(&self) -> Outcome<u64> {
        let answer = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(NUMBERS, NUMBERS)))
            .update_expression("ADD n :one")
            .expression_attribute_values(":one", count(1))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|error| fault("version_number", &error))?;
        answer.attributes.ok_or_else(|| malformed("n"))?.number("n")
    }

    /// Takes the number of a version that is about to lose rows, so that an import that has written some of them begins anew.
    pub(super) async fn void_number(&self, version: &Version) -> Outcome<()> {
        self.clients
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(BEGUN, version.0.as_str())))
            .update_expression("REMOVE n")
            .send()
            .await
            .map(drop)
            .map_err(|error| fault("version_void", &error))
    }

    /// Deletes a partition's items page by page, until `most` items are deleted from all partitions. Returns whether
    /// any items are left.
    pub(super) async fn discard_partition(
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
