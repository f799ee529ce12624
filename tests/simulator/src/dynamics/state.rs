//! The state of a running simulator.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use bytes::Bytes;

use super::auth::Auth;
use super::config::{Config, Limits};
use super::limits::Usage;
use super::org::Org;
use crate::kit::fault::Faults;
pub(crate) use crate::kit::lock;
use crate::kit::log::Log;
use crate::kit::state::Simulated;

/// The state that all requests share. Locks are taken one at a time, or in the order of the fields.
pub struct State {
    pub(crate) config: Config,
    pub(crate) url: String,
    pub(crate) org: Mutex<Org>,
    pub(crate) auth: Mutex<Auth>,
    pub(crate) limits: Mutex<Limits>,
    pub(crate) usage: Mutex<Usage>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) log: Mutex<Log>,
    /// The body of the last request that creates rows, as it was sent.
    pub(crate) sent: Mutex<Bytes>,
    answered: AtomicU64,
}

impl State {
    pub(crate) fn new(config: Config, url: String) -> Self {
        Self {
            auth: Mutex::new(Auth::new(&config, &url)),
            org: Mutex::new(Org::new(config.clone())),
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

    /// Returns the environment, after all due rows were made visible.
    pub(crate) fn org(&self) -> MutexGuard<'_, Org> {
        let mut org = lock(&self.org);
        org.tick();
        org
    }

    /// Returns the URL by which the environment calls itself.
    pub(crate) fn environment(&self) -> &str {
        self.config.environment.as_deref().unwrap_or(&self.url)
    }

    /// Returns the root of the API in links.
    pub(crate) fn root(&self) -> String {
        format!("{}/api/data/v9.2/", self.environment())
    }

    /// Returns the next id of an answer.
    pub(crate) fn request_id(&self) -> String {
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
