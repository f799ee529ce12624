//! What the operator's command line reads.

use domain::fault::Outcome;

use super::{
    Getter,
    shared::{CrmSettings, KeyPlaces, Places},
    values::text,
};

/// What the operator's command line reads: no function, so in no list.
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
    /// How CRMs are spoken to.
    pub crm: CrmSettings,
}

impl Operator {
    /// Reads them.
    ///
    /// # Errors
    /// Permanent, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            places: Places::read(get)?,
            keys: KeyPlaces::read(get)?,
            companies: text(get, "TABLE_COMPANIES")?,
            bus: text(get, "EVENT_BUS")?,
            crm: CrmSettings::read(get)?,
        })
    }
}
