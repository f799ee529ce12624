//! What remove works with.

use domain::{ports::Ports, remove_integration::RemovalLimits};
use infra::aws::{events::Bus, meter::Meter, patience::Patience, queue::Queue};
use tokio::sync::OnceCell;

use crate::{adapters, connectors, settings, work::World};

/// Returns the world. The first invocation makes it.
pub(super) async fn world(settings: &settings::Remove) -> &'static World<RemovalLimits> {
    static WORLD: OnceCell<World<RemovalLimits>> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = Meter::default();
            let clients = adapters::clients(Patience::SLICE, &meter).await;
            let (places, keys) = (&settings.places, &settings.keys);
            let crm = connectors::for_slices(&settings.crm, &settings.apps);
            World {
                ports: Ports {
                    keys: adapters::signing_keys(&clients, places, keys, &settings.receipt_key),
                    // The function's policy does not allow it the table Companies.
                    ..adapters::ports(&clients, places, keys, "", crm)
                },
                bus: Bus::new(clients.clone(), settings.bus.clone()),
                queue: Queue::new(clients, settings.queue.clone()),
                settings: RemovalLimits {
                    settle: settings.settle,
                    deletes_per_second: settings.deletes_per_second,
                    ..RemovalLimits::default()
                },
                meter,
            }
        })
        .await
}
