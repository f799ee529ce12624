//! A batch from the queue, and the answer that names the messages to redeliver.

mod again;

use std::time::Duration;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use domain::fault::{Code, Fault, Outcome};
use futures::future::BoxFuture;
use serde_json::Value;

pub use self::again::Fate;

/// Tells the queue to redeliver the message of a receipt after some time.
pub type ShowAgain<'a> = dyn Fn(String, Duration) -> BoxFuture<'a, Outcome<()>> + Send + Sync + 'a;

/// The answer to the queue: the messages to redeliver. The event source needs `ReportBatchItemFailures`.
pub type Answer = SqsBatchResponse;

/// A batch of messages.
pub struct Batch(SqsEvent);

impl Batch {
    /// Reads an event.
    ///
    /// # Errors
    /// Returns a permanent fault if the event is no batch of a queue, or if a message has no id.
    pub fn read(event: Value) -> Outcome<Self> {
        let malformed = |what: &str| Fault::of(Code::EventMalformed).with_field(what);
        let batch: SqsEvent = serde_json::from_value(event).map_err(|_| malformed("Records"))?;
        if batch
            .records
            .iter()
            .any(|message| message.message_id.is_none())
        {
            // An empty id in the answer would make the queue redeliver the whole batch, finished messages included.
            return Err(malformed("Records.messageId"));
        }
        Ok(Self(batch))
    }

    /// Hands over one message after the other, so that the failure of one integration does not affect another. A
    /// message that is not done is redelivered after its own wait ([`Fate::shown_after`]).
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
                // The queue still redelivers the message once its visibility timeout is over.
                tracing::warn!(code = %fault.code(), "the message stays hidden until its visibility timeout is over");
            }
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = message.message_id.unwrap_or_default();
            answer.batch_item_failures.push(failure);
        }
        answer
    }
}

/// Returns how often the queue has delivered a message, this time included.
fn n_shown(message: &SqsMessage) -> u32 {
    message
        .attributes
        .get("ApproximateReceiveCount")
        .and_then(|n| n.parse().ok())
        .unwrap_or(1)
}
