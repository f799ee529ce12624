//! A Ledger of a few rows for the tests of the bodies: what is due, and who claims it. Whole runs are the house tests'.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod controllers;
mod exports;
mod intents;
mod legal;
mod reading;
mod vanishing;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{
    fault::{Fault, Outcome},
    integration::{Due, Integration, Lease, OpenRun, Status, Which},
    order::Order,
    ports::{
        ChangedSettings, Checkpoint, Companies, CompanyRows, Connections, DueToken, Edition, Found,
        HeldToken, Known, Listed, Removals, Store, StoredRecord, Version,
    },
    progress::{Progress, Quarantined, RunReport},
    record::{Object, RecordId},
    removal::{Asked, Leftover, Part, ReceiptHead, Removal, SignedReceipt},
    seal::{KeyedHash, Sealed},
    standstill::Standstill,
    tenant::{Generation, IntegrationId, RunId, Scope, TenantId},
};
use futures::future::{BoxFuture, FutureExt};
use jiff::Timestamp;
use matching::{Company, CompanyId, MatchKey};

/// A Ledger of a few rows.
#[derive(Default)]
pub(crate) struct Ledger {
    /// What is due, page by page.
    pub(crate) pages: Vec<Vec<Due>>,
    /// What was claimed.
    pub(crate) claims: Mutex<Vec<(Due, OpenRun)>>,
    /// The one integration.
    pub(crate) integration: Mutex<Option<Integration>>,
    /// What the bus is noted to have.
    pub(crate) told: Arc<Mutex<Vec<Order>>>,
    /// What taking the lease answers, and every other call that is not for this Ledger.
    pub(crate) fault: Option<Fault>,
    /// Whether another one changes the integration before it can be stored.
    pub(crate) contended: bool,
}

/// A bus that keeps what was sent, or takes nothing.
#[derive(Default)]
pub(crate) struct Bus {
    pub(crate) sent: Mutex<Vec<Order>>,
    pub(crate) broken: bool,
}

