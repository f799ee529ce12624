//! Tenants' allowances, and what they have used: one row in each tenant's own partition.
//!
//! A rate is three attributes: the beginning of its window, what is left, and the id of what was counted last. So taking something
//! is one conditional write, and a window that is over needs no sweep: the next caller finds another beginning than its own.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use domain::{
    allowance::{Allowance, Bounds, Limit, Places, Rate, StoredAllowance},
    fault::Outcome,
    ports::{Allowances, Spending, Spent},
    tenant::TenantId,
};

use super::{
    batch::key,
    item::{Attributes, Item, number, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused, malformed},
    places,
};

/// The attribute with the tenant's own numbers.
const OWN: &str = "own";

#[async_trait]
impl Allowances for AwsStore {
    async fn allowance(&self, tenant: &TenantId) -> Outcome<StoredAllowance> {
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::ALLOWANCE)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("allowance_get", &error))?;
        found
            .item
            .as_ref()
            .map_or_else(|| Ok(StoredAllowance::default()), stored)
    }

    async fn set_allowance(&self, tenant: &TenantId, own: &Allowance) -> Outcome<()> {
        let own = serde_json::to_string(own).map_err(|_| malformed(OWN))?;
        let windows = Limit::ALL.into_iter().filter(|limit| is_rate(*limit));
        let windows: Vec<String> = windows.map(window).collect();
        self.update_allowance(tenant)
            .update_expression(format!("SET {OWN} = :own REMOVE {}", windows.join(", ")))
            .expression_attribute_values(":own", text(own))
            .send()
            .await
            .map(drop)
            .map_err(|error| fault("allowance_set", &error))
    }

    async fn spend(&self, tenant: &TenantId, limit: Limit, what: &Spending<'_>) -> Outcome<Spent> {
        let (window, left, last) = (window(limit), left(limit), last(limit));
        let updated = self
            .update_allowance(tenant)
            .update_expression(format!("SET {left} = {left} - :n, {last} = :id"))
            .condition_expression(format!(
                "{window} = :window AND {left} >= :n AND {last} <> :id"
            ))
            .expression_attribute_values(":window", text(time(what.window)))
            .expression_attribute_values(":n", number(what.n))
            .expression_attribute_values(":id", text(what.id))
            .send()
            .await;
        match updated {
            Ok(_) => Ok(Spent::Taken),
            Err(error) if is_refused(&error) => {
                let stored = self.allowance(tenant).await?;
                let rate = stored.rates.get(&limit);
                let is_ours =
                    rate.is_some_and(|rate| rate.window == what.window && rate.last == what.id);
                Ok(if is_ours {
                    Spent::Taken
                } else {
                    Spent::Not(stored)
                })
            }
            Err(error) => Err(fault("allowance_spend", &error)),
        }
    }

    async fn open_window(
        &self,
        tenant: &TenantId,
        limit: Limit,
        before: Option<&Rate>,
        rate: &Rate,
    ) -> Outcome<bool> {
        let (window, left, last) = (window(limit), left(limit), last(limit));
        let update = self
            .update_allowance(tenant)
            .update_expression(format!(
                "SET {window} = :window, {left} = :left, {last} = :id"
            ))
            .expression_attribute_values(":window", text(time(rate.window)))
            .expression_attribute_values(":left", number(rate.left))
            .expression_attribute_values(":id", text(&rate.last));
        let update = match before {
            None => update.condition_expression(format!("attribute_not_exists({window})")),
            Some(before) => update
                .condition_expression(format!("{window} = :before"))
                .expression_attribute_values(":before", text(time(before.window))),
        };
        changed("allowance_open", update).await
    }

    async fn put_places(
        &self,
        tenant: &TenantId,
        limit: Limit,
        before: &Places,
        after: &Places,
    ) -> Outcome<bool> {
        let attribute = held(limit);
        let update = self
            .update_allowance(tenant)
            .update_expression(format!("SET {attribute} = :after"))
            .expression_attribute_values(":after", text(written(after)?));
        let update = match before.0.is_empty() {
            true => update.condition_expression(format!(
                "attribute_not_exists({attribute}) OR {attribute} = :before"
            )),
            false => update.condition_expression(format!("{attribute} = :before")),
        };
        let update = update.expression_attribute_values(":before", text(written(before)?));
        changed("allowance_places", update).await
    }
}

impl AwsStore {
    fn update_allowance(&self, tenant: &TenantId) -> UpdateItemFluentBuilder {
        self.clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::ALLOWANCE)))
    }
}

/// Sends a conditional write. Returns whether its condition held.
async fn changed(operation: &'static str, update: UpdateItemFluentBuilder) -> Outcome<bool> {
    match update.send().await {
        Ok(_) => Ok(true),
        Err(error) if is_refused(&error) => Ok(false),
        Err(error) => Err(fault(operation, &error)),
    }
}

fn stored(row: &Attributes) -> Outcome<StoredAllowance> {
    let own = row.optional_text(OWN).map(serde_json::from_str).transpose();
    let mut stored = StoredAllowance {
        own: own.map_err(|_| malformed(OWN))?.unwrap_or_default(),
        ..StoredAllowance::default()
    };
    for limit in Limit::ALL {
        if let Some(begin) = row.optional_text(&window(limit)) {
            let rate = Rate {
                window: begin.parse().map_err(|_| malformed("window"))?,
                left: count(row, &left(limit))?,
                last: row
                    .optional_text(&last(limit))
                    .unwrap_or_default()
                    .to_owned(),
            };
            stored.rates.insert(limit, rate);
        }
        if let Some(text) = row.optional_text(&held(limit)) {
            let places = serde_json::from_str(text).map_err(|_| malformed("places"))?;
            stored.places.insert(limit, places);
        }
    }
    Ok(stored)
}

fn count(row: &Attributes, name: &str) -> Outcome<u32> {
    let value = row.get(name).and_then(|value| value.as_n().ok());
    let value = value.and_then(|text| text.parse().ok());
    value.ok_or_else(|| malformed("left"))
}

fn written(places: &Places) -> Outcome<String> {
    serde_json::to_string(places).map_err(|_| malformed("places"))
}

fn is_rate(limit: Limit) -> bool {
    matches!(limit.bounds(), Bounds::Rate(_))
}

fn window(limit: Limit) -> String {
    format!("{limit}_window")
}

fn left(limit: Limit) -> String {
    format!("{limit}_left")
}

fn last(limit: Limit) -> String {
    format!("{limit}_last")
}

fn held(limit: Limit) -> String {
    format!("{limit}_places")
}
