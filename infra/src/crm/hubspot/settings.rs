//! The settings of the connector.

use domain::fault::{Code, CrmCode, Fault, Outcome};

use super::{
    super::client::{
        ClientSettings,
        deployed::{Deployed, OwnSetting, Users, Wanted, is_none},
    },
    pace::Limits,
    provider::{LEADS, LOGIN, READING, VENDOR},
};

const API_VERSION: &str = "API_VERSION";
const EXTERNAL_ID_PROPERTY: &str = "EXTERNAL_ID_PROPERTY";
const OPTIONAL_SCOPES: &str = "OPTIONAL_SCOPES";
const SCOPES: &str = "SCOPES";

/// What the operator sets for HubSpot.
pub static WANTED: Wanted = Wanted {
    vendor: &VENDOR,
    login_url: LOGIN,
    needs_secret: true,
    static_tokens: true,
    is_directory: None,
    environments: None,
    own: &[
        OwnSetting {
            name: API_VERSION,
            users: Users::All,
            fits: is_version,
            expected: "a year and a month, 2026-03, say",
        },
        OwnSetting {
            name: EXTERNAL_ID_PROPERTY,
            users: Users::Api,
            fits: |value| is_none(value) || is_property_name(value),
            expected: "none, or the name of a property: a-z, 0-9 and _, a letter first",
        },
        OwnSetting {
            name: OPTIONAL_SCOPES,
            users: Users::Api,
            fits: |value| is_none(value) || are_scopes(value),
            expected: "none, or scopes with blanks between them",
        },
        OwnSetting {
            name: SCOPES,
            users: Users::Api,
            fits: |value| are_scopes(value) && needed().all(|scope| has(value, scope)),
            expected: "scopes with blanks between them, among them those for reading: oauth and \
                       crm.objects.companies.read, .contacts.read and .deals.read",
        },
    ],
};

/// Settings of the connector. The defaults are meant for production.
#[derive(Clone, Debug)]
pub struct Options {
    /// The settings that every connector has.
    pub client: ClientSettings,
    /// The API's version in paths: a year and a month. From 2026-09 on an administrator's validation rules apply to writes by API.
    pub version: String,
    /// Records on a page of a search. HubSpot allows 200.
    pub search_page: u32,
    /// Records on a page of a list. HubSpot allows 100.
    pub list_page: u32,
    /// The most pages of the recycle bin that are read at once. A longer bin is not read, and all ids are compared instead.
    pub bin_pages: u32,
    /// The scopes without which a consent is of no use.
    pub scopes: Vec<String>,
    /// The scopes that an account without the product behind them leaves out.
    pub optional_scopes: Vec<String>,
    /// The property for our own id of a created record, used if the object has it as a unique one. If it is `None`, a lost
    /// answer is looked up by the properties that were sent.
    pub external_id_property: Option<String>,
    /// How fast requests may follow each other.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self::of(ClientSettings::default())
    }
}

impl Options {
    /// Returns the default settings, with those that every connector has.
    pub fn of(client: ClientSettings) -> Self {
        let version = "2026-03".to_owned();
        Self {
            client: ClientSettings {
                token_version: version.clone(),
                ..client
            },
            version,
            search_page: 200,
            list_page: 100,
            bin_pages: 200,
            scopes: needed().map(str::to_owned).collect(),
            optional_scopes: vec![LEADS.to_owned()],
            external_id_property: None,
            limits: Limits::of(client.is_awaited),
        }
    }

    /// Returns the settings of a deployment.
    pub fn deployed(deployed: Deployed) -> Self {
        let Deployed { client, own, .. } = deployed;
        let defaults = Self::of(client);
        let version = own.get(API_VERSION);
        let version = version.map_or(defaults.version, str::to_owned);
        let scopes = |name: &str| {
            let value = own.get(name)?;
            let scopes = value.split_whitespace().filter(|scope| !is_none(scope));
            Some(scopes.map(str::to_owned).collect())
        };
        Self {
            client: ClientSettings {
                token_version: version.clone(),
                ..defaults.client
            },
            version,
            scopes: scopes(SCOPES).unwrap_or(defaults.scopes),
            optional_scopes: scopes(OPTIONAL_SCOPES).unwrap_or(defaults.optional_scopes),
            external_id_property: own.name(EXTERNAL_ID_PROPERTY),
            ..defaults
        }
    }

    /// Refuses values that would be wrong in a path or a query.
    pub(super) fn check(&self) -> Outcome<()> {
        for version in [&self.version, &self.client.token_version] {
            if !is_version(version) {
                let fault = VENDOR.fault(CrmCode::ApiVersionMalformed);
                return Err(fault.with_detail("2026-03, say"));
            }
        }
        let fits = (1..=200).contains(&self.search_page) && (1..=100).contains(&self.list_page);
        if !fits {
            return Err(VENDOR.fault(CrmCode::PageSizeMalformed));
        }
        match &self.external_id_property {
            Some(name) if !is_property_name(name) => {
                Err(Fault::of(Code::FieldMalformed).with_detail("abgleich_id, say"))
            }
            _ => Ok(()),
        }
    }
}

fn is_version(version: &str) -> bool {
    version.len() == 7
        && version.bytes().enumerate().all(|(at, byte)| match at {
            4 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Returns the scopes without which nothing can be read.
fn needed() -> impl Iterator<Item = &'static str> {
    READING.into_iter().filter(|scope| *scope != LEADS)
}

fn has(scopes: &str, wanted: &str) -> bool {
    scopes.split_whitespace().any(|scope| scope == wanted)
}

/// Returns whether these could be names of scopes, with blanks between them.
fn are_scopes(text: &str) -> bool {
    let of_name =
        |byte: u8| b"._-".contains(&byte) || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 1_000
        && text.split_whitespace().next().is_some()
        && text
            .split_whitespace()
            .all(|scope| !is_none(scope) && scope.bytes().all(of_name))
}

/// Returns whether HubSpot could have a property of that name.
pub(super) fn is_property_name(name: &str) -> bool {
    let of_name = |byte: u8| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= 100
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(of_name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
