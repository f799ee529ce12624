//! Consents to the operator's app, and how a consent becomes a grant. The differences between vendors are data.
//!
//! | file | what |
//! | --- | --- |
//! | `hosts` | the login and the environment that an administrator may name |
//! | `page` | the page at which a user consents |
//! | `exchange` | the code that comes back, exchanged for a grant |

mod exchange;
mod hosts;
mod page;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::borrow::Cow;

use domain::{
    fault::{Code, Fault, Outcome},
    ports::Granting,
};
use url::Url;

pub(in crate::crm) use self::page::Page;
use super::{
    settings::{Client, ClientSettings},
    vendor::{Hosts, Vendor},
};

/// Where a vendor's users consent, and to what.
pub(in crate::crm) struct Consents {
    /// The page: a path at the login host, or a whole address.
    pub(in crate::crm) page: Page,
    /// The scope that the app asks for, in an environment if the vendor has those. `None` if the scope is set where the
    /// app is registered, or in the deployment ([`Scopes`]).
    pub(in crate::crm) scope: fn(Option<&str>) -> Option<Cow<'static, str>>,
    /// Domains under which customers have login hosts of their own, in addition to those that the operator lists.
    pub(in crate::crm) own_logins: &'static [&'static str],
    /// The hosts of environments, if a consent is for one environment, which the administrator names. `None` if the
    /// vendor's tokens tell the API's host, or if there is only one.
    pub(in crate::crm) environments: Option<Hosts>,
}

/// The scopes that the operator has set for a vendor.
pub(in crate::crm) struct Scopes {
    /// The scopes without which there is no grant.
    pub(in crate::crm) required: String,
    /// The scopes that an organisation may leave out, because it lacks what they are for. It may be empty.
    pub(in crate::crm) optional: String,
}

/// The operator's app, as registered at a vendor.
#[derive(Clone)]
pub struct App {
    /// The app's clients: the current one, and the previous one while the secret is rotated.
    pub clients: Vec<Client>,
    /// The URL to which consents return: a page of the operator's frontend.
    pub redirect_url: String,
    /// The URLs at which logins may begin. The first one is the default.
    pub login_urls: Vec<String>,
}

/// The operator's app at one vendor, if there is one.
pub struct VendorApp {
    vendor: &'static Vendor,
    consents: &'static Consents,
    granting: Granting,
    app: Option<App>,
    scopes: Option<Scopes>,
    settings: ClientSettings,
}

impl App {
    fn current(&self) -> Outcome<&Client> {
        let current = self.clients.first();
        current.ok_or_else(|| Fault::of(Code::ProviderNotSetUp))
    }
}

impl VendorApp {
    /// Stores the app. It sends no request.
    pub(in crate::crm) fn new(
        vendor: &'static Vendor,
        consents: &'static Consents,
        granting: Granting,
        app: Option<App>,
        settings: ClientSettings,
    ) -> Self {
        let clients = app.as_ref().map(|app| app.clients.clone());
        let settings = ClientSettings {
            clients: clients.unwrap_or_default(),
            ..settings
        };
        Self {
            vendor,
            consents,
            granting,
            app,
            scopes: None,
            settings,
        }
    }

    /// Asks for the scopes that the operator has set.
    pub(in crate::crm) fn with_scopes(self, scopes: Scopes) -> Self {
        Self {
            scopes: Some(scopes),
            ..self
        }
    }

    fn app(&self) -> Outcome<&App> {
        self.app
            .as_ref()
            .ok_or_else(|| Fault::of(Code::ProviderNotSetUp))
    }

    fn origin(&self, url: &str) -> Outcome<Url> {
        self.vendor.origin(url, self.settings.allow_loopback)
    }

    /// Returns how to get grants.
    pub(in crate::crm) fn granting(&self) -> Granting {
        self.granting
    }
}
