//! A batch from the queue, and the answer that names the messages to show again.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use domain::fault::{Fault, Outcome};
use serde_json::Value;

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is done with.
    Consumed,
    /// The queue shows it again, and after some times puts it into the dead-letter queue.
    Returned,
}

/// What the queue is answered: the messages to show again. Needs `ReportBatchItemFailures` at the event source.
pub type Answer = SqsBatchResponse;

/// A batch of messages.
pub struct Batch(SqsEvent);

impl Batch {
    /// Reads an event.
    ///
    /// # Errors
    /// Lasting, when it is no batch of a queue, or a message has no id to name it by.
    pub fn read(event: Value) -> Outcome<Self> {
        let malformed = |what: &str| Fault::lasting("event.malformed").with_detail(what);
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

    /// Hands over message after message: one integration's failure does not touch another's.
    pub async fn each(self, work: impl AsyncFn(&str) -> Fate) -> Answer {
        let mut answer = Answer::default();
        for message in self.0.records {
            let fate = work(message.body.as_deref().unwrap_or_default()).await;
            if fate == Fate::Returned {
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = message.message_id.unwrap_or_default();
                answer.batch_item_failures.push(failure);
            }
        }
        answer
    }
}
