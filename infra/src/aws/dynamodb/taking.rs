//! Taking a lease that is kept in the integration's row: that of a run, or the one for renewing a grant.

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder, types::ReturnValue,
};
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    integration::Status,
    tenant::Scope,
};
use jiff::Timestamp;

use super::{
    item::{Attributes, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused, malformed},
    places,
};

/// How a lease is written into the integration's row.
pub(super) struct RowLease {
    /// The name of the operation, for faults.
    pub(super) operation: &'static str,
    /// The update expression. It sets `:me` and `:until`.
    pub(super) set: &'static str,
    /// The condition that nobody else holds the lease. It compares with `:me` and `:now`.
    pub(super) is_free: &'static str,
}

impl AwsStore {
    /// Takes a lease until `until`, with an `update` of [`AwsStore::update_integration`]. Returns the row afterwards. `None` if
    /// somebody else holds the lease at `now`.
    ///
    /// # Errors
    /// Fenced if the integration is not connected in this generation. Otherwise the fault of the table.
    pub(super) async fn take_in_row(
        &self,
        lease: &RowLease,
        scope: &Scope,
        update: UpdateItemFluentBuilder,
        now: Timestamp,
        until: Timestamp,
    ) -> Outcome<Option<Attributes>> {
        let updated = update
            .update_expression(lease.set)
            .condition_expression(format!(
                "#status = :connected AND generation = :g AND ({})",
                lease.is_free
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":until", text(time(until)))
            .expression_attribute_values(":now", text(time(now)))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match updated {
            Ok(updated) => {
                let row = updated
                    .attributes
                    .ok_or_else(|| malformed(lease.operation))?;
                Ok(Some(row))
            }
            Err(error) if is_refused(&error) => {
                // The refusal does not say which part of the condition failed.
                let there = self
                    .read_integration(&places::integration_in(scope))
                    .await?;
                match there {
                    Some(there) if there.admits(scope) => Ok(None),
                    _ => Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced)),
                }
            }
            Err(error) => Err(fault(lease.operation, &error)),
        }
    }
}
