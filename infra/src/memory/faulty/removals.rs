use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::{Status, Which},
    ports::Removals,
    record::Object,
    removal::{Asked, Leftover, Part, ReceiptHead, Removal, SignedReceipt},
    tenant::{Scope, TenantId},
};
use jiff::Timestamp;

use super::store::FaultyStore;

#[async_trait]
impl Removals for FaultyStore {
    async fn begin_removal(
        &self,
        which: &Which,
        asked: &Asked,
    ) -> Outcome<Option<(Scope, Status)>> {
        let work = self.inner.begin_removal(which, asked);
        self.faults.call("begin_removal", work).await
    }

    async fn removal(&self, scope: &Scope) -> Outcome<Option<Removal>> {
        let work = self.inner.removal(scope);
        self.faults.call("removal", work).await
    }

    async fn take_removal(
        &self,
        scope: &Scope,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Removal>> {
        let work = self.inner.take_removal(scope, holder, deadline, now);
        self.faults.call("take_removal", work).await
    }

    async fn release_removal(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let work = self.inner.release_removal(scope, holder);
        self.faults.call("release_removal", work).await
    }

    async fn note_removal(&self, scope: &Scope, holder: &str, removal: &Removal) -> Outcome<()> {
        let work = self.inner.note_removal(scope, holder, removal);
        self.faults.call("note_removal", work).await
    }

    async fn drop_credentials(&self, scope: &Scope) -> Outcome<()> {
        let work = self.inner.drop_credentials(scope);
        self.faults.call("drop_credentials", work).await
    }

    async fn leftovers(&self, scope: &Scope, part: Part, most: usize) -> Outcome<Vec<Leftover>> {
        let work = self.inner.leftovers(scope, part, most);
        let at_gate = match part {
            Part::Copies(Object::Account) => "leftovers of accounts",
            Part::Copies(_) => "leftovers of other copies",
            Part::Exports => "leftovers of exports",
            Part::Pages => "leftovers of pages",
            Part::Ledger => "leftovers of ledger",
            Part::Keys => "leftovers of keys",
        };
        self.faults.call_at("leftovers", at_gate, work).await
    }

    async fn discard(&self, scope: &Scope, part: Part, found: &[Leftover]) -> Outcome<()> {
        let work = self.inner.discard(scope, part, found);
        let at_gate = match part {
            Part::Copies(Object::Account) => "discard accounts",
            Part::Copies(_) => "discard other copies",
            Part::Exports => "discard exports",
            Part::Pages => "discard pages",
            Part::Ledger => "discard ledger",
            Part::Keys => "discard keys",
        };
        self.faults.call_at("discard", at_gate, work).await
    }

    async fn last_receipt(&self, tenant: &TenantId) -> Outcome<Option<ReceiptHead>> {
        let work = self.inner.last_receipt(tenant);
        self.faults.call("last_receipt", work).await
    }

    async fn close_removal(
        &self,
        holder: &str,
        removal: &Removal,
        receipt: &SignedReceipt,
        previous: Option<&ReceiptHead>,
        now: Timestamp,
    ) -> Outcome<bool> {
        let work = self
            .inner
            .close_removal(holder, removal, receipt, previous, now);
        self.faults.call("close_removal", work).await
    }

    async fn receipt(&self, scope: &Scope) -> Outcome<Option<SignedReceipt>> {
        let work = self.inner.receipt(scope);
        self.faults.call("receipt", work).await
    }

    async fn receipts(&self, tenant: &TenantId) -> Outcome<Vec<SignedReceipt>> {
        let work = self.inner.receipts(tenant);
        self.faults.call("receipts", work).await
    }
}
