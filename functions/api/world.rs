//! What the handlers of the API work with.

use std::sync::Arc;

use domain::ports::{Apps, Ports};
use infra::aws::{events::Bus, meter::Meter, patience::Patience};
use tokio::sync::OnceCell;

use crate::{
    adapters::{self, Aws, PortsOf},
    clock::{self, Clock},
    connectors,
    events::SendOrders,
    ids, metrics, settings,
};

/// What handlers work with.
pub struct World {
    /// Gives the ports of a caller's tenant.
    pub ports_of: Box<PortsOf>,
    /// The operator's apps at the CRMs.
    pub apps: Arc<dyn Apps>,
    /// The event bus.
    pub send: Box<SendOrders<'static>>,
    /// Counts the requests to AWS.
    pub meter: Meter,
    /// Tells the time.
    pub clock: Box<Clock<'static>>,
    /// Draws the random part of run ids.
    pub random: fn() -> u32,
    /// Draws OAuth states and PKCE verifiers.
    pub secrets: fn() -> [u8; 64],
    /// Draws ids for holders of leases.
    pub holder: fn() -> String,
}

/// Returns the world. The first request of a caller who may have an answer makes it.
pub(super) async fn world(settings: &settings::Api) -> &'static World {
    static WORLD: OnceCell<World> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = metrics::meter();
            let aws = Aws::new(Patience::ANSWER, &meter).await;
            let bus = Arc::new(Bus::new(aws.clients.clone(), settings.bus.clone()));
            let (places, keys) = (settings.places.clone(), settings.keys.clone());
            let own = aws.clients.clone();
            let signing = (settings.receipt_key.clone(), settings.heads_key.clone());
            let companies = adapters::companies(&own, &settings.companies);
            let (crm, apps) = connectors::for_answers(settings);
            World {
                ports_of: aws.ports_of(&settings.tenant_role, "api", move |session| Ports {
                    keys: adapters::keys_of_api(
                        session,
                        &places,
                        &keys,
                        &own,
                        (&signing.0, &signing.1),
                    ),
                    ..adapters::ports(session, &places, &keys, &companies, &crm)
                }),
                send: Box::new(move |orders| {
                    let bus = Arc::clone(&bus);
                    Box::pin(async move { bus.send(&orders).await })
                }),
                meter,
                clock: Box::new(clock::now),
                apps,
                random: ids::random,
                secrets: ids::secrets,
                holder: ids::holder,
            }
        })
        .await
}
