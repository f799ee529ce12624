//! Removals and receipts.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    integration::{Status, Which},
    ports::Removals,
    removal::{Asked, Leftover, Part, ReceiptHead, Removal, SignedReceipt},
    seal::Sealed,
    tenant::{Scope, TenantId},
};
use jiff::Timestamp;

use super::{
    MemoryStore,
    rows::{Rows, Underway},
};

#[async_trait]
impl Removals for MemoryStore {
    async fn begin_removal(
        &self,
        which: &Which,
        asked: &Asked,
    ) -> Outcome<Option<(Scope, Status)>> {
        Ok(self.lock().begin_removal(which, asked))
    }

    async fn removal(&self, scope: &Scope) -> Outcome<Option<Removal>> {
        let rows = self.lock();
        Ok(rows.removals.get(scope).map(|found| found.removal.clone()))
    }

    async fn take_removal(
        &self,
        scope: &Scope,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Removal>> {
        let mut rows = self.lock();
        let found = rows.removing(scope)?;
        let is_others = |(other, until): &(String, Timestamp)| other != holder && *until > now;
        if found.lease.as_ref().is_some_and(is_others) {
            return Ok(None);
        }
        found.lease = Some((holder.to_owned(), deadline));
        Ok(Some(found.removal.clone()))
    }

    async fn release_removal(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        if let Ok(found) = self.lock().removal_of(scope, holder) {
            found.lease = None;
        }
        Ok(())
    }

    async fn note_removal(&self, scope: &Scope, holder: &str, removal: &Removal) -> Outcome<()> {
        self.lock().removal_of(scope, holder)?.removal = removal.clone();
        Ok(())
    }

    async fn drop_credentials(&self, scope: &Scope) -> Outcome<()> {
        let mut rows = self.lock();
        rows.removing(scope)?;
        let place = (scope.tenant.clone(), scope.integration.clone());
        if let Some(integration) = rows.integrations.get_mut(&place) {
            integration.credentials = Sealed::from_stored(Vec::new());
            integration.settings = None;
        }
        Ok(())
    }

    async fn leftovers(&self, scope: &Scope, part: Part, most: usize) -> Outcome<Vec<Leftover>> {
        let mut found = Vec::new();
        self.lock().retain(scope, part, |what, key| {
            found.push(Leftover { what, key });
            true
        });
        found.truncate(most.min(self.page_size));
        Ok(found)
    }

    async fn discard(&self, scope: &Scope, part: Part, found: &[Leftover]) -> Outcome<()> {
        let keys: BTreeSet<&str> = found.iter().map(|found| found.key.as_str()).collect();
        let stays = |_, key: String| !keys.contains(key.as_str());
        self.lock().retain(scope, part, stays);
        Ok(())
    }

    async fn last_receipt(&self, tenant: &TenantId) -> Outcome<Option<ReceiptHead>> {
        Ok(self.lock().last_receipt(tenant))
    }

    async fn close_removal(
        &self,
        holder: &str,
        removal: &Removal,
        receipt: &SignedReceipt,
        previous: Option<&ReceiptHead>,
        now: Timestamp,
    ) -> Outcome<bool> {
        let mut rows = self.lock();
        let scope = &receipt.scope;
        let is_last = rows.last_receipt(&scope.tenant).as_ref() == previous;
        let underway = rows.removal_of(scope, holder)?;
        if !is_last {
            return Ok(false);
        }
        *underway = Underway {
            removal: removal.clone(),
            lease: None,
        };
        let place = (scope.tenant.clone(), scope.integration.clone());
        if let Some(integration) = rows.integrations.get_mut(&place) {
            integration.status = Status::Removed;
            integration.lease = None;
            integration.open_run = None;
        }
        rows.note_change(scope, now, &removal.asked.by, "removal_done");
        rows.receipts.insert(scope.clone(), receipt.clone());
        Ok(true)
    }

    async fn receipt(&self, scope: &Scope) -> Outcome<Option<SignedReceipt>> {
        Ok(self.lock().receipts.get(scope).cloned())
    }

    async fn receipts(&self, tenant: &TenantId) -> Outcome<Vec<SignedReceipt>> {
        let rows = self.lock();
        let of_tenant = rows.receipts.values();
        let mut found: Vec<SignedReceipt> = of_tenant
            .filter(|receipt| receipt.scope.tenant == *tenant)
            .cloned()
            .collect();
        found.sort_by_key(|receipt| receipt.number);
        Ok(found)
    }
}

impl Rows {
    fn begin_removal(&mut self, which: &Which, asked: &Asked) -> Option<(Scope, Status)> {
        let place = (which.tenant.clone(), which.integration.clone());
        let integration = self.integrations.get_mut(&place)?;
        let scope = integration.scope.clone();
        if matches!(
            integration.status,
            Status::Connected | Status::NeedsReconnect
        ) {
            integration.status = Status::Removing;
            integration.due = asked.at;
            integration.open_run = None;
            integration.standstill = None;
            integration.untold.clear();
            let underway = Underway {
                removal: Removal::begin(asked.clone()),
                lease: None,
            };
            let status = integration.status;
            self.removals.insert(scope.clone(), underway);
            self.note_change(&scope, asked.at, &asked.by, "removal_asked");
            return Some((scope, status));
        }
        Some((scope, integration.status))
    }

    /// Returns the removal if the integration is being removed in this generation.
    fn removing(&mut self, scope: &Scope) -> Outcome<&mut Underway> {
        let integration = self
            .integrations
            .get(&(scope.tenant.clone(), scope.integration.clone()));
        let is_removing = integration
            .is_some_and(|found| found.status == Status::Removing && found.scope == *scope);
        self.removals
            .get_mut(scope)
            .filter(|_| is_removing)
            .ok_or_else(|| Fault::of(Code::RemovalNotUnderWay))
    }

    /// Returns the removal if it is under way and leased to `holder`.
    fn removal_of(&mut self, scope: &Scope, holder: &str) -> Outcome<&mut Underway> {
        let found = self.removing(scope)?;
        let is_ours = found
            .lease
            .as_ref()
            .is_some_and(|(there, _)| there == holder);
        if is_ours {
            Ok(found)
        } else {
            Err(Fault::of(Code::RemovalLeaseLost))
        }
    }

    fn last_receipt(&self, tenant: &TenantId) -> Option<ReceiptHead> {
        self.receipts
            .values()
            .filter(|receipt| receipt.scope.tenant == *tenant)
            .max_by_key(|receipt| receipt.number)
            .map(SignedReceipt::head)
    }
}
