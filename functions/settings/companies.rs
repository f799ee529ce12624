//! What companies reads.

use domain::fault::Outcome;

use super::{Getter, values::text};

/// What companies reads.
#[derive(Clone, Debug)]
pub struct Companies {
    /// Table Companies.
    pub companies: String,
    /// The bucket for reference data.
    pub reference: String,
}

impl Companies {
    /// The names of its settings.
    pub const NAMES: &'static [&'static str] =
        &["BUCKET_REFERENCE", "LOG_LEVEL", "TABLE_COMPANIES"];

    /// Reads them.
    ///
    /// # Errors
    /// Lasting, naming the setting that is missing or malformed.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            companies: text(get, "TABLE_COMPANIES")?,
            reference: text(get, "BUCKET_REFERENCE")?,
        })
    }
}
