//! Settings that several functions read.

use domain::fault::Outcome;
use jiff::SignedDuration;

use super::{
    Getter, together,
    values::{number, text, yes_or_no},
};

/// The places of the Ledger, the Copies and the pages.
#[derive(Clone, Debug)]
pub struct Places {
    /// Table Ledger.
    pub ledger: String,
    /// Table Copies.
    pub copies: String,
    /// Bucket Pages.
    pub pages: String,
}

/// The places of wrapped keys, and the KMS key that wraps them.
#[derive(Clone, Debug)]
pub struct KeyPlaces {
    /// Table Keys.
    pub table: String,
    /// Table TenantKeys.
    pub tenant_table: String,
    /// The KMS key.
    pub kms_key: String,
}

/// How to connect to a CRM.
#[derive(Clone, Debug)]
pub struct CrmSettings {
    /// The number of records of an object above which the CRM's bulk interface is used.
    pub bulk_threshold: u64,
    /// Whether a CRM on this machine may be connected without TLS. Only a simulator needs it. It is never set in production.
    pub loopback: bool,
}

impl Places {
    /// Reads `TABLE_LEDGER`, `TABLE_COPIES` and `BUCKET_PAGES`.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing setting.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            ledger: text(get, "TABLE_LEDGER")?,
            copies: text(get, "TABLE_COPIES")?,
            pages: text(get, "BUCKET_PAGES")?,
        })
    }
}

impl KeyPlaces {
    /// Reads `TABLE_KEYS`, `TABLE_TENANT_KEYS` and `KMS_KEY`.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing setting.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            table: text(get, "TABLE_KEYS")?,
            tenant_table: text(get, "TABLE_TENANT_KEYS")?,
            kms_key: text(get, "KMS_KEY")?,
        })
    }
}

impl CrmSettings {
    /// Reads `SYNC_BULK_THRESHOLD` and `CRM_LOOPBACK`.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting, or the settings that contradict each other.
    pub fn read(get: &Getter<'_>) -> Outcome<Self> {
        Ok(Self {
            bulk_threshold: number(get, "SYNC_BULK_THRESHOLD", 0, u64::MAX)?,
            loopback: loopback(get)?,
        })
    }
}

/// Reads whether a CRM on this machine may be connected.
pub(super) fn loopback(get: &Getter<'_>) -> Outcome<bool> {
    let loopback = yes_or_no(get, "CRM_LOOPBACK")?;
    if loopback {
        together::loopback(get)?;
    }
    Ok(loopback)
}

pub(super) fn settle(get: &Getter<'_>) -> Outcome<SignedDuration> {
    let settle = number(get, "REMOVAL_SETTLE_SECONDS", 0, 3_600).map(SignedDuration::from_secs)?;
    together::removal(settle, loopback(get)?)?;
    Ok(settle)
}

pub(super) fn deletes_per_second(get: &Getter<'_>) -> Outcome<u32> {
    number(get, "REMOVAL_DELETES_PER_SECOND", 1, 100_000)
}
