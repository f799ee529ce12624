//! Lists rows of one partition of the Ledger whose sort keys begin alike, and keeps the list of a tenant's integrations.

use aws_sdk_dynamodb::Client;
use domain::{
    fault::Outcome,
    tenant::{IntegrationId, Scope, TenantId},
};

use super::{
    batch::key,
    item::{Attributes, Item, text},
    store::AwsStore,
};
use crate::aws::{fault::fault, places};

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

/// Notes an integration among its tenant's before its keys and its row exist. Readers skip an entry without a row.
pub(in crate::aws) async fn note_listed(
    client: &Client,
    ledger: &str,
    scope: &Scope,
) -> Outcome<()> {
    let (home, sort) = (
        places::tenant(&scope.tenant),
        places::listed(&scope.integration),
    );
    client
        .put_item()
        .table_name(ledger)
        .set_item(Some(key(home, sort)))
        .send()
        .await
        .map(drop)
        .map_err(|error| fault("integration_list", &error))
}

/// Returns the ids of all integrations of a tenant that were noted.
pub(in crate::aws) async fn ids_listed(
    client: &Client,
    ledger: &str,
    tenant: &TenantId,
) -> Outcome<Vec<IntegrationId>> {
    let mut ids = Vec::new();
    let mut after = None;
    loop {
        let answer = client
            .query()
            .table_name(ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(places::tenant(tenant)))
            .expression_attribute_values(":sk", text(places::LISTED))
            .projection_expression("sk")
            .set_exclusive_start_key(after)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("integrations_listed", &error))?;
        for row in answer.items() {
            let id = row.text("sk")?.strip_prefix(places::LISTED);
            ids.push(IntegrationId::parse(id.unwrap_or_default())?);
        }
        after = answer.last_evaluated_key;
        if after.is_none() {
            return Ok(ids);
        }
    }
}
