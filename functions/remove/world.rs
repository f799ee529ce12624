//! What remove works with.

use domain::{end_tenant::EndLimits, ports::Ports, remove_integration::RemovalLimits};
use infra::aws::{events::Bus, patience::Patience, queue::Queue};
use tokio::sync::OnceCell;

use super::doors::Doors;
use crate::{
    adapters::{self, Aws, EndPorts},
    connectors, metrics, settings,
    work::World,
};

/// Returns the world. The first invocation makes it.
pub(super) async fn world(settings: &settings::Remove) -> &'static World<RemovalLimits, Doors> {
    static WORLD: OnceCell<World<RemovalLimits, Doors>> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = metrics::meter();
            let aws = Aws::new(Patience::SLICE, &meter).await;
            let (places, keys) = (settings.places.clone(), settings.keys.clone());
            let (own, receipt_key) = (aws.clients.clone(), settings.receipt_key.clone());
            let of_ends = (
                places.clone(),
                keys.clone(),
                own.clone(),
                receipt_key.clone(),
            );
            // The function's policy does not allow it the table Companies.
            let companies = adapters::companies(&own, "");
            let crm = connectors::for_slices(&settings.crm, &settings.apps);
            World {
                ports_of: Doors {
                    removals: aws.ports_of(&settings.tenant_role, "remove", move |session| Ports {
                        keys: adapters::signing_keys(session, &places, &keys, &own, &receipt_key),
                        ..adapters::ports(session, &places, &keys, &companies, &crm)
                    }),
                    ends: aws.ports_of(&settings.end_role, "end", move |session| {
                        let (places, keys, own, receipt_key) = &of_ends;
                        EndPorts {
                            store: adapters::store(session, places),
                            keys: adapters::signing_keys(session, places, keys, own, receipt_key),
                        }
                    }),
                    limits: EndLimits::settling(settings.settle),
                },
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
