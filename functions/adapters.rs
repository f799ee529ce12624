//! The ports on AWS, made from settings: what the worlds of several functions consist of.
//!
//! A function makes its world in its own `world.rs`: once per process, and with the first invocation, not before. A start
//! that read certificates and looked for credentials would make every cold start slower, health checks included.

use std::sync::Arc;

use domain::ports::{ConnectCrm, Keys, Ports};
use infra::aws::{
    AwsCompanies, AwsKeys, AwsStore,
    clients::{self, Clients},
    meter::Meter,
    patience::Patience,
};

use crate::settings::{KeyPlaces, Places};

/// Makes the clients of AWS. `meter` counts their requests.
pub(crate) async fn clients(patience: Patience, meter: &Meter) -> Clients {
    Clients::new(&clients::config().await, patience, meter)
}

/// Makes the store on the tables and the bucket of `places`.
pub(crate) fn store(clients: &Clients, places: &Places) -> Arc<AwsStore> {
    Arc::new(AwsStore::new(
        clients.clone(),
        places.ledger.clone(),
        places.copies.clone(),
        places.pages.clone(),
    ))
}

/// Makes the ports of the rules. `companies` is the table Companies. The keys sign no receipts.
pub(crate) fn ports(
    clients: &Clients,
    places: &Places,
    key_places: &KeyPlaces,
    companies: &str,
    crm: Arc<ConnectCrm>,
) -> Ports {
    Ports {
        store: store(clients, places),
        keys: Arc::new(keys(clients, places, key_places)),
        companies: Arc::new(AwsCompanies::new(clients.clone(), companies.to_owned())),
        crm,
    }
}

/// Makes keys that can also sign receipts, with the KMS key `receipt_key`.
pub(crate) fn signing_keys(
    clients: &Clients,
    places: &Places,
    key_places: &KeyPlaces,
    receipt_key: &str,
) -> Arc<dyn Keys> {
    let keys = keys(clients, places, key_places);
    Arc::new(keys.with_receipt_key(receipt_key.to_owned()))
}

fn keys(clients: &Clients, places: &Places, keys: &KeyPlaces) -> AwsKeys {
    AwsKeys::new(
        clients.clone(),
        infra::aws::KeyPlaces {
            keys: keys.table.clone(),
            tenant_keys: keys.tenant_table.clone(),
            ledger: places.ledger.clone(),
            kms_key: keys.kms_key.clone(),
        },
    )
}
