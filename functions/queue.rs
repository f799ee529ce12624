//! A batch from the queue, and the answer that names the messages to show again.

mod again;

use std::time::Duration;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use domain::fault::{Code, Fault, Outcome};
use futures::future::BoxFuture;
use serde_json::Value;

pub use self::again::Fate;

/// Tells the queue to show the message of a receipt again after some time.
pub type ShowAgain<'a> = dyn Fn(String, Duration) -> BoxFuture<'a, Outcome<()>> + Send + Sync + 'a;

/// What the queue is answered: the messages to show again. Needs `ReportBatchItemFailures` at the event source.
pub type Answer = SqsBatchResponse;

/// A batch of messages.
pub struct Batch(SqsEvent);

impl Batch {
    /// Reads an event.
    ///
    /// # Errors
    /// Permanent, when it is no batch of a queue, or a message has no id to name it by.
    pub fn read(event: Value) -> Outcome<Self> {
        let malformed = |what: &str| Fault::of(Code::EventMalformed).with_field(what);
        let batch: SqsEvent = serde_json::from_value(event).map_err(|_| malformed("Records"))?;
        if batch
            .records
            .iter()
            .any(|message| message.message_id.is_none())
        {
            // An empty name in the answer would make the queue show the whole batch again, the finished ones too.
            return Err(malformed("Records.messageId"));
        }
        Ok(Self(batch))
    }

    /// Hands over message after message: one integration's failure does not touch another's. What is to be shown again
    /// is, when its own time has come ([`Fate::shown_after`]).
    pub async fn each(
        self,
        show_again: &ShowAgain<'_>,
        random: impl Fn() -> u32,
        work: impl AsyncFn(&str) -> Fate,
    ) -> Answer {
        let mut answer = Answer::default();
        for message in self.0.records {
            let fate = work(message.body.as_deref().unwrap_or_default()).await;
            let Some(wait) = fate.shown_after(n_shown(&message), random()) else {
                continue;
            };
            if let Some(receipt) = message.receipt_handle
                && let Err(fault) = show_again(receipt, wait).await
            {
                // The queue shows it again all the same, when its own time is over.
                tracing::warn!(code = %fault.code(), "the message stays hidden for longer");
            }
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = message.message_id.unwrap_or_default();
            answer.batch_item_failures.push(failure);
        }
        answer
    }
}

/// How often the queue has shown a message, this time included.
fn n_shown(message: &SqsMessage) -> u32 {
    message
        .attributes
        .get("ApproximateReceiveCount")
        .and_then(|n| n.parse().ok())
        .unwrap_or(1)
}
