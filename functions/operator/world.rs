//! What the operator's commands work with.

use std::sync::Arc;

use domain::{
    end_tenant::EndLimits,
    ports::{Editions, Ports},
    seal::CallerKey,
};
use infra::aws::{AwsCompanies, AwsStore, events::Bus, meter::Meter, patience::Patience};

use crate::{
    adapters::{self, Aws},
    connectors,
    settings::{self, AppsSettings},
};

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
    /// AWS, with the operator's own rights.
    pub(super) aws: Aws,
    /// The key under which receipts name who acted for the operator, if it is stated.
    pub(super) caller_key: Option<Arc<CallerKey>>,
    /// The limits of an offboarding.
    pub(super) limits: EndLimits,
}

/// Makes the world. Most grants come with the client that they were given to. The apps are those of grants that do not.
pub(super) async fn world(settings: &settings::Operator, apps: &AppsSettings) -> World {
    // The operator's own rights reach every tenant, so no session is opened.
    let aws = Aws::new(Patience::SLICE, &Meter::default()).await;
    let clients = aws.clients.clone();
    let crm = connectors::for_slices(&settings.crm, apps);
    let companies = adapters::companies(&clients, &settings.companies);
    let (places, keys) = (&settings.places, &settings.keys);
    let mut ports = adapters::ports(&clients, places, keys, &companies, &crm);
    if let Some(receipt_key) = &settings.receipt_key {
        ports.keys = adapters::signing_keys(&clients, places, keys, &clients, receipt_key);
    }
    World {
        store: adapters::store(&clients, &settings.places),
        ports,
        companies: Arc::new(AwsCompanies::new(
            clients.clone(),
            settings.companies.clone(),
        )),
        bus: Bus::new(clients, settings.bus.clone()),
        aws,
        caller_key: settings.caller_key.clone(),
        limits: settings
            .settle
            .map_or_else(EndLimits::default, EndLimits::settling),
    }
}
