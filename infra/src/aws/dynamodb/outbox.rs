//! Orders that the event bus may not have received yet: a list in the integration's row. The write that changes the
//! integration adds to the list. Whoever puts the orders on the bus removes them from it.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::{Code, Fault, Outcome},
    order::Order,
    ports::Outbox,
    tenant::Scope,
};

use super::{
    batch::key,
    item::{Attributes, number, text},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused},
    places,
};

/// The attribute that holds the list.
const UNTOLD: &str = "untold";

/// Adds `:orders` to the list. `:none` is an empty list, for a row without one.
pub(super) const APPEND: &str = "untold = list_append(if_not_exists(untold, :none), :orders)";

/// How often the list is read again while others change it.
const TRIES: u32 = 3;

/// Returns orders as an attribute.
pub(super) fn list(orders: &[Order]) -> Outcome<AttributeValue> {
    let stored = orders.iter().map(|order| order.to_stored().map(text));
    stored.collect::<Outcome<_>>().map(AttributeValue::L)
}

/// Returns the orders that a row keeps. It skips orders that a later release wrote.
pub(super) fn untold(row: &Attributes) -> Vec<Order> {
    texts(row).filter_map(Order::from_stored).collect()
}

fn texts(row: &Attributes) -> impl Iterator<Item = &str> {
    let list = row.get(UNTOLD).and_then(|list| list.as_l().ok());
    let orders = list.into_iter().flatten();
    orders.map(|order| order.as_s().map(String::as_str).unwrap_or_default())
}

#[async_trait]
impl Outbox for AwsStore {
    async fn note_told(&self, scope: &Scope, orders: &[Order]) -> Outcome<()> {
        let told = orders
            .iter()
            .map(Order::to_stored)
            .collect::<Outcome<Vec<_>>>()?;
        if told.is_empty() {
            return Ok(());
        }
        for _ in 0..TRIES {
            let there = self
                .clients
                .dynamodb
                .get_item()
                .table_name(&self.ledger)
                .set_key(Some(place(scope)))
                .projection_expression(UNTOLD)
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| fault("untold_get", &error))?
                .item
                .unwrap_or_default();
            let kept: Vec<&str> = texts(&there).collect();
            let positions: Vec<usize> = (0..kept.len())
                .filter(|n| told.iter().any(|told| told == kept[*n]))
                .collect();
            if positions.is_empty() || self.take_out(scope, &kept, &positions).await? {
                return Ok(());
            }
        }
        Err(Fault::of(Code::IntegrationChangedMeanwhile))
    }
}

impl AwsStore {
    /// Removes orders by their positions in the list, if they still have these positions. Returns whether it did.
    async fn take_out(&self, scope: &Scope, kept: &[&str], positions: &[usize]) -> Outcome<bool> {
        let mut update = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(place(scope)));
        let mut conditions = Vec::new();
        for n in positions {
            conditions.push(format!("untold[{n}] = :o{n}"));
            update = update.expression_attribute_values(format!(":o{n}"), text(kept[*n]));
        }
        // The last order takes the attribute with it, so a row without untold orders looks as it did before the first
        // one.
        let remove = if positions.len() == kept.len() {
            conditions.push("size(untold) = :size".to_owned());
            let size = number(kept.len());
            update = update.expression_attribute_values(":size", size);
            UNTOLD.to_owned()
        } else {
            let places: Vec<String> = positions.iter().map(|n| format!("untold[{n}]")).collect();
            places.join(", ")
        };
        let updated = update
            .update_expression(format!("REMOVE {remove}"))
            .condition_expression(conditions.join(" AND "))
            .send()
            .await;
        match updated {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(fault("untold_update", &error)),
        }
    }
}

fn place(scope: &Scope) -> Attributes {
    key(places::integration_in(scope), places::INTEGRATION)
}
