//! What the operator sets for a vendor. A vendor states it as data, so that one reader serves all vendors.

use std::collections::BTreeMap;

use domain::fault::{Code, Fault, Outcome};

use super::{
    settings::ClientSettings,
    vendor::{Hosts, Vendor},
};

/// What a vendor wants the operator to set.
pub struct Wanted {
    pub(in crate::crm) vendor: &'static Vendor,
    /// The URL at which tokens are fetched unless another one is named.
    pub login_url: &'static str,
    /// Whether the vendor gives every app a secret, and refuses the app without it.
    pub needs_secret: bool,
    /// Whether a customer can make a token for its own account that stays valid, so that no app is needed.
    pub static_tokens: bool,
    /// Returns whether a text may name a customer's directory at the login host, in which the app acts for itself by client
    /// credentials. `None` if integrations are not connected in that way.
    pub is_directory: Option<fn(&str) -> bool>,
    /// The hosts that an environment may have, if the environment is named before the connection.
    pub(in crate::crm) environments: Option<&'static Hosts>,
    /// The settings that only this vendor has.
    pub own: &'static [OwnSetting],
}

/// A setting that only one vendor has.
pub struct OwnSetting {
    /// Its name. The provider's name goes before it.
    pub name: &'static str,
    /// The functions that are given it.
    pub users: Users,
    /// Returns whether a value fits.
    pub fits: fn(&str) -> bool,
    /// Which values fit, for whoever gave another one.
    pub expected: &'static str,
}

/// The functions that use a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Users {
    /// Every function that speaks to the CRM.
    All,
    /// Only the function behind the API, which asks for consents and creates records.
    Api,
}

/// The values of a vendor's own settings, as far as the function is given them.
#[derive(Clone, Debug, Default)]
pub struct OwnValues(BTreeMap<&'static str, String>);

/// What the deployment says about one vendor.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// The settings that every connector has.
    pub client: ClientSettings,
    /// The number of records from which a CRM's bulk interface is used.
    pub bulk_threshold: u64,
    /// The vendor's own settings.
    pub own: OwnValues,
}

impl Wanted {
    /// Returns whether the app has to identify itself when a grant is revoked. If not, a function that revokes grants
    /// needs no client.
    pub fn revokes_by_client(&self) -> bool {
        let revoking = self.vendor.tokens.revoking.as_ref();
        revoking.is_some_and(|revoking| revoking.by_client)
    }

    /// Returns the origin of the environment that is connected, if the vendor wants one to be named.
    ///
    /// # Errors
    /// Returns [`Code::EnvironmentRefused`] without one, for a host that is not the vendor's, and for one that nobody wants.
    pub fn environment(&self, named: Option<&str>, loopback: bool) -> Outcome<Option<String>> {
        environment(self.environments, named, loopback)
            .map_err(|what| Fault::of(Code::EnvironmentRefused).with_detail(what))
    }
}

/// Returns the origin of a named environment, or what is wrong with it.
pub(in crate::crm) fn environment(
    hosts: Option<&Hosts>,
    named: Option<&str>,
    loopback: bool,
) -> Result<Option<String>, &'static str> {
    match (hosts, named) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err("this provider has none"),
        (Some(_), None) => Err("its URL is needed"),
        (Some(hosts), Some(named)) => {
            let origin = hosts.origin(named, loopback);
            let origin = origin.ok_or("not a host of the provider")?;
            Ok(Some(origin.as_str().trim_end_matches('/').to_owned()))
        }
    }
}

impl OwnValues {
    /// Reads values, each by its name.
    ///
    /// # Errors
    /// Returns the fault of the reader.
    pub fn read<'a>(
        settings: impl IntoIterator<Item = &'a OwnSetting>,
        read: impl Fn(&OwnSetting) -> Outcome<String>,
    ) -> Outcome<Self> {
        let values = settings.into_iter();
        let values = values.map(|setting| Ok((setting.name, read(setting)?)));
        values.collect::<Outcome<_>>().map(Self)
    }

    /// Returns a value. `None` if the function is not given that setting.
    pub(in crate::crm) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns the name that a setting has as its value. `None` also if the operator has said `none`.
    pub(in crate::crm) fn name(&self, name: &str) -> Option<String> {
        let value = self.get(name).filter(|value| !is_none(value));
        value.map(str::to_owned)
    }
}

/// Returns whether a setting says that there is nothing of the kind.
pub(in crate::crm) fn is_none(value: &str) -> bool {
    value == "none"
}
