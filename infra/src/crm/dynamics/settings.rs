//! The settings of the connector.

use domain::fault::{CrmCode, Outcome};

use super::{
    super::client::{
        ClientSettings,
        deployed::{Deployed, OwnSetting, Users, Wanted, is_none},
    },
    hosts::ENVIRONMENTS,
    names::is_name,
    provider::{LOGIN, VENDOR, is_directory},
};

const API_VERSION: &str = "API_VERSION";
const BASIS_COLUMN: &str = "BASIS_COLUMN";

/// What the operator sets for Dynamics.
pub static WANTED: Wanted = Wanted {
    vendor: &VENDOR,
    login_url: LOGIN,
    needs_secret: true,
    static_tokens: false,
    is_directory: Some(is_directory),
    environments: Some(&ENVIRONMENTS),
    own: &[
        OwnSetting {
            name: API_VERSION,
            users: Users::All,
            fits: is_version,
            expected: "v and a number with one decimal, v9.2, say",
        },
        OwnSetting {
            name: BASIS_COLUMN,
            users: Users::Api,
            fits: |value| is_none(value) || is_name(value),
            expected: "none, or the logical name of a column: a-z, 0-9 and _",
        },
    ],
};

/// Settings of the connector. The defaults are meant for production.
#[derive(Clone, Debug)]
pub struct Options {
    /// The settings that every connector has.
    pub client: ClientSettings,
    /// The API's version in paths.
    pub version: String,
    /// Records on a page. Dataverse gives up to 5,000. Two pages are in memory at a time, in several forms.
    pub page: u32,
    /// Ids on a page.
    pub id_page: u32,
    /// The column for the legal basis of a created person, used if the table has it. If it is `None`, a note beside the record
    /// has the basis.
    pub basis_column: Option<String>,
    /// Creations under way at a time. Dataverse takes 52 requests of one user.
    pub at_once: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self::of(ClientSettings::default())
    }
}

impl Options {
    /// Returns the default settings, with those that every connector has.
    pub fn of(client: ClientSettings) -> Self {
        Self {
            client,
            version: "v9.2".to_owned(),
            page: 2_000,
            id_page: 5_000,
            basis_column: None,
            at_once: 8,
        }
    }

    /// Returns the settings of a deployment.
    pub fn deployed(deployed: Deployed) -> Self {
        let Deployed { client, own, .. } = deployed;
        let defaults = Self::of(client);
        let version = own.get(API_VERSION).map(str::to_owned);
        Self {
            version: version.unwrap_or(defaults.version),
            basis_column: own.name(BASIS_COLUMN),
            ..defaults
        }
    }

    /// Refuses values that would be wrong in a path or a header.
    pub(super) fn check(&self) -> Outcome<()> {
        if !is_version(&self.version) {
            let fault = VENDOR.fault(CrmCode::ApiVersionMalformed);
            return Err(fault.with_detail("v9.2, say"));
        }
        let fits = |size| (1..=5_000).contains(&size);
        if !fits(self.page) || !fits(self.id_page) || self.at_once == 0 {
            return Err(VENDOR.fault(CrmCode::PageSizeMalformed));
        }
        Ok(())
    }

    /// Returns `/api/data/v9.2/` followed by `rest`.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/api/data/{}/{rest}", self.version)
    }
}

fn is_version(version: &str) -> bool {
    let digits = |text: &str| {
        (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts = version
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(major, minor)| digits(major) && digits(minor))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_part_of_paths_and_nothing_else() {
        assert_eq!(
            Options::default().path("accounts"),
            "/api/data/v9.2/accounts"
        );
        for version in ["", "9.2", "v9", "v9.2/x", "v9.", "v../x", "v999.2"] {
            let options = Options {
                version: version.to_owned(),
                ..Options::default()
            };
            let fault = options.check().unwrap_err();
            assert_eq!(fault.crm_code(), Some(&CrmCode::ApiVersionMalformed));
        }
    }
}
