//! What the operator's commands work with.

use std::sync::Arc;

use domain::ports::{Editions, Ports};
use infra::aws::{AwsCompanies, AwsStore, events::Bus, meter::Meter, patience::Patience};

use crate::{adapters, connectors, settings};

/// What the operator's commands work with.
pub(super) struct World {
    /// The ports.
    pub(super) ports: Ports,
    /// The store behind the port. It has lists that no rule needs.
    pub(super) store: Arc<AwsStore>,
    /// The company database, for writing.
    pub(super) companies: Arc<dyn Editions>,
    /// The event bus.
    pub(super) bus: Bus,
}

/// Makes the world.
pub(super) async fn world(settings: &settings::Operator) -> World {
    let clients = adapters::clients(Patience::SLICE, &Meter::default()).await;
    World {
        store: adapters::store(&clients, &settings.places),
        ports: adapters::ports(
            &clients,
            &settings.places,
            &settings.keys,
            &settings.companies,
            // A grant that the operator has comes with the client that it was given to.
            connectors::for_slices(&settings.crm, &settings::AppsSettings::default()),
        ),
        companies: Arc::new(AwsCompanies::new(
            clients.clone(),
            settings.companies.clone(),
        )),
        bus: Bus::new(clients, settings.bus.clone()),
    }
}
