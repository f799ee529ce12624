//! The operator's apps at the CRMs. Their secrets stay in the settings and are sealed into no grant, so that they can be
//! rotated. While a CRM may know either client, the current one is tried first and then the previous one.
//!
//! One reader serves all providers. A setting's name is the provider's in capitals, and then one of those here or of the
//! vendor's own ([`infra::crm::wanted`]). So another CRM changes nothing in this folder.

use std::collections::BTreeMap;

use domain::{fault::Outcome, integration::Provider};
use infra::crm::{
    client::{
        Client,
        deployed::{OwnSetting, OwnValues, Users},
    },
    wanted,
};

use super::{
    Getter, shared, together,
    values::{malformed, text},
};

const CLIENT_ID: &str = "CLIENT_ID";
const CLIENT_SECRET: &str = "CLIENT_SECRET";
const PREVIOUS_CLIENT_ID: &str = "PREVIOUS_CLIENT_ID";
const PREVIOUS_CLIENT_SECRET: &str = "PREVIOUS_CLIENT_SECRET";
const LOGIN_URLS: &str = "LOGIN_URLS";
/// All settings about an app's clients.
const CLIENTS: [&str; 4] = [
    CLIENT_ID,
    CLIENT_SECRET,
    PREVIOUS_CLIENT_ID,
    PREVIOUS_CLIENT_SECRET,
];
/// The page to which consents return. It is the same for all providers.
const REDIRECT_URL: &str = "OAUTH_REDIRECT_URL";

/// What a function does at CRMs. It is given no setting that it does not need for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Nothing.
    Nothing,
    /// It reads records.
    Reads,
    /// It revokes grants.
    Revokes,
    /// It asks for consents, reads and creates records, and revokes grants.
    Answers,
}

/// What the settings say about one provider.
#[derive(Clone, Debug, Default)]
pub struct AppSettings {
    /// The app's clients: the current one, then the previous one if there is one. Without an app there is none.
    pub clients: Vec<Client>,
    /// The URLs at which a login may begin, the default first. Only a function that asks for consents is given them.
    pub login_urls: Vec<String>,
    /// The settings that only this vendor has.
    pub own: OwnValues,
}

/// What the settings say about all providers.
#[derive(Clone, Debug, Default)]
pub struct AppsSettings {
    /// By provider.
    pub of: BTreeMap<Provider, AppSettings>,
    /// The URL to which consents return. Only a function that asks for consents is given it.
    pub redirect_url: Option<String>,
}

impl Work {
    /// Returns whether the function is given the clients of a provider's app.
    fn needs_clients(self, provider: Provider) -> bool {
        match self {
            Self::Nothing => false,
            Self::Reads | Self::Answers => true,
            Self::Revokes => wanted(provider).revokes_by_client(),
        }
    }

    /// Returns the vendor's own settings that the function is given.
    fn own(self, provider: Provider) -> impl Iterator<Item = &'static OwnSetting> {
        let own = wanted(provider).own.iter();
        own.filter(move |setting| match self {
            Self::Nothing => false,
            Self::Reads | Self::Revokes => setting.users == Users::All,
            Self::Answers => true,
        })
    }

    /// Returns the names of the settings that the function is given.
    pub fn names(self) -> Vec<String> {
        let of = |provider| {
            let clients: &[&str] = match self.needs_clients(provider) {
                true => &CLIENTS,
                false => &[],
            };
            let login = (self == Self::Answers).then_some(LOGIN_URLS);
            let own = self.own(provider).map(|setting| setting.name);
            let names = clients.iter().copied().chain(login).chain(own);
            names.map(move |name| named(provider, name))
        };
        let redirect = (self == Self::Answers).then(|| REDIRECT_URL.to_owned());
        Provider::ALL
            .into_iter()
            .flat_map(of)
            .chain(redirect)
            .collect()
    }
}

impl AppsSettings {
    /// Reads the settings that a function needs for its work.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed setting, or the settings that contradict each other.
    pub fn read(get: &Getter<'_>, work: Work) -> Outcome<Self> {
        let asks = work == Work::Answers;
        let apps = Self {
            of: Provider::ALL
                .into_iter()
                .map(|provider| Ok((provider, AppSettings::read(get, provider, work)?)))
                .collect::<Outcome<_>>()?,
            redirect_url: asks.then(|| text(get, REDIRECT_URL)).transpose()?,
        };
        for (provider, app) in &apps.of {
            if work.needs_clients(*provider) {
                together::app(
                    &prefix(*provider),
                    text(get, &named(*provider, CLIENT_ID))? != "none",
                    text(get, &named(*provider, CLIENT_SECRET))? != "none",
                    wanted(*provider).needs_secret,
                )?;
            }
            if let Some(redirect_url) = apps
                .redirect_url
                .as_ref()
                .filter(|_| !app.clients.is_empty())
            {
                let loopback = shared::loopback(get)?;
                together::consents(&prefix(*provider), &app.login_urls, redirect_url, loopback)?;
            }
        }
        Ok(apps)
    }
}

impl AppSettings {
    fn read(get: &Getter<'_>, provider: Provider, work: Work) -> Outcome<Self> {
        let clients = match work.needs_clients(provider) {
            true => clients(get, provider)?,
            false => Vec::new(),
        };
        let login_urls = match work {
            Work::Answers => text(get, &named(provider, LOGIN_URLS))?,
            _ => String::new(),
        };
        let urls = login_urls.split(',').map(str::trim);
        Ok(Self {
            clients,
            login_urls: urls
                .filter(|url| !url.is_empty())
                .map(str::to_owned)
                .collect(),
            own: OwnValues::read(work.own(provider), |setting| {
                let name = named(provider, setting.name);
                let value = text(get, &name)?;
                match (setting.fits)(&value) {
                    true => Ok(value),
                    false => Err(malformed(&name, setting.expected)),
                }
            })?,
        })
    }
}

/// Returns the beginning of the names of a provider's settings.
pub(crate) fn prefix(provider: Provider) -> String {
    provider.name().to_ascii_uppercase().replace('-', "_")
}

/// Returns the name of a provider's setting.
pub(crate) fn named(provider: Provider, name: &str) -> String {
    format!("{}_{name}", prefix(provider))
}

/// Reads an app's clients. A client id of `none` means that there is no app. A previous secret without a previous id
/// means that only the secret was rotated.
fn clients(get: &Getter<'_>, provider: Provider) -> Outcome<Vec<Client>> {
    let optional = |name| {
        let value = text(get, &named(provider, name));
        value.map(|value| Some(value).filter(|value| value != "none"))
    };
    let id = optional(CLIENT_ID)?;
    let secret = optional(CLIENT_SECRET)?;
    let previous_id = optional(PREVIOUS_CLIENT_ID)?;
    let previous_secret = optional(PREVIOUS_CLIENT_SECRET)?;
    let Some(id) = id else {
        return Ok(Vec::new());
    };
    let has_previous = previous_id.is_some() || previous_secret.is_some();
    let previous = has_previous.then(|| Client {
        id: previous_id.unwrap_or_else(|| id.clone()),
        secret: previous_secret,
    });
    let current = Client { id, secret };
    let previous = previous.filter(|previous| *previous != current);
    Ok([current].into_iter().chain(previous).collect())
}

#[cfg(test)]
#[path = "app_tests.rs"]
#[allow(clippy::unwrap_used)]
mod tests;
