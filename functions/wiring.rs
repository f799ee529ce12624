//! Makes what the bodies work with from the settings: clients of AWS, ports, connectors.
//!
//! Once per process, and with the first invocation, not before: a start that reads certificates and looks for
//! credentials would be paid for by every cold start, health checks included.

use std::{sync::Arc, time::Duration};

use domain::{
    ports::{ConnectCrm, Editions, Keys, Ports, Schedule},
    remove_integration, sync,
};
use infra::{
    aws::{
        AwsCompanies, AwsKeys, AwsStore,
        clients::{self, Clients},
        events::Bus,
        meter::Meter,
        patience::Patience,
        queue::Queue,
    },
    crm::{
        Connectors, RegisteredApps,
        client::{Client, ClientSettings, Retry, consent::App},
        salesforce,
    },
};
use tokio::sync::OnceCell;

use crate::{
    api, clock,
    companies::Bucket,
    ids,
    settings::{self, CrmSettings, KeyPlaces, Places},
};

/// What dispatch works with.
pub struct Dispatching {
    /// The Ledger.
    pub store: Arc<dyn Schedule>,
    /// The event bus.
    pub bus: Bus,
}

/// What a function that works on orders from the queue works with. `S` is what the operator set for a slice.
pub struct Working<S> {
    /// The world.
    pub ports: Ports,
    /// The event bus.
    pub bus: Bus,
    /// The queue that orders arrive by.
    pub queue: Queue,
    /// What the operator set for a slice.
    pub settings: S,
    /// Counts the requests to AWS.
    pub meter: Meter,
}

/// What companies works with.
pub struct Importing {
    /// The table.
    pub companies: Arc<dyn Editions>,
    /// The bucket for reference data.
    pub bucket: Bucket,
}

/// What the operator's commands work with.
pub struct Operating {
    /// The world.
    pub ports: Ports,
    /// The store behind the port: it has lists that no rule needs.
    pub store: Arc<AwsStore>,
    /// The company database, to write.
    pub companies: Arc<dyn Editions>,
    /// The event bus.
    pub bus: Bus,
}

/// What dispatch works with, made once.
pub async fn dispatch(settings: &settings::Dispatch) -> &'static Dispatching {
    static WORLD: OnceCell<Dispatching> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let clients = clients(Patience::SLICE, &Meter::default()).await;
            // Its policy lets it into the Ledger only: the other places are no business of its.
            let places = Places {
                ledger: settings.ledger.clone(),
                copies: String::new(),
                pages: String::new(),
            };
            Dispatching {
                store: store(&clients, &places),
                bus: Bus::new(clients, settings.bus.clone()),
            }
        })
        .await
}

/// What sync works with, made once.
pub async fn sync(settings: &settings::Sync) -> &'static Working<sync::SyncLimits> {
    static WORLD: OnceCell<Working<sync::SyncLimits>> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = Meter::default();
            let clients = clients(Patience::SLICE, &meter).await;
            Working {
                ports: Ports {
                    crm: connectors(
                        &settings.crm,
                        crm_client(&settings.crm, settings.clients.clone()),
                    ),
                    ..ports(
                        &clients,
                        &settings.places,
                        &settings.keys,
                        &settings.companies,
                        &settings.crm,
                    )
                },
                bus: Bus::new(clients.clone(), settings.bus.clone()),
                queue: Queue::new(clients, settings.queue.clone()),
                settings: sync::SyncLimits {
                    reserve: settings.reserve,
                    ..sync::SyncLimits::default()
                },
                meter,
            }
        })
        .await
}

/// What remove works with, made once.
pub async fn remove(
    settings: &settings::Remove,
) -> &'static Working<remove_integration::RemovalLimits> {
    static WORLD: OnceCell<Working<remove_integration::RemovalLimits>> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = Meter::default();
            let clients = clients(Patience::SLICE, &meter).await;
            Working {
                ports: Ports {
                    keys: signing_keys(
                        &clients,
                        &settings.places,
                        &settings.keys,
                        &settings.receipt_key,
                    ),
                    // Its policy does not let it into the table Companies.
                    ..ports(
                        &clients,
                        &settings.places,
                        &settings.keys,
                        "",
                        &settings.crm,
                    )
                },
                bus: Bus::new(clients.clone(), settings.bus.clone()),
                queue: Queue::new(clients, settings.queue.clone()),
                settings: remove_integration::RemovalLimits {
                    settle: settings.settle,
                    deletes_per_second: settings.deletes_per_second,
                    ..remove_integration::RemovalLimits::default()
                },
                meter,
            }
        })
        .await
}

/// What companies works with, made once.
pub async fn companies(settings: &settings::Companies) -> &'static Importing {
    static WORLD: OnceCell<Importing> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let clients = clients(Patience::SLICE, &Meter::default()).await;
            Importing {
                bucket: Bucket {
                    client: clients.s3.clone(),
                    name: settings.reference.clone(),
                },
                companies: Arc::new(AwsCompanies::new(clients, settings.companies.clone())),
            }
        })
        .await
}

