//! A CRM in memory. A test controls it, and it has a clock of its own.
//!
//! | file | what |
//! | --- | --- |
//! | `records`, `reading`, `creating`, [`associations`] | what a test does to the CRM: records, what readers see, what creations do, parents beside records |
//! | [`org`], [`rows`], [`items`], [`people`] | the state of the CRM, its records as items, and which of them are people |
//! | [`abilities`], [`answers`], [`since`] | the answers to readers: abilities, counts, pages, tokens |
//! | [`drafts`], [`writing`], [`lookup`] | the answers to creations: checks, new records, lookups |
//! | [`session`], [`inspect`], [`query`], [`fields`] | the ports: one connector, which counts its requests |

mod abilities;
mod answers;
mod associations;
mod creating;
mod drafts;
mod fields;
mod inspect;
mod items;
mod lookup;
mod org;
mod people;
mod query;
mod reading;
mod records;
mod rows;
mod session;
mod since;
mod writing;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{
    fault::Fault,
    ports::{Allowed, ConnectCrm, Crm, Revoked},
    record::Object,
};
use jiff::{SignedDuration, Timestamp};

use self::{org::Org, session::Session};

/// The order of a window's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// By time of change and id. Each page says how far it reaches.
    Ordered,
    /// In no order, as a snapshot taken with the first page, under a token that the CRM may lose.
    Unordered,
    /// Like `Unordered`. In addition, a window begins where the last one ended, by a token of the CRM's own that may
    /// expire. All deletions are among the changes.
    Tracked,
}

/// A CRM in memory. Clones are the same CRM.
#[derive(Clone)]
pub struct MemoryCrm(Arc<Mutex<Org>>);

impl MemoryCrm {
    /// Makes an empty CRM at the time `clock` with pages of up to `page_size` records.
    pub fn new(clock: Timestamp, pages: Pages, page_size: usize) -> Self {
        Self(Arc::new(Mutex::new(Org::new(
            clock,
            pages,
            page_size.max(1),
        ))))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: SignedDuration) {
        let mut org = self.lock();
        org.clock = org.clock.checked_add(by).unwrap_or(Timestamp::MAX);
    }

    /// Returns the clock's time.
    pub fn now(&self) -> Timestamp {
        self.lock().clock
    }

    /// Revokes the grant, or makes it valid again.
    pub fn revoke(&self, revoked: bool) {
        self.lock().revoked = revoked;
    }

    /// Sets the id of the organisation. With `None` the CRM does not tell it.
    pub fn set_organisation(&self, id: Option<&str>) {
        self.lock().organisation = id.map(str::to_owned);
    }

    /// Sets the scopes of the grant. With `None` the CRM does not tell them.
    pub fn set_scopes(&self, scopes: Option<Allowed>) {
        self.lock().scopes = scopes;
    }

    /// Uses up the daily quota, or begins a new day.
    pub fn exhaust(&self, exhausted: bool) {
        self.lock().exhausted = exhausted;
    }

    /// Sets the daily quota, which is 100,000 at first. With 0 the CRM reports none.
    pub fn set_quota(&self, quota: u64) {
        self.lock().quota = quota;
    }

    /// Sets how many requests of the daily quota are used, by whomever.
    pub fn use_up(&self, used: u64) {
        self.lock().used = used;
    }

    /// Lets a method fail from now on, for one object or (`None`) for all. Without a fault it works again.
    pub fn fail(&self, method: &'static str, object: Option<Object>, fault: Option<Fault>) {
        let mut org = self.lock();
        org.faults
            .retain(|(of, at, _)| (*of, *at) != (method, object));
        org.faults
            .extend(fault.map(|fault| (method, object, fault)));
    }

    /// Lets the connector repeat the next request `n` times, as after a throttle, a server in trouble or an expired token.
    pub fn stumble(&self, n: u32) {
        self.lock().stumbles = u64::from(n);
    }

    /// Sets what revoking the grant achieves.
    pub fn revoke_as(&self, revoking: Revoked) {
        self.lock().revoking = revoking;
    }

    /// Makes all grants of the organisation one.
    pub fn share_grants(&self) {
        self.lock().shares_grants = true;
    }

    /// Returns how often all connectors together called a method.
    pub fn calls(&self, method: &str) -> u64 {
        self.lock().calls.get(method).copied().unwrap_or(0)
    }

    /// Returns how many requests all connectors together sent.
    pub fn requests(&self) -> u64 {
        self.lock().requests
    }

    /// Makes a new connector.
    pub fn session(&self) -> Arc<dyn Crm> {
        Arc::new(Session::new(self.clone()))
    }

    /// Returns the port that makes connectors, for any credentials.
    pub fn connect(&self) -> Arc<ConnectCrm> {
        let crm = self.clone();
        Arc::new(move |_| Ok(crm.session()))
    }

    fn lock(&self) -> MutexGuard<'_, Org> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
