//! What dispatch works with.

use std::sync::Arc;

use domain::ports::OrderStore;
use infra::aws::{events::Bus, patience::Patience};
use tokio::sync::OnceCell;

use crate::{
    adapters::{self, Aws},
    metrics,
    settings::{self, Places},
};

/// What dispatch works with.
pub(super) struct World {
    /// The Ledger.
    pub(super) store: Arc<dyn OrderStore>,
    /// The event bus.
    pub(super) bus: Bus,
}

/// Returns the world. The first invocation makes it.
pub(super) async fn world(settings: &settings::Dispatch) -> &'static World {
    static WORLD: OnceCell<World> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let aws = Aws::new(Patience::SLICE, &metrics::meter()).await;
            let clients = aws.clients;
            // The function's policy allows it the Ledger only, so it needs no other place.
            let places = Places {
                ledger: settings.ledger.clone(),
                copies: String::new(),
                pages: String::new(),
            };
            World {
                store: adapters::store(&clients, &places),
                bus: Bus::new(clients, settings.bus.clone()),
            }
        })
        .await
}
