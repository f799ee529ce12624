//! The backends that the contract runs on.

use std::sync::Arc;

use domain::ports::{Companies, Editions, Keys, Store};
use infra::{
    aws::{AwsCompanies, AwsKeys, AwsStore, KeyPlaces, clients::Clients},
    memory::{MemoryCompanies, MemoryKeys, MemoryStore},
};

use crate::support::{aws::clients, python::Server, tables};

/// The company database, for reading and for writing.
pub(super) trait Table: Companies + Editions {}

impl<T: Companies + Editions> Table for T {}

/// A backend.
pub(super) struct World {
    pub(super) store: Arc<dyn Store>,
    pub(super) keys: Arc<dyn Keys>,
    pub(super) companies: Arc<dyn Table>,
    /// Makes the keys as another process sees them: without anything remembered.
    pub(super) fresh_keys: Box<dyn Fn() -> Arc<dyn Keys>>,
    /// The clients. `None` if the backend is no AWS.
    pub(super) clients: Option<Clients>,
    /// The keys in memory, which a test can lose. `None` if the backend is an AWS.
    pub(super) in_memory: Option<MemoryKeys>,
    /// The store in memory, of which a test can lose rows. `None` if the backend is an AWS.
    pub(super) store_in_memory: Option<MemoryStore>,
    _servers: Vec<Server>,
}

/// Makes the ports in memory. Lists come in small pages, so that the clauses have to page.
pub(super) fn memory() -> World {
    let keys = MemoryKeys::new();
    let fresh = keys.clone();
    let store = MemoryStore::with_page_size(7);
    World {
        store_in_memory: Some(store.clone()),
        store: Arc::new(store),
        in_memory: Some(keys.clone()),
        keys: Arc::new(keys),
        companies: Arc::new(MemoryCompanies::new()),
        fresh_keys: Box::new(move || Arc::new(fresh.clone())),
        clients: None,
        _servers: Vec::new(),
    }
}

/// Starts DynamoDB in this process. Returns its address.
pub(super) async fn dynoxide() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let database = dynoxide::Database::memory().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    endpoint
}

/// Makes a world of DynamoDB in this process and moto's S3 and KMS.
pub(super) async fn dynoxide_and_moto() -> World {
    let dynamodb = dynoxide().await;
    let moto = Server::start("contract-moto", "moto");
    let clients = clients(&dynamodb, &moto.endpoint);
    aws(clients, vec![moto]).await
}

/// Makes a world entirely of MiniStack.
pub(super) async fn ministack() -> World {
    let server = Server::start("contract-ministack", "ministack");
    let clients = clients(&server.endpoint, &server.endpoint);
    aws(clients, vec![server]).await
}

/// Makes the tables of template.yaml.
pub(super) async fn make_tables(clients: &Clients) {
    for resource in ["Ledger", "Copies", "Keys", "TenantKeys", "Companies"] {
        tables::make(clients, resource).await;
    }
}

/// Makes the bucket Pages.
pub(super) async fn make_bucket(clients: &Clients) {
    clients
        .s3
        .create_bucket()
        .bucket("pages")
        .create_bucket_configuration(
            aws_sdk_s3::types::CreateBucketConfiguration::builder()
                .location_constraint(aws_sdk_s3::types::BucketLocationConstraint::EuCentral1)
                .build(),
        )
        .send()
        .await
        .unwrap();
}

/// Returns the places of keys that [`make_tables`] makes.
pub(super) fn key_places(kms_key: &str) -> KeyPlaces {
    KeyPlaces {
        keys: "keys".to_owned(),
        tenant_keys: "tenantkeys".to_owned(),
        ledger: "ledger".to_owned(),
        kms_key: kms_key.to_owned(),
    }
}

async fn aws(clients: Clients, servers: Vec<Server>) -> World {
    make_tables(&clients).await;
    make_bucket(&clients).await;
    let key = clients.kms.create_key().send().await.unwrap();
    let kms_key = key.key_metadata.unwrap().key_id;
    let signing = clients
        .kms
        .create_key()
        .key_spec(aws_sdk_kms::types::KeySpec::EccNistP256)
        .key_usage(aws_sdk_kms::types::KeyUsageType::SignVerify);
    let heads_key = signing.clone().send().await.unwrap();
    let heads_key = heads_key.key_metadata.unwrap().key_id;
    let receipt_key = signing.send().await.unwrap().key_metadata.unwrap().key_id;
    let fresh = {
        let clients = clients.clone();
        move || -> Arc<dyn Keys> {
            let keys = AwsKeys::new(clients.clone(), key_places(&kms_key));
            let keys = keys.with_receipt_key(clients.clone(), receipt_key.clone());
            Arc::new(keys.with_heads_key(clients.clone(), heads_key.clone()))
        }
    };
    World {
        store: Arc::new(AwsStore::new(
            clients.clone(),
            "ledger".to_owned(),
            "copies".to_owned(),
            "pages".to_owned(),
        )),
        keys: fresh(),
        companies: Arc::new(AwsCompanies::new(clients.clone(), "companies".to_owned())),
        fresh_keys: Box::new(fresh),
        clients: Some(clients),
        in_memory: None,
        store_in_memory: None,
        _servers: servers,
    }
}
