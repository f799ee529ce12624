//! Sends orders to the event bus.

use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use domain::{
    fault::{AwsCode, Fault, Outcome},
    order::Order,
};

use super::{clients::Clients, fault::fault};

/// The most entries that one PutEvents call takes.
const ENTRIES: usize = 10;
/// How many rounds of PutEvents are tried while the bus refuses entries.
const ROUNDS: u32 = 5;

/// The event bus.
pub struct Bus {
    clients: Clients,
    name: String,
}

impl Bus {
    /// Makes a handle of the bus `name`.
    pub fn new(clients: Clients, name: String) -> Self {
        Self { clients, name }
    }

    /// Puts all orders on the bus. An order may arrive twice.
    ///
    /// # Errors
    /// Returns a transient fault if the bus still refuses some orders after several rounds.
    pub async fn send(&self, orders: &[Order]) -> Outcome<()> {
        for some in orders.chunks(ENTRIES) {
            let entries = some
                .iter()
                .map(|order| self.entry(order))
                .collect::<Outcome<Vec<_>>>()?;
            self.put(entries).await?;
        }
        Ok(())
    }

    fn entry(&self, order: &Order) -> Outcome<PutEventsRequestEntry> {
        let detail = order.detail()?.to_string();
        Ok(PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source("abgleich")
            .detail_type(order.detail_type())
            .detail(detail)
            .build())
    }

    /// Puts entries on the bus. PutEvents answers 200 even if it refused entries, so the refused ones are sent again.
    async fn put(&self, mut entries: Vec<PutEventsRequestEntry>) -> Outcome<()> {
        for round in 0..ROUNDS {
            let answer = self
                .clients
                .events
                .put_events()
                .set_entries(Some(entries.clone()))
                .send()
                .await
                .map_err(|error| fault("put_events", &error))?;
            if answer.failed_entry_count() == 0 {
                return Ok(());
            }
            entries = entries
                .into_iter()
                .zip(answer.entries())
                .filter(|(_, result)| result.error_code().is_some())
                .map(|(entry, _)| entry)
                .collect();
            tokio::time::sleep(std::time::Duration::from_millis(100 << round)).await;
        }
        Err(Fault::aws("put_events", AwsCode::EntriesRefused)
            .with_detail(format!("{} entries", entries.len())))
    }
}
