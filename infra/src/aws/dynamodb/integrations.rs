//! Reads, lists, connects and sets integrations.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnConsumedCapacity};
use domain::{
    fault::{AwsCode, Fault, Outcome},
    integration::{Integration, Origin, Status, Which},
    ports::{ChangedSettings, Integrations},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};

use super::{
    batch::key,
    further,
    item::{Attributes, Item, number, text, time},
    listed::{Listing, note_listed},
    rows,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused, malformed},
    places,
};

/// How many integrations one answer has: the most that one BatchGetItem takes.
const PAGE: usize = 100;

#[async_trait]
impl Integrations for AwsStore {
    async fn integration(&self, which: &Which) -> Outcome<Option<Integration>> {
        self.read_integration(&places::integration_of(which)).await
    }

    async fn origin(&self, which: &Which) -> Outcome<Option<Origin>> {
        self.clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_of(which),
                places::INTEGRATION,
            )))
            .projection_expression(rows::OF_ORIGIN)
            .expression_attribute_names("#status", "status")
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("integration_get", &error))?
            .item
            .as_ref()
            .map(rows::origin)
            .transpose()
    }

    async fn integrations(
        &self,
        tenant: &TenantId,
        after: Option<&IntegrationId>,
    ) -> Outcome<(Vec<Integration>, Option<IntegrationId>)> {
        let start = after.map(|after| key(places::tenant(tenant), places::listed(after)));
        let listing = Listing {
            operation: "integrations_query",
            home: &places::tenant(tenant),
            prefix: places::LISTED,
            projection: None,
            after: start,
            most: Some(further::limit(PAGE)),
            is_backwards: false,
        };
        let (rows, last) = self.list(listing).await?;
        let (rows, last) = further::page(rows, last, PAGE);
        let ids = rows
            .iter()
            .map(|row| {
                let id = row.text("sk")?.strip_prefix(places::LISTED);
                IntegrationId::parse(id.unwrap_or_default())
            })
            .collect::<Outcome<Vec<_>>>()?;
        let next = last.and_then(|_| ids.last().cloned());
        Ok((self.read_integrations(tenant, &ids).await?, next))
    }

    async fn connect(
        &self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool> {
        note_listed(&self.clients.dynamodb, &self.ledger, &integration.scope).await?;
        let mut row = rows::of_integration(integration)?;
        let put = self.clients.dynamodb.put_item().table_name(&self.ledger);
        let put = match earlier {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some((generation, status)) => {
                let mut condition = "generation = :g AND #status = :s".to_owned();
                let mut put = put
                    .expression_attribute_names("#status", "status")
                    .expression_attribute_values(":g", number(generation.0))
                    .expression_attribute_values(":s", text(status.name()));
                // Only a connected integration is checked for its lease. In any other status a new connection takes
                // over whatever lease is left.
                if status == Status::Connected {
                    condition.push_str(
                        " AND (attribute_not_exists(lease_holder) OR lease_deadline <= :due)",
                    );
                    put = put.expression_attribute_values(":due", text(time(integration.due)));
                }
                // A new grant verifies nothing: the same generation is measured from when it was last in order.
                if generation == integration.scope.generation
                    && let Some(verified) = self.last_verified(&integration.scope).await?
                {
                    condition.push_str(" AND verified_at = :verified");
                    put = put.expression_attribute_values(":verified", verified.clone());
                    row.insert("verified_at".to_owned(), verified);
                }
                put.condition_expression(condition)
            }
        };
        let put = put.set_item(Some(row));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => {
                // Our own write may have been applied and its answer lost. No two sealed grants are equal, so equality
                // proves it.
                let there = self
                    .read_integration(&places::integration_in(&integration.scope))
                    .await?;
                Ok(there.is_some_and(|there| there.credentials == integration.credentials))
            }
            Err(error) => Err(fault("integration_put", &error)),
        }
    }

    async fn put_settings(&self, change: &ChangedSettings<'_>) -> Outcome<bool> {
        self.write_settings(change).await
    }
}

impl AwsStore {
    pub(super) async fn read_integration(&self, partition: &str) -> Outcome<Option<Integration>> {
        self.clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(partition, places::INTEGRATION)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("integration_get", &error))?
            .item
            .as_ref()
            .map(rows::integration)
            .transpose()
    }

    /// Returns when an integration was last in order, as its row has it.
    async fn last_verified(&self, scope: &Scope) -> Outcome<Option<AttributeValue>> {
        let row = self.read_attributes(scope, "integration_get", "verified_at");
        Ok(row.await?.and_then(|mut row| row.remove("verified_at")))
    }

    /// Reads some attributes of an integration's row. No name in `projection` is a reserved word of DynamoDB's.
    pub(super) async fn read_attributes(
        &self,
        scope: &Scope,
        operation: &'static str,
        projection: &str,
    ) -> Outcome<Option<Attributes>> {
        let read = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .projection_expression(projection)
            .consistent_read(true)
            .send()
            .await;
        Ok(read.map_err(|error| fault(operation, &error))?.item)
    }

    /// Reads integrations of a tenant by their ids.
    async fn read_integrations(
        &self,
        tenant: &TenantId,
        ids: &[IntegrationId],
    ) -> Outcome<Vec<Integration>> {
        let mut left: Vec<_> = ids
            .iter()
            .map(|id| key(places::integration(tenant, id), places::INTEGRATION))
            .collect();
        let mut found = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let asked = KeysAndAttributes::builder()
                .set_keys(Some(left))
                .consistent_read(true)
                .build()
                .map_err(|_| malformed("keys"))?;
            let answer = self
                .clients
                .dynamodb
                .batch_get_item()
                .set_request_items(Some(HashMap::from([(self.ledger.clone(), asked)])))
                // It tells keys that are left for their size from those that are left by a throttle.
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(|error| fault("integrations_get", &error))?;
            let rows = answer.responses.unwrap_or_default();
            for row in rows.into_values().flatten() {
                found.push(rows::integration(&row)?);
            }
            let unprocessed = answer.unprocessed_keys.unwrap_or_default();
            let more: Vec<_> = unprocessed
                .into_values()
                .flat_map(|keys| keys.keys)
                .collect();
            if !more.is_empty() && found.is_empty() {
                return Err(Fault::aws("batch_get", AwsCode::Unprocessed));
            }
            left = more;
        }
        found.sort_by(|left, right| left.scope.integration.cmp(&right.scope.integration));
        Ok(found)
    }
}
