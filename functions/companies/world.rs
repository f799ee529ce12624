//! What companies works with.

use std::sync::Arc;

use domain::ports::Editions;
use infra::aws::{AwsCompanies, events::Bus, patience::Patience};
use tokio::sync::OnceCell;

use super::bucket::Bucket;
use crate::{adapters::Aws, metrics, settings};

/// What companies works with.
pub(super) struct World {
    /// The table Companies.
    pub(super) companies: Arc<dyn Editions>,
    /// The bucket for reference data.
    pub(super) bucket: Bucket,
    /// The event bus.
    pub(super) bus: Bus,
}

/// Returns the world. The first invocation makes it.
pub(super) async fn world(settings: &settings::Companies) -> &'static World {
    static WORLD: OnceCell<World> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let aws = Aws::new(Patience::SLICE, &metrics::meter()).await;
            let clients = aws.clients;
            World {
                bucket: Bucket {
                    client: clients.s3.clone(),
                    name: settings.reference.clone(),
                },
                bus: Bus::new(clients.clone(), settings.bus.clone()),
                companies: Arc::new(AwsCompanies::new(clients, settings.companies.clone())),
            }
        })
        .await
}
