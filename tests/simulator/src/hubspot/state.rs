//! The state of a running simulator.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use bytes::Bytes;

use super::auth::Auth;
use super::config::{Config, Limits};
use super::limits::Usage;
use super::portal::Portal;
use crate::kit::fault::Faults;
pub(crate) use crate::kit::lock;
use crate::kit::log::Log;
use crate::kit::state::Simulated;

/// The state that all requests share. Locks are taken one at a time, or in the order of the fields.
pub struct State {
    pub(crate) config: Config,
    pub(crate) url: String,
    pub(crate) portal: Mutex<Portal>,
    pub(crate) auth: Mutex<Auth>,
    pub(crate) limits: Mutex<Limits>,
    pub(crate) usage: Mutex<Usage>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) log: Mutex<Log>,
    /// The body of the last request that creates records, as it was sent.
    pub(crate) sent: Mutex<Bytes>,
    answered: AtomicU64,
}

impl State {
    pub(crate) fn new(config: Config, url: String) -> Self {
        Self {
            portal: Mutex::new(Portal::new(config.clone())),
            auth: Mutex::new(Auth::new(&config)),
            limits: Mutex::new(config.limits),
            usage: Mutex::default(),
            faults: Mutex::default(),
            log: Mutex::default(),
            sent: Mutex::default(),
            answered: AtomicU64::new(0),
            config,
            url,
        }
    }

    /// Returns the account, after all due records were made visible.
    pub(crate) fn portal(&self) -> MutexGuard<'_, Portal> {
        let mut portal = lock(&self.portal);
        portal.tick();
        portal
    }

    /// Returns the next correlation id.
    pub(crate) fn correlation(&self) -> String {
        let n = self.answered.fetch_add(1, Ordering::Relaxed);
        format!("00000000-0000-4000-8000-{n:012x}")
    }
}

impl Simulated for State {
    fn url(&self) -> &str {
        &self.url
    }

    fn faults(&self) -> &Mutex<Faults> {
        &self.faults
    }

    fn log(&self) -> &Mutex<Log> {
        &self.log
    }

    fn sent(&self) -> &Mutex<Bytes> {
        &self.sent
    }
}
