//! What the tests of the bodies share. They use the ports in memory. The house tests cover whole runs.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::sync::{Arc, Mutex};

use domain::{
    fault::{Code, Fault, Outcome},
    integration::{Integration, Provider, Status},
    order::Order,
    ports::{Ports, Store},
    seal::Sealed,
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use futures::future::{BoxFuture, FutureExt};
use infra::memory::{MemoryCompanies, MemoryKeys};
use jiff::Timestamp;

/// A bus that keeps what was sent, or refuses everything.
#[derive(Default)]
pub(crate) struct Bus {
    pub(crate) sent: Mutex<Vec<Order>>,
    pub(crate) broken: bool,
}

impl Bus {
    pub(crate) fn send(&self, orders: Vec<Order>) -> BoxFuture<'_, Outcome<()>> {
        async move {
            if self.broken {
                return Err(Fault::of(Code::TestFailed));
            }
            self.sent.lock().unwrap().extend(orders);
            Ok(())
        }
        .boxed()
    }

    pub(crate) fn n_sent(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn scope(tenant: &str) -> Scope {
    Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        integration: IntegrationId::parse("crm-1").unwrap(),
        generation: Generation(1),
    }
}

/// Returns a connected integration with a grant that cannot be opened.
pub(crate) fn connected(scope: Scope) -> Integration {
    Integration {
        scope,
        provider: Provider::Salesforce,
        organisation: "00D".to_owned(),
        status: Status::Connected,
        credentials: Sealed::from_stored(vec![1]),
        due: at(0),
        open_run: None,
        standstill: None,
        lease: None,
        settings: None,
        untold: Vec::new(),
    }
}

/// Returns ports with this store, new keys, no companies and no CRM.
pub(crate) fn ports(store: &(impl Store + Clone + 'static)) -> Ports {
    Ports {
        store: Arc::new(store.clone()),
        keys: Arc::new(MemoryKeys::new()),
        companies: Arc::new(MemoryCompanies::new()),
        crm: Arc::new(|_| Err(Fault::of(Code::TestUnexpected))),
    }
}
