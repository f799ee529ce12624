//! The settings of companies.

use domain::fault::Outcome;

use super::{
    Getter,
    values::{number, text},
};

/// The settings of companies.
#[derive(Clone, Debug)]
pub struct Companies {
    /// Table Companies.
    pub companies: String,
    /// The bucket for reference data.
    pub reference: String,
    /// The event bus.
    pub bus: String,
    /// By how many percent an edition may be smaller than the one before. With 100 it may be of any size.
    pub max_shrink_percent: u64,
}

impl Companies {
    /// The names of these settings.
    pub const NAMES: &'static [&'static str] = &[
        "BUCKET_REFERENCE",
        "COMPANIES_MAX_SHRINK_PERCENT",
        "EVENT_BUS",
        "LOG_LEVEL",
        "TABLE_COMPANIES",
    ];

    /// Reads the settings.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            companies: text(get, "TABLE_COMPANIES")?,
            reference: text(get, "BUCKET_REFERENCE")?,
            bus: text(get, "EVENT_BUS")?,
            max_shrink_percent: number(get, "COMPANIES_MAX_SHRINK_PERCENT", 0, 100)?,
        })
    }
}
