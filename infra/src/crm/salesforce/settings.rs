//! What of this connector can be set.

use std::time::Duration;

use domain::fault::{CrmCode, Outcome};

use super::provider::VENDOR;

use super::super::client::ClientSettings;

/// Settings of the connector. The defaults are meant for production.
#[derive(Clone, Debug)]
pub struct Options {
    /// What every connector has.
    pub client: ClientSettings,
    /// The API's version, as it stands in paths.
    pub api_version: String,
    /// From how many records on a window is read by the Bulk API.
    pub bulk_threshold: u64,
    /// Records on a page of a bulk result: as many as on a REST page. Two pages are in memory at a time, in several forms; with 5,000 a
    /// slice came to 60 MiB and grew with the run, and a request for each 2,000 records is what REST costs, too (November 2026).
    pub bulk_page: u32,
    /// Records on a page of a REST answer: 200 to 2,000, the bounds of `Sforce-Query-Options`.
    pub rest_page: u32,
    /// The Account and Lead field that holds the VAT id; none: one whose name says so.
    pub vat_field: Option<String>,
    /// The Account and Lead field that holds register court and number; none: those whose names say so.
    pub register_field: Option<String>,
    /// The field that our own id of a created record goes into, where an object has it as an external id; none: a lost
    /// answer is looked up by what was sent.
    pub external_id_field: Option<String>,
    /// The field that the legal basis of a created person goes into, where an object has it.
    pub basis_field: Option<String>,
    /// How a bulk job is waited for.
    pub poll: Poll,
}

/// How a bulk job is waited for: the wait grows by half each time.
#[derive(Clone, Debug)]
pub struct Poll {
    /// The first wait.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// How long one call waits in all; then it answers an empty page, so that a slice can hand over in between.
    pub total: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            client: ClientSettings::default(),
            api_version: "v64.0".to_owned(),
            bulk_threshold: 10_000,
            bulk_page: 2_000,
            rest_page: 2_000,
            vat_field: None,
            register_field: None,
            external_id_field: None,
            basis_field: None,
            poll: Poll {
                first: Duration::from_millis(500),
                longest: Duration::from_secs(10),
                total: Duration::from_secs(45),
            },
        }
    }
}

impl Options {
    /// Refuses what would end up in a path or a header in the wrong way.
    pub(super) fn check(&self) -> Outcome<()> {
        let digits = self
            .api_version
            .strip_prefix('v')
            .and_then(|rest| rest.strip_suffix(".0"));
        let version = digits.is_some_and(|digits| {
            matches!(digits.len(), 2..=3) && digits.bytes().all(|b| b.is_ascii_digit())
        });
        if !version {
            return Err(VENDOR
                .fault(CrmCode::ApiVersionMalformed)
                .with_detail("v64.0, say"));
        }
        if !(200..=2_000).contains(&self.rest_page) || self.bulk_page == 0 {
            return Err(VENDOR.fault(CrmCode::PageSizeMalformed));
        }
        Ok(())
    }

    /// `/services/data/v64.0` and what follows.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/services/data/{}{rest}", self.api_version)
    }
}
