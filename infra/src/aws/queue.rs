//! The queue that orders arrive by.

use std::time::Duration;

use domain::fault::Outcome;

use super::{clients::Clients, fault::fault};

/// A queue.
pub struct Queue {
    clients: Clients,
    url: String,
}

impl Queue {
    /// The queue at this URL.
    pub fn new(clients: Clients, url: String) -> Self {
        Self { clients, url }
    }

    /// A message that was received, and is not to be consumed, is shown again after `wait`: of itself the queue would
    /// hide it until its visibility timeout is over.
    ///
    /// # Errors
    /// Those of SQS; the message is shown again all the same, only later.
    pub async fn show_again(&self, receipt: &str, wait: Duration) -> Outcome<()> {
        let seconds = i32::try_from(wait.as_secs()).unwrap_or(i32::MAX);
        self.clients
            .sqs
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt)
            .visibility_timeout(seconds)
            .send()
            .await
            .map(drop)
            .map_err(|error| fault("message_visibility", &error))
    }
}