/// What api works with, made once.
pub async fn api(settings: &settings::Api) -> &'static api::World {
    static WORLD: OnceCell<api::World> = OnceCell::const_new();
    WORLD
        .get_or_init(|| async {
            let meter = Meter::default();
            let clients = clients(Patience::ANSWER, &meter).await;
            let bus = Arc::new(Bus::new(clients.clone(), settings.bus.clone()));
            let app = settings.salesforce.as_ref();
            let crm_clients = app.map(|app| app.clients.clone()).unwrap_or_default();
            let crm_client = for_api(crm_client(&settings.crm, crm_clients));
            api::World {
                ports: Ports {
                    keys: signing_keys(
                        &clients,
                        &settings.places,
                        &settings.keys,
                        &settings.receipt_key,
                    ),
                    crm: Connectors {
                        salesforce: salesforce::Options {
                            client: crm_client.clone(),
                            bulk_threshold: settings.crm.bulk_threshold,
                            external_id_field: settings.external_id_field.clone(),
                            basis_field: settings.basis_field.clone(),
                            ..salesforce::Options::default()
                        },
                    }
                    .into_port(),
                    ..ports(
                        &clients,
                        &settings.places,
                        &settings.keys,
                        &settings.companies,
                        &settings.crm,
                    )
                },
                send: Box::new(move |orders| {
                    let bus = Arc::clone(&bus);
                    Box::pin(async move { bus.send(&orders).await })
                }),
                meter,
                clock: Box::new(clock::now),
                apps: Arc::new(RegisteredApps::new(
                    settings.salesforce.clone().map(|app| App {
                        clients: app.clients,
                        redirect_url: app.redirect_url,
                        login_urls: app.login_urls,
                    }),
                    crm_client,
                )),
                random: ids::random,
                secrets: ids::secrets,
                holder: ids::holder,
            }
        })
        .await
}

/// What the operator's commands work with.
pub async fn operator(settings: &settings::Operator) -> Operating {
    let clients = clients(Patience::SLICE, &Meter::default()).await;
    Operating {
        store: store(&clients, &settings.places),
        ports: ports(
            &clients,
            &settings.places,
            &settings.keys,
            &settings.companies,
            &settings.crm,
        ),
        companies: Arc::new(AwsCompanies::new(
            clients.clone(),
            settings.companies.clone(),
        )),
        bus: Bus::new(clients, settings.bus.clone()),
    }
}

async fn clients(patience: Patience, meter: &Meter) -> Clients {
    Clients::new(&clients::config().await, patience, meter)
}

fn store(clients: &Clients, places: &Places) -> Arc<AwsStore> {
    Arc::new(AwsStore::new(
        clients.clone(),
        places.ledger.clone(),
        places.copies.clone(),
        places.pages.clone(),
    ))
}

fn ports(
    clients: &Clients,
    places: &Places,
    key_places: &KeyPlaces,
    companies: &str,
    crm: &CrmSettings,
) -> Ports {
    Ports {
        store: store(clients, places),
        keys: Arc::new(keys(clients, places, key_places)),
        companies: Arc::new(AwsCompanies::new(clients.clone(), companies.to_owned())),
        crm: connectors(crm, crm_client(crm, Vec::new())),
    }
}

fn keys(clients: &Clients, places: &Places, keys: &KeyPlaces) -> AwsKeys {
    AwsKeys::new(
        clients.clone(),
        keys.table.clone(),
        places.ledger.clone(),
        keys.kms_key.clone(),
    )
}

/// Keys, and the key that receipts are signed with.
fn signing_keys(
    clients: &Clients,
    places: &Places,
    key_places: &KeyPlaces,
    receipt_key: &str,
) -> Arc<dyn Keys> {
    let keys = keys(clients, places, key_places);
    Arc::new(keys.with_receipt_key(receipt_key.to_owned()))
}

/// Makes the connector that an integration's provider needs.
fn connectors(settings: &CrmSettings, client: ClientSettings) -> Arc<ConnectCrm> {
    let connectors = Connectors {
        salesforce: salesforce::Options {
            client,
            bulk_threshold: settings.bulk_threshold,
            ..salesforce::Options::default()
        },
    };
    connectors.into_port()
}

/// What every connector is told, with the operator's apps as the CRM may know them.
fn crm_client(settings: &CrmSettings, clients: Vec<Client>) -> ClientSettings {
    ClientSettings {
        clients,
        allow_loopback: settings.loopback,
        now: clock::now,
        ..ClientSettings::default()
    }
}

/// Settings for who waits behind the API: an answer is due in less than half a minute.
fn for_api(settings: ClientSettings) -> ClientSettings {
    ClientSettings {
        request_timeout: Duration::from_secs(15),
        read_timeout: Duration::from_secs(15),
        retry: Retry {
            tries: 3,
            longest: Duration::from_secs(2),
            longest_asked: Duration::from_secs(3),
            total: Duration::from_secs(8),
            ..settings.retry.clone()
        },
        ..settings
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{
        fault::Outcome,
        grant::Unstored,
        integration::{Credentials, Grant, Provider},
        ports::CrmAccess,
    };

    use super::*;

    fn credentials() -> Credentials {
        Credentials {
            login_url: "http://127.0.0.1:1".to_owned(),
            instance_url: None,
            client_id: "app".to_owned(),
            grant: Grant::RefreshToken {
                refresh_token: "r".to_owned(),
                client_secret: None,
            },
            access_token: None,
            expires: None,
            scope: None,
        }
    }

    fn connect(loopback: bool) -> Outcome<()> {
        let settings = CrmSettings {
            bulk_threshold: 1,
            loopback,
        };
        let crm = connectors(&settings, crm_client(&settings, Vec::new()));
        crm(CrmAccess {
            provider: Provider::Salesforce,
            credentials: credentials(),
            renewal: Arc::new(Unstored::new(credentials())),
            fields: BTreeMap::new(),
        })
        .map(drop)
    }

    #[test]
    fn a_crm_on_this_very_machine_is_refused_unless_the_settings_allow_it() {
        assert!(connect(false).is_err());
        assert!(connect(true).is_ok());
    }
}
