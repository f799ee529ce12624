//! What remove works with.

use domain::{ports::Ports, remove_integration::RemovalLimits};
use infra::aws::{events::Bus, meter::Meter, patience::Patience, queue::Queue};
use tokio::sync::OnceCell;

use crate::{
    adapters::{self, Aws},
    connectors, settings,
    work::World,
};

/// Returns the world. The first invocation makes it.
pub(super) async fn world(settings: &settings::Remove) -> &'static World<RemovalLimits> {
    static WORLD: OnceCell<World<RemovalLimits>> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = Meter::default();
            let aws = Aws::new(Patience::SLICE, &meter).await;
            let (places, keys) = (settings.places.clone(), settings.keys.clone());
            let (own, receipt_key) = (aws.clients.clone(), settings.receipt_key.clone());
            // The function's policy does not allow it the table Companies.
            let companies = adapters::companies(&own, "");
            let crm = connectors::for_slices(&settings.crm, &settings.apps);
            World {
                ports_of: aws.ports_of(&settings.tenant_role, "remove", move |session| Ports {
                    keys: adapters::signing_keys(session, &places, &keys, &own, &receipt_key),
                    ..adapters::ports(session, &places, &keys, &companies, &crm)
                }),
                bus: Bus::new(aws.clients.clone(), settings.bus.clone()),
                queue: Queue::new(aws.clients, settings.queue.clone()),
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
