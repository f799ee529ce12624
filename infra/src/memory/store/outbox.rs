//! Orders that the event bus may not have received yet.

use async_trait::async_trait;
use domain::{fault::Outcome, order::Order, ports::Outbox, tenant::Scope};

use super::MemoryStore;

#[async_trait]
impl Outbox for MemoryStore {
    async fn note_told(&self, scope: &Scope, orders: &[Order]) -> Outcome<()> {
        let place = (scope.tenant.clone(), scope.integration.clone());
        if let Some(integration) = self.lock().integrations.get_mut(&place) {
            integration.untold.retain(|order| !orders.contains(order));
        }
        Ok(())
    }
}
