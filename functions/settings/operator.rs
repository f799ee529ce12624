//! The settings of the operator's command line.

use domain::fault::Outcome;
use jiff::SignedDuration;

use super::{
    Getter,
    shared::{CrmSettings, KeyPlaces, Places, settle},
    values::text,
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
            settle: get("REMOVAL_SETTLE_SECONDS")
                .map(|_| settle(get))
                .transpose()?,
            crm: CrmSettings::read(get)?,
        })
    }
}
