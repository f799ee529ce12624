//! Recognises answers of DynamoDB that say that a table, or an index, is asked for more than it takes.
//!
//! The SDK and the store repeat such requests, so they are slow and rarely fail. Whoever counts them sees it before they do.

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::FinalizerInterceptorContextRef,
    },
    error::BoxError,
    operation::{batch_get_item::BatchGetItemOutput, batch_write_item::BatchWriteItemOutput},
    types::ConsumedCapacity,
};

/// What an error of DynamoDB has in its text: its own type, or the reason why a transaction was cancelled.
const WORDS: [&[u8]; 4] = [
    b"ProvisionedThroughputExceeded",
    b"RequestLimitExceeded",
    b"ThrottlingError",
    b"ThrottlingException",
];

/// The fewest bytes that DynamoDB has read when it leaves keys of a batch because of a limit of size. The smallest such limit is 1 MiB of
/// one partition, and the item that did not fit has 400 KiB at most.
const LIMITED: f64 = 638_976.0;

/// How many bytes a consistent read of one unit has at most.
const UNIT: f64 = 4_096.0;

/// Calls the function for each attempt of a client of DynamoDB that is throttled.
#[derive(Debug)]
pub(super) struct Throttles(pub(super) Option<fn()>);

impl Intercept for Throttles {
    fn name(&self) -> &'static str {
        "Throttles"
    }

    fn read_after_attempt(
        &self,
        attempt: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(tell) = self.0
            && is_throttled(attempt)
        {
            tell();
        }
        Ok(())
    }
}

/// Returns whether DynamoDB refused an attempt, or a part of it, because it is asked too much.
fn is_throttled(attempt: &FinalizerInterceptorContextRef<'_>) -> bool {
    if let Some(Ok(output)) = attempt.output_or_error() {
        let written = output.downcast_ref::<BatchWriteItemOutput>();
        let read = output.downcast_ref::<BatchGetItemOutput>();
        return written
            .and_then(BatchWriteItemOutput::unprocessed_items)
            .is_some_and(|left| !left.is_empty())
            || read.is_some_and(leaves_keys_without_need);
    }
    let response = attempt.response();
    response
        .filter(|response| !response.status().is_success())
        .and_then(|response| response.body().bytes())
        .is_some_and(says_so)
}

/// Returns whether DynamoDB left keys of a batch although none of its limits of size can be the reason. What it read counts whole, also
/// where the answer has a part of each item only, and each item counts as full units. So in doubt the keys are not counted.
fn leaves_keys_without_need(read: &BatchGetItemOutput) -> bool {
    let units = read.consumed_capacity().iter();
    let units: f64 = units.filter_map(ConsumedCapacity::capacity_units).sum();
    let leaves = read.unprocessed_keys().is_some_and(|left| !left.is_empty());
    leaves && units * UNIT < LIMITED
}

fn says_so(body: &[u8]) -> bool {
    let says = |word: &&[u8]| body.windows(word.len()).any(|part| part == *word);
    WORDS.iter().any(says)
}

#[cfg(test)]
mod tests;
