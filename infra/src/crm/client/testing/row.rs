//! The row that holds a grant.

use std::sync::{Arc, Mutex};

use domain::{fault::Outcome, integration::Credentials, ports::Renewal};
use jiff::Timestamp;

/// The row that holds a grant.
pub(in crate::crm::client) struct Row {
    first: Credentials,
    kept: Mutex<Vec<Credentials>>,
    /// How often the lease for renewing was given back without a new grant.
    abandoned: Mutex<u32>,
}

impl Row {
    pub(in crate::crm::client) fn new(first: Credentials) -> Arc<Self> {
        Arc::new(Self {
            first,
            kept: Mutex::default(),
            abandoned: Mutex::default(),
        })
    }

    pub(in crate::crm::client) fn kept(&self) -> Vec<Credentials> {
        self.kept.lock().unwrap().clone()
    }

    pub(in crate::crm::client) fn abandoned(&self) -> u32 {
        *self.abandoned.lock().unwrap()
    }

    /// Returns the grant in the row.
    pub(in crate::crm::client) fn stored(&self) -> Credentials {
        self.kept().last().unwrap_or(&self.first).clone()
    }
}

#[async_trait::async_trait]
impl Renewal for Row {
    async fn begin(&self, _: Timestamp) -> Outcome<Option<Credentials>> {
        Ok(Some(self.stored()))
    }

    async fn keep(&self, credentials: Credentials) -> Outcome<()> {
        // As in the Ledger, only what is serialized is stored.
        let text = serde_json::to_string(&credentials).unwrap();
        let read = serde_json::from_str(&text).unwrap();
        self.kept.lock().unwrap().push(read);
        Ok(())
    }

    async fn abandon(&self) {
        *self.abandoned.lock().unwrap() += 1;
    }
}
