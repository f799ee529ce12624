//! What sync works with.

use domain::sync::SyncLimits;
use infra::aws::{events::Bus, meter::Meter, patience::Patience, queue::Queue};
use tokio::sync::OnceCell;

use crate::{adapters, connectors, settings, work::World};

/// Returns the world. The first invocation makes it.
pub(super) async fn world(settings: &settings::Sync) -> &'static World<SyncLimits> {
    static WORLD: OnceCell<World<SyncLimits>> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = Meter::default();
            let clients = adapters::clients(Patience::SLICE, &meter).await;
            World {
                ports: adapters::ports(
                    &clients,
                    &settings.places,
                    &settings.keys,
                    &settings.companies,
                    connectors::for_slices(&settings.crm, &settings.apps),
                ),
                bus: Bus::new(clients.clone(), settings.bus.clone()),
                queue: Queue::new(clients, settings.queue.clone()),
                settings: SyncLimits {
                    reserve: settings.reserve,
                    ..SyncLimits::default()
                },
                meter,
            }
        })
        .await
}