impl Bus {
    pub(crate) fn send(&self, orders: Vec<Order>) -> BoxFuture<'_, Outcome<()>> {
        async move {
            if self.broken {
                return Err(Fault::passing("bus.broken"));
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

impl Ledger {
    fn unexpected<T>(&self) -> Outcome<T> {
        Err(self
            .fault
            .clone()
            .unwrap_or_else(|| Fault::lasting("test.unexpected")))
    }
}

#[async_trait]
impl Connections for Ledger {
    async fn integrations(
        &self,
        _: &TenantId,
        _: Option<&IntegrationId>,
    ) -> Outcome<(Vec<Integration>, Option<IntegrationId>)> {
        self.unexpected()
    }

    async fn put_state(&self, _: &TenantId, _: &str, _: &Sealed, _: Timestamp) -> Outcome<()> {
        self.unexpected()
    }

    async fn take_state(&self, _: &TenantId, _: &str) -> Outcome<Option<Sealed>> {
        self.unexpected()
    }

    async fn begin_renewal(
        &self,
        _: &Scope,
        _: &str,
        _: Timestamp,
        _: Timestamp,
    ) -> Outcome<Option<Sealed>> {
        self.unexpected()
    }

    async fn end_renewal(&self, _: &Scope, _: &str) -> Outcome<()> {
        self.unexpected()
    }

    async fn put_settings(&self, _: &ChangedSettings<'_>) -> Outcome<bool> {
        self.unexpected()
    }

    async fn runs(&self, _: &Scope, _: Option<&RunId>, _: u32) -> Outcome<Vec<RunReport>> {
        Ok(Vec::new())
    }

    async fn run(&self, _: &Scope, _: &RunId) -> Outcome<Option<RunReport>> {
        self.unexpected()
    }

    async fn note_told(&self, _: &Scope, orders: &[Order]) -> Outcome<()> {
        self.told.lock().unwrap().extend_from_slice(orders);
        Ok(())
    }
}

#[async_trait]
impl Store for Ledger {
    async fn integration(&self, _: &Which) -> Outcome<Option<Integration>> {
        Ok(self.integration.lock().unwrap().clone())
    }

    async fn connect(
        &self,
        new: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool> {
        let mut row = self.integration.lock().unwrap();
        let there = row
            .as_ref()
            .map(|there| (there.scope.generation, there.status));
        if self.contended || there != earlier {
            return Ok(false);
        }
        *row = Some(new.clone());
        Ok(true)
    }

    async fn due(
        &self,
        _: Timestamp,
        after: Option<&DueToken>,
    ) -> Outcome<(Vec<Due>, Option<DueToken>)> {
        let page: usize = after.map_or(0, |token| token.0.parse().unwrap());
        let next = (page + 1 < self.pages.len()).then(|| DueToken((page + 1).to_string()));
        Ok((self.pages.get(page).cloned().unwrap_or_default(), next))
    }

    async fn claim(&self, seen: &Due, run: &OpenRun, _: Timestamp) -> Outcome<bool> {
        self.claims
            .lock()
            .unwrap()
            .push((seen.clone(), run.clone()));
        Ok(true)
    }

    async fn take_lease(&self, _: &Scope, _: &Lease, _: Timestamp) -> Outcome<Option<Integration>> {
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(None),
        }
    }

    async fn note_standstill(&self, _: &Scope, _: &str, _: &Standstill) -> Outcome<()> {
        self.unexpected()
    }

    async fn release_lease(&self, _: &Scope, _: &str) -> Outcome<()> {
        self.unexpected()
    }

    async fn keep_credentials(&self, _: &Scope, _: &str, _: &Sealed) -> Outcome<()> {
        self.unexpected()
    }

    async fn progress(&self, _: &Scope) -> Outcome<Vec<Progress>> {
        self.unexpected()
    }

    async fn checkpoint(&self, _: &Scope, _: &str, _: Checkpoint<'_>) -> Outcome<()> {
        self.unexpected()
    }

    async fn quarantine(&self, _: &Scope, _: &RunId, _: &[Quarantined]) -> Outcome<()> {
        self.unexpected()
    }

    async fn finish(
        &self,
        _: &Scope,
        _: &str,
        _: &RunReport,
        _: Timestamp,
        _: Status,
        _: &[Order],
    ) -> Outcome<()> {
        self.unexpected()
    }

    async fn known(&self, _: &Scope, _: Object, _: &[RecordId]) -> Outcome<Vec<Option<Known>>> {
        self.unexpected()
    }

    async fn put(&self, _: &Scope, _: Object, _: Vec<StoredRecord>) -> Outcome<()> {
        self.unexpected()
    }

    async fn held(&self, _: &Scope, _: Object, _: Option<&HeldToken>) -> Outcome<Listed> {
        self.unexpected()
    }

    async fn drop_orphans(&self, _: &Scope, _: Object, _: &[(RecordId, KeyedHash)]) -> Outcome<()> {
        self.unexpected()
    }

    async fn record(&self, _: &Scope, _: Object, _: &RecordId) -> Outcome<Option<Sealed>> {
        self.unexpected()
    }

    async fn put_page(&self, _: &Scope, _: Object, _: &RunId, _: u64, _: Sealed) -> Outcome<()> {
        self.unexpected()
    }
}

#[async_trait]
impl Removals for Ledger {
    async fn begin_removal(&self, _: &Which, _: &Asked) -> Outcome<Option<(Scope, Status)>> {
        self.unexpected()
    }

    async fn removal(&self, _: &Scope) -> Outcome<Option<Removal>> {
        self.unexpected()
    }

    async fn take_removal(
        &self,
        _: &Scope,
        _: &str,
        _: Timestamp,
        _: Timestamp,
    ) -> Outcome<Option<Removal>> {
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(None),
        }
    }

    async fn release_removal(&self, _: &Scope, _: &str) -> Outcome<()> {
        self.unexpected()
    }

    async fn note_removal(&self, _: &Scope, _: &str, _: &Removal) -> Outcome<()> {
        self.unexpected()
    }

    async fn drop_credentials(&self, _: &Scope) -> Outcome<()> {
        self.unexpected()
    }

    async fn leftovers(&self, _: &Scope, _: Part, _: usize) -> Outcome<Vec<Leftover>> {
        self.unexpected()
    }

    async fn discard(&self, _: &Scope, _: Part, _: &[Leftover]) -> Outcome<()> {
        self.unexpected()
    }

    async fn last_receipt(&self, _: &TenantId) -> Outcome<Option<ReceiptHead>> {
        self.unexpected()
    }

    async fn close_removal(
        &self,
        _: &str,
        _: &Removal,
        _: &SignedReceipt,
        _: Option<&ReceiptHead>,
        _: Timestamp,
    ) -> Outcome<bool> {
        self.unexpected()
    }

    async fn receipt(&self, _: &Scope) -> Outcome<Option<SignedReceipt>> {
        Ok(None)
    }

    async fn receipts(&self, _: &TenantId) -> Outcome<Vec<SignedReceipt>> {
        self.unexpected()
    }
}

/// A company database that nobody asks.
pub(crate) struct NoCompanies;

#[async_trait]
impl CompanyRows for NoCompanies {
    async fn companies(&self, _: &[CompanyId]) -> Outcome<Vec<Option<Company>>> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn load_companies(&self, _: &Version, _: &[Company]) -> Outcome<()> {
        Err(Fault::lasting("test.unexpected"))
    }
}

#[async_trait]
impl Companies for NoCompanies {
    async fn candidates(&self, _: &[MatchKey]) -> Outcome<Vec<Found>> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn published(&self) -> Outcome<Option<Version>> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn edition(&self) -> Outcome<Option<Edition>> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn accept_smaller(&self, _: &Version, _: u64) -> Outcome<bool> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn begin(&self, _: &Version) -> Outcome<()> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn load(&self, _: &Version, _: &[(MatchKey, Found)]) -> Outcome<()> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn publish(&self, _: &Version, _: u64) -> Outcome<()> {
        Err(Fault::lasting("test.unexpected"))
    }

    async fn discard(&self, _: &Version, _: usize) -> Outcome<bool> {
        Err(Fault::lasting("test.unexpected"))
    }
}
