//! Lists what a generation still has in the tables, and deletes it. `s3/sweep.rs` does the same for the bucket.

use domain::{
    fault::Outcome,
    record::Object,
    removal::{Leftover, Part, What},
    tenant::Scope,
};
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    batch::{self, key},
    item::{Item, text},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
    places::{self, Home, Shape},
};

/// How many shards are listed at a time.
const IN_FLIGHT: usize = 8;
/// Separates the two keys of a row. No key contains it.
const BETWEEN: char = '\n';

impl AwsStore {
    pub(super) async fn list_leftovers(
        &self,
        scope: &Scope,
        part: Part,
        most: usize,
    ) -> Outcome<Vec<Leftover>> {
        match part {
            Part::Copies(object) => self.list_copies(scope, object, most).await,
            Part::Exports => self.pages.leftovers(scope, true, most).await,
            Part::Pages => self.pages.leftovers(scope, false, most).await,
            Part::Ledger => {
                let rows = Rows {
                    table: &self.ledger,
                    home: Home::Ledger,
                    partition: places::integration_in(scope),
                    prefix: Some(places::generation(scope.generation)),
                };
                self.list_rows(&rows, most).await
            }
            Part::Keys => Ok(Vec::new()),
        }
    }

    pub(super) async fn delete_leftovers(&self, part: Part, found: &[Leftover]) -> Outcome<()> {
        let table = match part {
            Part::Copies(_) => &self.copies,
            Part::Ledger => &self.ledger,
            Part::Exports | Part::Pages => return self.pages.discard(found).await,
            Part::Keys => return Ok(()),
        };
        let deletes = found
            .iter()
            .map(|leftover| {
                let (pk, sk) = leftover
                    .key
                    .split_once(BETWEEN)
                    .ok_or_else(|| malformed("leftover"))?;
                batch::delete(key(pk, sk))
            })
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, table, deletes).await
    }

    /// Lists an equal share of each shard, several shards at a time, so that no partition gets more load than the
    /// others.
    async fn list_copies(
        &self,
        scope: &Scope,
        object: Object,
        most: usize,
    ) -> Outcome<Vec<Leftover>> {
        let share = most.div_ceil(places::SHARDS as usize);
        let found: Vec<Vec<Leftover>> = stream::iter(0..places::SHARDS)
            .map(|shard| async move {
                let rows = Rows {
                    table: &self.copies,
                    home: Home::Copies,
                    partition: places::shard(scope, object, shard),
                    prefix: None,
                };
                self.list_rows(&rows, share).await
            })
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Lists the first rows of a partition, or of a range in it. The removal's own row is left out. DynamoDB stops
    /// after a number of rows read, so an answer may be empty and still have a continuation.
    async fn list_rows(&self, rows: &Rows<'_>, most: usize) -> Outcome<Vec<Leftover>> {
        let condition = match rows.prefix {
            None => "pk = :pk",
            Some(_) => "pk = :pk AND begins_with(sk, :sk)",
        };
        let mut found = Vec::new();
        let mut start = None;
        while found.len() < most {
            let answer = self
                .clients
                .dynamodb
                .query()
                .table_name(rows.table)
                .key_condition_expression(condition)
                .set_expression_attribute_values(rows.values())
                .projection_expression("pk, sk")
                .consistent_read(true)
                .limit(i32::try_from(most - found.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| fault("leftovers_query", &error))?;
            for row in answer.items() {
                let (pk, sk) = (row.text("pk")?, row.text("sk")?);
                if let Some(what) = what(rows.home, pk, sk) {
                    found.push(Leftover {
                        what,
                        key: format!("{pk}{BETWEEN}{sk}"),
                    });
                }
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

/// A range of rows in a partition.
struct Rows<'a> {
    table: &'a str,
    home: Home,
    partition: String,
    /// The prefix of their sort keys. `None` means the whole partition.
    prefix: Option<String>,
}

impl Rows<'_> {
    fn values(
        &self,
    ) -> Option<std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>> {
        let mut values =
            std::collections::HashMap::from([(":pk".to_owned(), text(self.partition.as_str()))]);
        if let Some(prefix) = &self.prefix {
            values.insert(":sk".to_owned(), text(prefix.as_str()));
        }
        Some(values)
    }
}

/// Returns what a row is, and `None` if it outlives the removal. A row of unknown shape is swept, too: it is better
/// deleted without a name than left behind.
fn what(home: Home, pk: &str, sk: &str) -> Option<What> {
    Shape::of(home, pk, sk).map_or(Some(What::Row), Shape::counts_as)
}
