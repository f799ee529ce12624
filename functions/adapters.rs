//! The ports on AWS, made from settings: what the worlds of several functions consist of.
//!
//! A function makes its world in its own `world.rs`: once per process, and with the first invocation, not before. A start
//! that read certificates and looked for credentials would make every cold start slower, health checks included.

use std::sync::Arc;

use aws_config::SdkConfig;
use domain::{
    export_copy,
    fault::Outcome,
    ports::{Companies, ConnectCrm, EndStore, ExportStore, Keys, Ports},
    tenant::TenantId,
};
use futures::future::BoxFuture;
use infra::aws::{
    AwsCompanies, AwsKeys, AwsStore,
    clients::{self, Clients},
    identity,
    meter::Meter,
    patience::Patience,
    sessions::Sessions,
};

use crate::settings::{EndRole, ExportRole, KeyPlaces, Places, TenantRole};

/// Gives the ports of one tenant: on a session of the tenant in deployed functions, in memory in tests.
pub type PortsOf<P = Ports> = dyn Fn(TenantId) -> BoxFuture<'static, Outcome<Arc<P>>> + Send + Sync;

/// The ports of an export. They have no CRM. Nothing turns a run's ports into these: a session of another data role could
/// not write the file.
pub struct ExportPorts {
    /// Ledger, Copies, Pages.
    pub store: Arc<dyn ExportStore>,
    /// Keys and KMS.
    pub keys: Arc<dyn Keys>,
}

impl ExportPorts {
    /// Returns the ports as a slice takes them.
    pub fn for_slice(&self) -> export_copy::Ports<'_> {
        export_copy::Ports {
            store: &*self.store,
            keys: &*self.keys,
        }
    }
}

/// The ports of the end of a tenant. They have no CRM, and their keys open nothing of an integration.
pub struct EndPorts {
    /// The Ledger.
    pub store: Arc<dyn EndStore>,
    /// The tenant's own keys, and the key that signs receipts.
    pub keys: Arc<dyn Keys>,
}

/// A role that is assumed for a tenant. Its type decides what ports are made on a session of it.
pub(crate) trait DataRole {
    /// The ports.
    type Ports: Send + Sync + 'static;

    /// Returns its ARN.
    fn arn(&self) -> &str;
}

impl DataRole for TenantRole {
    type Ports = Ports;

    fn arn(&self) -> &str {
        self.arn()
    }
}

impl DataRole for ExportRole {
    type Ports = ExportPorts;

    fn arn(&self) -> &str {
        self.arn()
    }
}

impl DataRole for EndRole {
    type Ports = EndPorts;

    fn arn(&self) -> &str {
        self.arn()
    }
}

/// AWS as a function may use it.
pub(crate) struct Aws {
    /// Clients with the function's own rights. In a function that works for tenants they reach no tenant's data.
    pub(crate) clients: Clients,
    config: SdkConfig,
    patience: Patience,
    meter: Meter,
}

impl Aws {
    /// Makes the clients. `meter` counts their requests and those of sessions.
    pub(crate) async fn new(patience: Patience, meter: &Meter) -> Self {
        let config = clients::config().await;
        Self {
            clients: Clients::new(&config, patience, meter),
            config,
            patience,
            meter: meter.clone(),
        }
    }

    /// Returns the ARN of whoever has the credentials of this process.
    ///
    /// # Errors
    /// The fault of STS.
    pub(crate) async fn identity(&self) -> Outcome<String> {
        identity::arn(&self.config, self.patience, &self.meter).await
    }

    /// Returns what gives ports: `make` makes them on a session of the data role `role`.
    /// `name` names the session in CloudTrail.
    pub(crate) fn ports_of<R: DataRole>(
        &self,
        role: &R,
        name: &str,
        make: impl Fn(&Clients) -> R::Ports + Send + Sync + 'static,
    ) -> Box<PortsOf<R::Ports>> {
        let sessions = Arc::new(Sessions::new(
            &self.config,
            self.patience,
            &self.meter,
            role.arn().to_owned(),
            name.to_owned(),
            move |clients| make(&clients),
        ));
        Box::new(move |tenant| {
            let sessions = Arc::clone(&sessions);
            Box::pin(async move { sessions.open(&tenant).await })
        })
    }
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

/// Makes the company database, which belongs to no tenant.
pub(crate) fn companies(clients: &Clients, table: &str) -> Arc<dyn Companies> {
    Arc::new(AwsCompanies::new(clients.clone(), table.to_owned()))
}

/// Makes the ports of the rules. The keys sign no receipts.
pub(crate) fn ports(
    clients: &Clients,
    places: &Places,
    key_places: &KeyPlaces,
    companies: &Arc<dyn Companies>,
    crm: &Arc<ConnectCrm>,
) -> Ports {
    Ports {
        store: store(clients, places),
        keys: Arc::new(keys(clients, places, key_places)),
        companies: Arc::clone(companies),
        crm: Arc::clone(crm),
    }
}

/// Makes the ports of an export.
pub(crate) fn export_ports(
    clients: &Clients,
    places: &Places,
    key_places: &KeyPlaces,
) -> ExportPorts {
    ExportPorts {
        store: store(clients, places),
        keys: Arc::new(keys(clients, places, key_places)),
    }
}

/// Makes keys of api: they sign statements with the KMS key `heads_key` and the function's `own` clients. Of `receipt_key` they give out
/// the public half, since the function's role may not sign with it.
pub(crate) fn keys_of_api(
    clients: &Clients,
    places: &Places,
    key_places: &KeyPlaces,
    own: &Clients,
    (receipt_key, heads_key): (&str, &str),
) -> Arc<dyn Keys> {
    let keys = keys(clients, places, key_places);
    let keys = keys.with_receipt_key(own.clone(), receipt_key.to_owned());
    Arc::new(keys.with_heads_key(own.clone(), heads_key.to_owned()))
}

/// Makes keys that can also sign receipts, with the KMS key `receipt_key` and the function's `own` clients.
pub(crate) fn signing_keys(
    clients: &Clients,
    places: &Places,
    key_places: &KeyPlaces,
    own: &Clients,
    receipt_key: &str,
) -> Arc<dyn Keys> {
    let keys = keys(clients, places, key_places);
    Arc::new(keys.with_receipt_key(own.clone(), receipt_key.to_owned()))
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
