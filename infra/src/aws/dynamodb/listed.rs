//! Lists rows of one partition of the Ledger whose sort keys begin alike.

use domain::fault::Outcome;

use super::{
    item::{Attributes, text},
    store::AwsStore,
};
use crate::aws::fault::fault;

/// Rows of one partition whose sort keys begin alike, in their order.
pub(super) struct Listing<'a> {
    /// Names the request in faults.
    pub(super) operation: &'static str,
    /// The partition.
    pub(super) home: &'a str,
    /// The beginning of the sort keys.
    pub(super) prefix: &'a str,
    /// The attributes that are read. `None`: all.
    pub(super) projection: Option<&'a str>,
    /// The row behind which the answer begins.
    pub(super) after: Option<Attributes>,
    /// The most rows of the answer. `None`: as many as DynamoDB answers at once.
    pub(super) most: Option<i32>,
    /// Whether the last row comes first.
    pub(super) is_backwards: bool,
}

impl AwsStore {
    /// Returns rows, and the row behind which the next answer begins. `None` if there are no more.
    pub(super) async fn list(
        &self,
        listing: Listing<'_>,
    ) -> Outcome<(Vec<Attributes>, Option<Attributes>)> {
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(listing.home))
            .expression_attribute_values(":sk", text(listing.prefix))
            .set_projection_expression(listing.projection.map(str::to_owned))
            .set_exclusive_start_key(listing.after)
            .set_limit(listing.most)
            .scan_index_forward(!listing.is_backwards)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault(listing.operation, &error))?;
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// Returns all of them.
    pub(super) async fn rows_under(
        &self,
        operation: &'static str,
        home: &str,
        prefix: &str,
        projection: Option<&str>,
    ) -> Outcome<Vec<Attributes>> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let listing = Listing {
                operation,
                home,
                prefix,
                projection,
                after,
                most: None,
                is_backwards: false,
            };
            let (found, next) = self.list(listing).await?;
            rows.extend(found);
            after = next;
            if after.is_none() {
                return Ok(rows);
            }
        }
    }
}
