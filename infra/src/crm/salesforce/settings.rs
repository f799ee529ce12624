//! The settings of the connector.

use std::time::Duration;

use domain::fault::{CrmCode, Outcome};

use super::provider::VENDOR;

use super::super::client::{
    ClientSettings,
    deployed::{Deployed, OwnSetting, Users, Wanted},
};

const BASIS_FIELD: &str = "BASIS_FIELD";
const EXTERNAL_ID_FIELD: &str = "EXTERNAL_ID_FIELD";

/// What the operator sets for Salesforce.
pub static WANTED: Wanted = Wanted {
    vendor: &VENDOR,
    login_url: "https://login.salesforce.com",
    needs_secret: false,
    static_tokens: false,
    is_directory: None,
    environments: None,
    own: &[
        OwnSetting {
            name: BASIS_FIELD,
            users: Users::Api,
            fits: is_field_name,
            expected: FIELD_NAME,
        },
        OwnSetting {
            name: EXTERNAL_ID_FIELD,
            users: Users::Api,
            fits: is_field_name,
            expected: FIELD_NAME,
        },
    ],
};

const FIELD_NAME: &str = "none, or the name of a field: A-Z, a-z, 0-9 and _, a letter first";

/// Settings of the connector. The defaults are meant for production.
#[derive(Clone, Debug)]
pub struct Options {
    /// The settings that every connector has.
    pub client: ClientSettings,
    /// The API's version as it appears in paths.
    pub api_version: String,
    /// The number of records from which a window is read by the Bulk API.
    pub bulk_threshold: u64,
    /// Records on a page of a bulk result. It is the size of a REST page. Two pages are in memory at a time, in several
    /// forms. With 5,000 records a slice came to 60 MiB and grew with the run. One request per 2,000 records is also
    /// what REST costs (November 2026).
    pub bulk_page: u32,
    /// Records on a page of a REST answer: 200 to 2,000, the bounds of `Sforce-Query-Options`.
    pub rest_page: u32,
    /// The field of Account and Lead with the VAT id. `None` means a field whose name says so.
    pub vat_field: Option<String>,
    /// The field of Account and Lead with register court and number. `None` means fields whose names say so.
    pub register_field: Option<String>,
    /// The field for our own id of a created record, used if the object has it as an external id. If it is `None`, a
    /// lost answer is looked up by the fields that were sent.
    pub external_id_field: Option<String>,
    /// The field for the legal basis of a created person, used if the object has it.
    pub basis_field: Option<String>,
    /// How to wait for a bulk job.
    pub poll: Poll,
}

/// How to wait for a bulk job. The wait grows by half each time.
#[derive(Clone, Debug)]
pub struct Poll {
    /// The first wait.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// The total wait of one call. After it the call returns an empty page, so that a slice can hand over.
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
    /// Returns the settings of a deployment.
    pub fn deployed(deployed: Deployed) -> Self {
        Self {
            client: deployed.client,
            bulk_threshold: deployed.bulk_threshold,
            external_id_field: deployed.own.name(EXTERNAL_ID_FIELD),
            basis_field: deployed.own.name(BASIS_FIELD),
            ..Self::default()
        }
    }

    /// Refuses values that would be wrong in a path or a header.
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

    /// Returns `/services/data/v64.0` followed by `rest`.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/services/data/{}{rest}", self.api_version)
    }
}

/// Returns whether Salesforce could have a field of that name, or the operator says `none`.
fn is_field_name(name: &str) -> bool {
    let of_name = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    name.len() <= 80
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(of_name)
}
