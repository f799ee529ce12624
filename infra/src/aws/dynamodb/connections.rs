//! Connecting, setting and showing integrations.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnValue};
use domain::{
    fault::{Fault, Outcome},
    integration::{Integration, Status},
    order::Order,
    ports::{ChangedSettings, Connections},
    progress::RunReport,
    seal::Sealed,
    tenant::{IntegrationId, RunId, Scope, TenantId},
};
use jiff::Timestamp;

use super::{
    batch::key,
    item::{Item, blob, number, text, time},
    rows,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, given_back, is_refused, malformed},
    places,
};

/// Integrations in one answer: what one BatchGetItem takes.
const PAGE: i32 = 100;

#[async_trait]
impl Connections for AwsStore {
    async fn integrations(
        &self,
        tenant: &TenantId,
        after: Option<&IntegrationId>,
    ) -> Outcome<(Vec<Integration>, Option<IntegrationId>)> {
        let start = after.map(|after| key(places::tenant(tenant), places::listed(after)));
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(places::tenant(tenant)))
            .expression_attribute_values(":sk", text(places::LISTED))
            .set_exclusive_start_key(start)
            .limit(PAGE)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("integrations_query", &error))?;
        let ids = answer
            .items()
            .iter()
            .map(|row| {
                let id = row.text("sk")?.strip_prefix(places::LISTED);
                IntegrationId::parse(id.unwrap_or_default())
            })
            .collect::<Outcome<Vec<_>>>()?;
        let next = answer
            .last_evaluated_key()
            .and_then(|_| ids.last().cloned());
        Ok((self.read_integrations(tenant, &ids).await?, next))
    }

    async fn put_state(
        &self,
        tenant: &TenantId,
        hash: &str,
        begun: &Sealed,
        expires: Timestamp,
    ) -> Outcome<()> {
        self.clients
            .dynamodb
            .put_item()
            .table_name(&self.ledger)
            .set_item(Some(key(places::tenant(tenant), places::state(hash))))
            .item("begun", blob(begun.as_bytes()))
            .item("expires", number(expires.as_second()))
            .send()
            .await
            .map(drop)
            .map_err(|error| fault("state_put", &error))
    }

    async fn take_state(&self, tenant: &TenantId, hash: &str) -> Outcome<Option<Sealed>> {
        self.clients
            .dynamodb
            .delete_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::state(hash))))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| fault("state_delete", &error))?
            .attributes
            .map(|row| Ok(Sealed::from_stored(row.blob("begun")?.to_vec())))
            .transpose()
    }

    async fn begin_renewal(
        &self,
        scope: &Scope,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Outcome<Option<Sealed>> {
        let updated = self
            .update_integration(scope, holder)
            .update_expression("SET renewer = :me, renews_until = :until")
            .condition_expression(
                "#status = :connected AND generation = :g AND \
                 (attribute_not_exists(renewer) OR renews_until <= :now OR renewer = :me)",
            )
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":until", text(time(until)))
            .expression_attribute_values(":now", text(time(now)))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match updated {
            Ok(updated) => {
                let row = updated.attributes.ok_or_else(|| malformed("renewal"))?;
                let credentials = row.blob("credentials")?.to_vec();
                Ok(Some(Sealed::from_stored(credentials)))
            }
            Err(error) if is_refused(&error) => {
                let there = self
                    .read_integration(&places::integration_in(scope))
                    .await?;
                match there {
                    Some(there) if there.admits(scope) => Ok(None),
                    _ => Err(Fault::fenced("integration.not_connected")),
                }
            }
            Err(error) => Err(fault("renewal_begin", &error)),
        }
    }

    async fn end_renewal(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let updated = self
            .update_integration(scope, holder)
            .update_expression("REMOVE renewer, renews_until")
            .condition_expression("generation = :g AND renewer = :me")
            .send()
            .await;
        given_back("renewal_end", updated)
    }

    async fn put_settings(&self, change: &ChangedSettings<'_>) -> Outcome<bool> {
        let scope = &change.seen.scope;
        let before = match &change.seen.settings {
            None => "attribute_not_exists(settings_version)",
            Some(_) => "settings_version = :before",
        };
        let run = match &change.seen.open_run {
            None => "attribute_not_exists(run_id)",
            Some(_) => "run_id = :run",
        };
        let mut set =
            "SET settings = :settings, settings_version = :version, due_at = :due".to_owned();
        let mut update = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .condition_expression(format!(
                "#status = :connected AND generation = :g AND due_at = :seen AND {before} AND {run}"
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .expression_attribute_values(":seen", text(time(change.seen.due)))
            .expression_attribute_values(":settings", blob(change.kept.sealed.as_bytes()))
            .expression_attribute_values(":version", number(change.kept.version))
            .expression_attribute_values(":due", text(time(change.due)));
        if let Some(before) = &change.seen.settings {
            update = update.expression_attribute_values(":before", number(before.version));
        }
        if let Some(open) = &change.seen.open_run {
            update = update.expression_attribute_values(":run", text(open.id.as_str()));
            if let Some(next) = change.next {
                set.push_str(", run_next = :next");
                update = update.expression_attribute_values(":next", text(time(next)));
            }
        }
        match change.kept.hour {
            Some(hour) => {
                set.push_str(", schedule_hour = :hour");
                update = update.expression_attribute_values(":hour", number(hour));
            }
            None => set.push_str(" REMOVE schedule_hour"),
        }
        match update.update_expression(set).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => {
                // It may have been us, with the answer lost: no two sealings are alike.
                let there = self
                    .read_integration(&places::integration_in(scope))
                    .await?;
                Ok(there.is_some_and(|there| there.settings.as_ref() == Some(change.kept)))
            }
            Err(error) => Err(fault("settings_put", &error)),
        }
    }

    async fn runs(
        &self,
        scope: &Scope,
        after: Option<&RunId>,
        most: u32,
    ) -> Outcome<Vec<RunReport>> {
        let home = places::integration_in(scope);
        let start = after.map(|run| key(home.as_str(), places::run(scope.generation, run)));
        self.clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(home))
            .expression_attribute_values(":sk", text(places::run_rows(scope.generation)))
            .scan_index_forward(false)
            .set_exclusive_start_key(start)
            .limit(i32::try_from(most).unwrap_or(i32::MAX))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("runs_query", &error))?
            .items()
            .iter()
            .map(|row| serde_json::from_str(row.text("report")?).map_err(|_| malformed("report")))
            .collect()
    }

    async fn run(&self, scope: &Scope, run: &RunId) -> Outcome<Option<RunReport>> {
        self.read_report(scope, &places::run(scope.generation, run))
            .await?
            .map(|report| serde_json::from_str(&report).map_err(|_| malformed("report")))
            .transpose()
    }

    async fn note_told(&self, scope: &Scope, orders: &[Order]) -> Outcome<()> {
        self.take_told(scope, orders).await
    }
}

impl AwsStore {
    /// These integrations of a tenant, by their ids.
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
                return Err(Fault::passing("aws.batch_get.unprocessed"));
            }
            left = more;
        }
        found.sort_by(|left, right| left.scope.integration.cmp(&right.scope.integration));
        Ok(found)
    }
}
