//! The state of a running simulator.

use std::sync::{Mutex, MutexGuard};

use bytes::Bytes;

use super::auth::Auth;
use super::config::Config;
use super::cursors::Cursors;
use super::fault::Fault;
use super::id::Id;
use super::jobs::Jobs;
use super::log::Log;
use super::org::Org;
use super::schema::Schema;
use crate::kit::fault::Faults;
pub(crate) use crate::kit::lock;
use crate::kit::state::Simulated;

/// The state that all requests share. Locks are taken one at a time, or in the order of the fields.
pub struct State {
    pub(crate) config: Config,
    pub(crate) url: String,
    /// The organisation's new host, if it has moved, and how its old host answers.
    pub(crate) moved: Mutex<Option<(String, Fault)>>,
    pub(crate) cursors: Mutex<Cursors>,
    pub(crate) jobs: Mutex<Jobs>,
    pub(crate) org: Mutex<Org>,
    pub(crate) auth: Mutex<Auth>,
    pub(crate) usage: Mutex<Usage>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) log: Mutex<Log>,
    /// The body of the last request that creates a collection, as it was sent.
    pub(crate) sent: Mutex<Bytes>,
}

impl State {
    pub(crate) fn new(config: Config, url: String) -> Self {
        let auth = Auth::new(&config);
        Self {
            cursors: Mutex::default(),
            jobs: Mutex::default(),
            org: Mutex::new(Org::new(auth.user, config.stamp_step, Schema::of(&config))),
            auth: Mutex::new(auth),
            usage: Mutex::new(Usage {
                used: 0,
                limit: config.daily_api_requests,
                per_app: config.per_app_limit.clone(),
            }),
            faults: Mutex::default(),
            log: Mutex::default(),
            sent: Mutex::default(),
            moved: Mutex::default(),
            config,
            url,
        }
    }

    /// Returns the host that tokens name.
    pub(crate) fn instance(&self) -> String {
        let moved = lock(&self.moved);
        moved
            .as_ref()
            .map_or_else(|| self.url.clone(), |(new, _)| new.clone())
    }

    /// Returns the answer to a request at this host if the organisation has moved to another one.
    pub(crate) fn at_old_host(&self, host: Option<&str>) -> Option<Fault> {
        let moved = lock(&self.moved);
        let (new, fault) = moved.as_ref()?;
        let is_new = host.is_some_and(|host| new.ends_with(&format!("//{host}")));
        (!is_new).then(|| fault.clone())
    }

    /// Returns the connected user.
    pub(crate) fn user(&self) -> Id {
        lock(&self.auth).user
    }

    /// Returns the organisation, after all due records were made visible.
    pub(crate) fn org(&self) -> MutexGuard<'_, Org> {
        let mut org = lock(&self.org);
        org.tick();
        org
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

/// The use of the daily request limit.
pub(crate) struct Usage {
    pub(crate) used: u64,
    pub(crate) limit: u64,
    pub(crate) per_app: Option<(String, u64)>,
}

impl Usage {
    /// Counts one request. Returns false if none is left.
    pub(crate) fn take(&mut self) -> bool {
        if self.used >= self.limit {
            return false;
        }
        self.used += 1;
        true
    }

    /// Returns the value of `Sforce-Limit-Info`.
    pub(crate) fn header(&self) -> String {
        let mut text = format!("api-usage={}/{}", self.used, self.limit);
        if let Some((app, limit)) = &self.per_app {
            text.push_str(&format!(
                "; per-app-api-usage={}/{limit}(appName={app})",
                self.used
            ));
        }
        text
    }
}
