//! What filling and removing share: the tenant, and the ports, made from the environment as those of the functions are.

use std::{env, io::Write, sync::Arc};

use domain::{
    fault::{Code, Fault},
    ports::Ports,
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use infra::{
    aws::{
        AwsKeys, AwsStore, KeyPlaces,
        clients::{self, Clients},
        meter::Meter,
        patience::Patience,
    },
    memory::MemoryCompanies,
};

use crate::Outcome;

pub(crate) struct World {
    pub(crate) scope: Scope,
    pub(crate) ports: Ports,
    pub(crate) meter: Meter,
}

impl World {
    pub(crate) async fn new() -> Outcome<Self> {
        let meter = Meter::default();
        let clients = Clients::new(&clients::config().await, Patience::SLICE, &meter);
        let [
            ledger,
            copies,
            keys,
            tenant_keys,
            pages,
            kms_key,
            receipt_key,
        ] = [
            "TABLE_LEDGER",
            "TABLE_COPIES",
            "TABLE_KEYS",
            "TABLE_TENANT_KEYS",
            "BUCKET_PAGES",
            "KMS_KEY",
            "KMS_RECEIPT_KEY",
        ]
        .map(env::var);
        let ledger = ledger?;
        let store = AwsStore::new(clients.clone(), ledger.clone(), copies?, pages?);
        let key_places = KeyPlaces {
            keys: keys?,
            tenant_keys: tenant_keys?,
            ledger,
            kms_key: kms_key?,
        };
        let keys =
            AwsKeys::new(clients.clone(), key_places).with_receipt_key(clients, receipt_key?);
        Ok(Self {
            scope: Scope {
                tenant: TenantId::parse("bench")?,
                integration: IntegrationId::parse("salesforce")?,
                generation: Generation(1),
            },
            ports: Ports {
                store: Arc::new(store),
                keys: Arc::new(keys),
                companies: Arc::new(MemoryCompanies::new()),
                // There is no CRM, so the revocation stays unconfirmed.
                crm: Arc::new(|_| Err(Fault::of(Code::TestUnexpected))),
            },
            meter,
        })
    }
}

/// Prints a line for the process that started this one.
pub(crate) fn say(line: &str) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
