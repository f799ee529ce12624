//! Tenants' allowances, and what they have used.

use async_trait::async_trait;
use domain::{
    allowance::{Allowance, Limit, Places, Rate, StoredAllowance},
    fault::Outcome,
    ports::{Allowances, Spending, Spent},
    tenant::TenantId,
};

use super::MemoryStore;

#[async_trait]
impl Allowances for MemoryStore {
    async fn allowance(&self, tenant: &TenantId) -> Outcome<StoredAllowance> {
        Ok(self
            .lock()
            .allowances
            .get(tenant)
            .cloned()
            .unwrap_or_default())
    }

    async fn set_allowance(&self, tenant: &TenantId, own: &Allowance) -> Outcome<()> {
        let mut rows = self.lock();
        let row = rows.allowances.entry(tenant.clone()).or_default();
        row.own = own.clone();
        row.rates.clear();
        Ok(())
    }

    async fn spend(&self, tenant: &TenantId, limit: Limit, what: &Spending<'_>) -> Outcome<Spent> {
        let mut rows = self.lock();
        let row = rows.allowances.entry(tenant.clone()).or_default();
        let rate = row
            .rates
            .get_mut(&limit)
            .filter(|rate| rate.window == what.window);
        match rate {
            Some(rate) if rate.last == what.id => Ok(Spent::Taken),
            Some(rate) if rate.left >= what.n => {
                rate.left -= what.n;
                what.id.clone_into(&mut rate.last);
                Ok(Spent::Taken)
            }
            _ => Ok(Spent::Not(row.clone())),
        }
    }

    async fn open_window(
        &self,
        tenant: &TenantId,
        limit: Limit,
        before: Option<&Rate>,
        rate: &Rate,
    ) -> Outcome<bool> {
        let mut rows = self.lock();
        let row = rows.allowances.entry(tenant.clone()).or_default();
        let is_that = row.rates.get(&limit).map(|rate| rate.window);
        if is_that != before.map(|rate| rate.window) {
            return Ok(false);
        }
        row.rates.insert(limit, rate.clone());
        Ok(true)
    }

    async fn put_places(
        &self,
        tenant: &TenantId,
        limit: Limit,
        before: &Places,
        after: &Places,
    ) -> Outcome<bool> {
        let mut rows = self.lock();
        let row = rows.allowances.entry(tenant.clone()).or_default();
        let places = row.places.entry(limit).or_default();
        if places != before {
            return Ok(false);
        }
        *places = after.clone();
        Ok(true)
    }
}
