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
use serde_json::Value;

/// Returns an inner code that an answer or an event tells, also within a document that it quotes.
pub(crate) fn inner_code(answer: &Value) -> Option<String> {
    match answer {
        Value::String(text) => match Code::parse(verdict_of(text)) {
            Code::Unknown(_) => serde_json::from_str(text)
                .ok()
                .filter(|quoted: &Value| quoted.is_object())
                .and_then(|quoted| inner_code(&quoted)),
            code => (code.public() == "internal").then(|| text.clone()),
        },
        Value::Array(parts) => parts.iter().find_map(inner_code),
        Value::Object(parts) => parts.values().find_map(inner_code),
        _ => None,
    }
}

/// Returns the code of a verdict as events have it, or the text itself.
fn verdict_of(text: &str) -> &str {
    let code = text.strip_prefix("FAILED(");
    code.and_then(|code| code.strip_suffix(')')).unwrap_or(text)
}

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
            for order in &orders {
                let told = inner_code(&order.detail()?);
                assert_eq!(told, None, "an event tells a code of ours");
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
