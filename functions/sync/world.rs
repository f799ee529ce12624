//! What sync works with.

use domain::sync::SyncLimits;
use infra::aws::{events::Bus, patience::Patience, queue::Queue};
use tokio::sync::OnceCell;

use super::doors::Doors;
use crate::{
    adapters::{self, Aws},
    connectors, metrics, settings,
    work::World,
};

/// Returns the world. The first invocation makes it.
pub(super) async fn world(settings: &settings::Sync) -> &'static World<SyncLimits, Doors> {
    static WORLD: OnceCell<World<SyncLimits, Doors>> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = metrics::meter();
            let aws = Aws::new(Patience::SLICE, &meter).await;
            let (places, keys) = (settings.places.clone(), settings.keys.clone());
            let (of_exports, keys_of_exports) = (places.clone(), keys.clone());
            let companies = adapters::companies(&aws.clients, &settings.companies);
            let crm = connectors::for_slices(&settings.crm, &settings.apps);
            World {
                ports_of: Doors {
                    runs: aws.ports_of(&settings.tenant_role, "sync", move |session| {
                        adapters::ports(session, &places, &keys, &companies, &crm)
                    }),
                    exports: aws.ports_of(&settings.export_role, "export", move |session| {
                        adapters::export_ports(session, &of_exports, &keys_of_exports)
                    }),
                },
                bus: Bus::new(aws.clients.clone(), settings.bus.clone()),
                queue: Queue::new(aws.clients, settings.queue.clone()),
                settings: SyncLimits {
                    allowance: Some(settings.allowance.clone()),
                    crm_share: settings.crm_share,
                    reserve: settings.reserve,
                    ..SyncLimits::default()
                },
                meter,
            }
        })
        .await
}
