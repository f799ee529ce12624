//! A tenant's allowance, and what it has used of it.

use jiff::Timestamp;

use crate::{
    allowance::{Allowance, Limit, Places, Rate, StoredAllowance},
    fault::Outcome,
    tenant::TenantId,
};

/// One row of Ledger for each tenant. Every write is one conditional write of that row, so that of several callers at once no two
/// get the same. Windows and places end by their times, so nothing has to sweep them.
#[port::port]
pub trait Allowances: Send + Sync {
    /// Returns what is stored about a tenant. The read is consistent.
    async fn allowance(&self, tenant: &TenantId) -> Outcome<StoredAllowance>;

    /// Replaces the tenant's own numbers, and begins all windows anew.
    async fn set_allowance(&self, tenant: &TenantId, own: &Allowance) -> Outcome<()>;

    /// Takes something from a rate, if the window is open and enough is left in it. A caller that lost the answer and calls again
    /// with the same id is told that it is taken, unless somebody else took something in between.
    async fn spend(&self, tenant: &TenantId, limit: Limit, what: &Spending<'_>) -> Outcome<Spent>;

    /// Opens a window in place of the stored one, which `before` has (`None`: there is none). Returns whether it did. A caller that
    /// lost the answer may get false, and finds its id with [`Self::spend`].
    async fn open_window(
        &self,
        tenant: &TenantId,
        limit: Limit,
        before: Option<&Rate>,
        rate: &Rate,
    ) -> Outcome<bool>;

    /// Replaces the places of a limit if they still are `before`. Returns whether it did. A caller that lost the answer may get
    /// false, and finds its place in the row.
    async fn put_places(
        &self,
        tenant: &TenantId,
        limit: Limit,
        before: &Places,
        after: &Places,
    ) -> Outcome<bool>;
}

/// What is taken from a rate.
#[derive(Clone, Copy, Debug)]
pub struct Spending<'a> {
    /// The beginning of the window.
    pub window: Timestamp,
    /// How much.
    pub n: u32,
    /// An id of what it is for: of a run, say.
    pub id: &'a str,
}

/// Whether something was taken from a rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It is taken.
    Taken,
    /// Too little is left, or another window is stored. This is the row.
    Not(StoredAllowance),
}
