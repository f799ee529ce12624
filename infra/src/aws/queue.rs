//! The queue on which orders arrive.

use std::time::Duration;

use domain::fault::Outcome;

use super::{clients::Clients, fault::fault};

/// A queue.
pub struct Queue {
    clients: Clients,
    url: String,
}

impl Queue {
    /// Makes a handle of the queue at this URL.
    pub fn new(clients: Clients, url: String) -> Self {
        Self { clients, url }
    }

    /// Makes a received message visible again after `wait`. Otherwise the queue would hide it until its visibility
    /// timeout is over.
    ///
    /// # Errors
    /// Returns the fault of the call to SQS. The message becomes visible in that case, too, only later.
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
