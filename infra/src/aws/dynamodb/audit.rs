//! Entries of the audit: who did what, and when. They belong to the tenant and outlive the integration.

use async_trait::async_trait;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use domain::{
    audit::{AuditEntry, AuditFilter, AuditPlace, Ended},
    fault::Outcome,
    ports::Audit,
    removal::{Asked, Asker},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use jiff::Timestamp;

use super::{
    batch::key,
    item::{Attributes, Item, number, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

/// How many entries a query reads.
const READ: i32 = 250;
/// How many queries a page makes at most while it finds too few of the wanted entries. The next page goes on there.
const QUERIES: usize = 8;
/// The error of a write whose condition does not hold.
const FAILED: &str = "ConditionalCheckFailedException";

/// Returns the row of a change, which is written in one transaction with it.
pub(super) fn of_change(scope: &Scope, at: Timestamp, what: &str, asked: &Asked) -> Attributes {
    let entry = AuditEntry::of_change(scope, at, asked.by.clone(), what);
    row(&scope.tenant, &entry)
}

#[async_trait]
impl Audit for AwsStore {
    async fn note_request(&self, tenant: &TenantId, entry: &AuditEntry) -> Outcome<()> {
        let put = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.ledger)
            .set_item(Some(row(tenant, entry)))
            .condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            // It is there: the answer of an earlier try was lost.
            Err(error) if error.code() == Some(FAILED) => Ok(()),
            sent => sent.map(drop).map_err(|error| fault("audit_put", &error)),
        }
    }

    async fn conclude_request(
        &self,
        tenant: &TenantId,
        place: &AuditPlace,
        ended: &Ended,
    ) -> Outcome<()> {
        let mut said = vec![
            ("ended", text(time(ended.at))),
            ("status", number(ended.status)),
        ];
        let integration = ended.integration.as_ref().map(IntegrationId::as_str);
        for (name, value) in [
            ("problem", ended.problem.as_deref()),
            ("integration", integration),
            ("about", ended.about.as_deref()),
        ] {
            said.extend(value.map(|value| (name, text(value))));
        }
        let sets: Vec<String> = said
            .iter()
            .map(|(name, _)| format!("#{name} = :{name}"))
            .collect();
        let mut update = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(place_of(tenant, place)))
            .update_expression(format!("SET {}", sets.join(", ")))
            .condition_expression("attribute_exists(pk)");
        for (name, value) in said {
            update = update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), value);
        }
        match update.send().await {
            Err(error) if error.code() == Some(FAILED) => Ok(()),
            sent => sent
                .map(drop)
                .map_err(|error| fault("audit_update", &error)),
        }
    }

    async fn audit(
        &self,
        tenant: &TenantId,
        wanted: &AuditFilter,
        before: Option<&AuditPlace>,
        most: usize,
    ) -> Outcome<(Vec<AuditEntry>, Option<AuditPlace>)> {
        // DynamoDB refuses a start outside of what is asked for.
        let is_outside = |day| before.is_some_and(|before| !before.is_of(day));
        if wanted.day.is_some_and(is_outside) {
            return Ok((Vec::new(), None));
        }
        let day = wanted.day.map(AuditPlace::of_day).unwrap_or_default();
        let mut start = before.map(|before| place_of(tenant, before));
        let mut found = Vec::new();
        for _ in 0..QUERIES {
            let mut query = self
                .clients
                .dynamodb
                .query()
                .table_name(&self.ledger)
                .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
                .expression_attribute_values(":pk", text(places::tenant(tenant)))
                .expression_attribute_values(":sk", text(places::audit(&day)))
                .scan_index_forward(false)
                .set_exclusive_start_key(start)
                .limit(READ)
                .consistent_read(true);
            if let Some(what) = &wanted.what {
                query = query
                    .filter_expression("what = :what")
                    .expression_attribute_values(":what", text(what));
            }
            let answer = query
                .send()
                .await
                .map_err(|error| fault("audit_query", &error))?;
            for row in answer.items() {
                found.push(entry(row)?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() || found.len() > most {
                break;
            }
        }
        if found.len() > most {
            found.truncate(most);
            let next = found.last().map(|last| last.place.clone());
            return Ok((found, next));
        }
        let next = start.as_ref().map(stored_place).transpose()?;
        Ok((found, next))
    }
}

fn place_of(tenant: &TenantId, place: &AuditPlace) -> Attributes {
    key(places::tenant(tenant), places::audit(place.as_str()))
}

fn row(tenant: &TenantId, entry: &AuditEntry) -> Attributes {
    let mut row = place_of(tenant, &entry.place);
    let mut put = |name: &str, value| row.insert(name.to_owned(), value);
    put("what", text(&entry.what));
    put("by", text(entry.by.as_str()));
    put("at", text(time(entry.at)));
    if let Some(integration) = &entry.integration {
        put("integration", text(integration.as_str()));
    }
    if let Some(generation) = entry.generation {
        put("generation", number(generation.0));
    }
    if let Some(request) = &entry.request {
        put("request", text(request));
    }
    row
}

fn entry(row: &Attributes) -> Outcome<AuditEntry> {
    let ended = match row.contains_key("ended") {
        true => Some(Ended {
            at: row.time("ended")?,
            status: row.number("status")?,
            problem: row.optional_text("problem").map(str::to_owned),
            // Whoever named it, the entry has it.
            integration: None,
            about: row.optional_text("about").map(str::to_owned),
        }),
        false => None,
    };
    let integration = row.optional_text("integration");
    Ok(AuditEntry {
        place: stored_place(row)?,
        at: row.time("at")?,
        by: Asker::stored(row.text("by")?).ok_or_else(|| malformed("by"))?,
        what: row.text("what")?.to_owned(),
        integration: integration.map(IntegrationId::parse).transpose()?,
        generation: match row.contains_key("generation") {
            true => Some(Generation(row.number("generation")?)),
            false => None,
        },
        request: row.optional_text("request").map(str::to_owned),
        ended,
    })
}

fn stored_place(row: &Attributes) -> Outcome<AuditPlace> {
    let sort = row.text("sk")?.strip_prefix(places::AUDIT);
    let place = sort.and_then(AuditPlace::parse);
    place.ok_or_else(|| malformed("sk"))
}
