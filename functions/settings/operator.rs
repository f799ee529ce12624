//! The settings of the operator's command line.

use std::sync::Arc;

use domain::{fault::Outcome, seal::CallerKey};
use jiff::SignedDuration;

use super::{
    Getter,
    shared::{CrmSettings, KeyPlaces, Places, settle},
    values::{caller_key, text},
};

/// The settings of the operator's command line. It is no deployed function, so [`ALL`](super::ALL) does not list them.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The tables and the bucket.
    pub places: Places,
    /// The keys.
    pub keys: KeyPlaces,
    /// Table Companies.
    pub companies: String,
    /// The event bus.
    pub bus: String,
    /// The KMS key that signs receipts. Only `offboard` needs it.
    pub receipt_key: Option<String>,
    /// The key of the hash by which the receipt names who ended a tenant. Only `offboard` needs it, when it is confirmed.
    pub caller_key: Option<Arc<CallerKey>>,
    /// How long the end of a tenant waits for requests that were served before, if it is stated.
    pub settle: Option<SignedDuration>,
    /// How to connect to CRMs.
    pub crm: CrmSettings,
}

impl Operator {
    /// Reads the settings.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            companies: text(get, "TABLE_COMPANIES")?,
            bus: text(get, "EVENT_BUS")?,
            receipt_key: get("KMS_RECEIPT_KEY").filter(|key| !key.is_empty()),
            caller_key: get("CALLER_SECRET")
                .filter(|secret| !secret.is_empty())
                .map(|secret| caller_key(&secret))
                .transpose()?,
            settle: get("REMOVAL_SETTLE_SECONDS")
                .map(|_| settle(get))
                .transpose()?,
            crm: CrmSettings::read(get)?,
        })
    }
}
