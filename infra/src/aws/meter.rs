//! Counts the requests that the process sends to AWS, by operation. `make bench` reports the counts, and each slice
//! logs them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{
            BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
        },
    },
    error::BoxError,
    operation::batch_write_item::BatchWriteItemInput,
};

use super::throttles::Throttles;

/// The name under which the items of all `BatchWriteItem` calls are counted. Each item counts once, however often the
/// SDK repeats a call.
pub const BATCHED_ITEMS: &str = "BatchWriteItem.items";

/// Counts requests by operation (`BatchWriteItem`, `Decrypt`, `PUT`), repeated requests included. It also counts
/// [`BATCHED_ITEMS`].
#[derive(Clone, Debug, Default)]
pub struct Meter {
    counts: Arc<Mutex<BTreeMap<String, u64>>>,
    throttled: Option<fn()>,
}

impl Meter {
    /// Makes a meter that calls `throttled` for each answer with which DynamoDB refuses a request, or a part of it, because it is
    /// asked too much.
    pub fn telling(throttled: fn()) -> Self {
        Self {
            throttled: Some(throttled),
            ..Self::default()
        }
    }

    /// Returns what listens to the answers of DynamoDB.
    pub(super) fn throttles(&self) -> Throttles {
        Throttles(self.throttled)
    }

    /// Returns the counts so far.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the difference to `before`, by operation. Operations without a difference are left out.
    pub fn since(&self, before: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
        self.counts()
            .into_iter()
            .map(|(operation, n)| {
                let earlier = before.get(&operation).copied().unwrap_or_default();
                (operation, n.saturating_sub(earlier))
            })
            .filter(|(_, n)| *n > 0)
            .collect()
    }

    fn add(&self, name: String, n: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(name).or_default() += n;
    }
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let n_items: usize = context
            .input()
            .downcast_ref::<BatchWriteItemInput>()
            .and_then(BatchWriteItemInput::request_items)
            .map_or(0, |tables| tables.values().map(Vec::len).sum());
        if n_items > 0 {
            self.add(BATCHED_ITEMS.to_owned(), n_items as u64);
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        // The JSON protocols name the operation in a header. S3 does not, so its requests count under their HTTP
        // method.
        let operation = request
            .headers()
            .get("x-amz-target")
            .and_then(|target| target.rsplit('.').next())
            .unwrap_or_else(|| request.method())
            .to_owned();
        self.add(operation, 1);
        Ok(())
    }
}
