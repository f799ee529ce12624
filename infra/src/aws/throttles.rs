//! Recognises answers of DynamoDB that say that a table, or an index, is asked for more than it takes.
//!
//! The SDK and the store repeat such requests, so they are slow and rarely fail. Whoever counts them sees it before they do.

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::FinalizerInterceptorContextRef,
    },
    error::BoxError,
    operation::{batch_get_item::BatchGetItemOutput, batch_write_item::BatchWriteItemOutput},
};

/// What an error of DynamoDB has in its text: its own type, or the reason why a transaction was cancelled.
const WORDS: [&[u8]; 4] = [
    b"ProvisionedThroughputExceeded",
    b"RequestLimitExceeded",
    b"ThrottlingError",
    b"ThrottlingException",
];

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
            || read
                .and_then(BatchGetItemOutput::unprocessed_keys)
                .is_some_and(|left| !left.is_empty());
    }
    let response = attempt.response();
    response
        .filter(|response| !response.status().is_success())
        .and_then(|response| response.body().bytes())
        .is_some_and(says_so)
}

fn says_so(body: &[u8]) -> bool {
    let says = |word: &&[u8]| body.windows(word.len()).any(|part| part == *word);
    WORDS.iter().any(says)
}
