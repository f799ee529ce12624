//! Consents to the operator's app, and how a consent becomes a grant. The differences between vendors are data.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::{borrow::Cow, sync::Arc};

use domain::{
    fault::{Code, CrmCode, Fault, Kind, Outcome},
    integration::{Credentials, Grant},
    ports::{Ask, Consent, Granting},
};
use jiff::SignedDuration;
use url::Url;

use super::{
    http::Http,
    meter::Meter,
    oauth,
    settings::{Client, ClientSettings},
    vendor::Hosts,
    vendor::Vendor,
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

/// The page for a consent.
pub(in crate::crm) enum Page {
    /// A path at the host of the login.
    AtLogin(&'static str),
    /// An address of the vendor's website. No token is ever sent there.
    At(&'static str),
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

    /// Returns the URL at which a login begins.
    pub(in crate::crm) fn login_url(&self, wanted: Option<&str>) -> Outcome<String> {
        let app = self.app()?;
        let refused = || Fault::of(Code::LoginRefused).with_field("/loginUrl");
        let is_own = |wanted: &str| {
            let host = wanted.trim_end_matches('/');
            let mut domains = self.consents.own_logins.iter();
            domains.any(|domain| host.ends_with(&format!(".{domain}")))
        };
        let url = match wanted {
            None => app.login_urls.first().ok_or_else(refused)?,
            Some(wanted) if app.login_urls.iter().any(|known| known == wanted) => wanted,
            // A customer may log in at a domain of its own.
            Some(wanted) if is_own(wanted) => wanted,
            Some(_) => return Err(refused()),
        };
        let origin = self.origin(url).map_err(|_| refused())?;
        Ok(origin.as_str().trim_end_matches('/').to_owned())
    }

    /// Returns how to get grants.
    pub(in crate::crm) fn granting(&self) -> Granting {
        self.granting
    }

    /// Returns the environment of a grant.
    pub(in crate::crm) fn environment(&self, wanted: Option<&str>) -> Outcome<Option<String>> {
        let refused = |what: &str| Fault::of(Code::EnvironmentRefused).at("/environment", what);
        match (&self.consents.environments, wanted) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(refused("this provider has none")),
            (Some(_), None) => Err(refused("its URL is needed before the consent")),
            (Some(hosts), Some(wanted)) => {
                let origin = hosts.origin(wanted, self.settings.allow_loopback);
                let origin = origin.ok_or_else(|| refused("not a host of the provider"))?;
                Ok(Some(origin.as_str().trim_end_matches('/').to_owned()))
            }
        }
    }

    /// Returns the page at which a user consents.
    pub(in crate::crm) fn authorization_url(&self, ask: &Ask<'_>) -> Outcome<String> {
        let app = self.app()?;
        let login = self.origin(ask.login_url)?;
        let mut url = match self.consents.page {
            Page::AtLogin(path) => {
                let mut url = login;
                url.set_path(path);
                url
            }
            Page::At(page) => {
                let page = Url::parse(page);
                let mut page =
                    page.map_err(|_| self.vendor.fault(CrmCode::said("page_malformed")))?;
                // A simulator has its own page.
                if self.settings.allow_loopback && self.vendor.origin(ask.login_url, false).is_err()
                {
                    let query = page.query().map(str::to_owned);
                    let path = page.path().to_owned();
                    page = login;
                    page.set_path(&path);
                    page.set_query(query.as_deref());
                }
                page
            }
        };
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", app.current()?.id.as_str()),
            ("redirect_uri", &app.redirect_url),
        ]);
        let required = match &self.scopes {
            Some(scopes) => Some(Cow::Borrowed(scopes.required.as_str())),
            None => (self.consents.scope)(ask.environment),
        };
        if let Some(scope) = required {
            url.query_pairs_mut().append_pair("scope", &scope);
        }
        let optional = self.scopes.as_ref().map(|scopes| &scopes.optional);
        if let Some(optional) = optional.filter(|optional| !optional.is_empty()) {
            url.query_pairs_mut()
                .append_pair("optional_scope", optional);
        }
        url.query_pairs_mut().append_pair("state", ask.state);
        if let Some(challenge) = ask.challenge {
            url.query_pairs_mut().extend_pairs([
                ("code_challenge", challenge),
                ("code_challenge_method", "S256"),
            ]);
        }
        // Some vendors read blanks in one of the two ways only, and each reads this one.
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
        Ok(url.into())
    }

    /// Exchanges a consent's code for a grant.
    pub(in crate::crm) async fn exchange(&self, consent: Consent<'_>) -> Outcome<Credentials> {
        let app = self.app()?;
        let login = self.origin(consent.login_url)?;
        let http = Http::new(self.vendor, &self.settings, 0, Arc::new(Meter::default()))?;
        let (fresh, client) = self.redeem(app, &http, &login, &consent).await?;
        let instance = match (self.vendor.tokens.tells_host, self.vendor.tokens.at_login) {
            (true, _) => fresh.instance_url.as_deref().unwrap_or_default(),
            (false, true) => consent.login_url,
            (false, false) => consent.environment.unwrap_or_default(),
        };
        let allowed = self.origin(instance);
        let refresh_token = match fresh.refresh_token {
            None if self.granting.expiring => {
                return Err(self.vendor.fault(CrmCode::NoRefreshToken));
            }
            token => token.unwrap_or_default(),
        };
        let seconds = fresh.expires_in.map(i64::from);
        let expires = seconds.and_then(|seconds| {
            (self.settings.now)()
                .checked_add(SignedDuration::from_secs(seconds))
                .ok()
        });
        let credentials = Credentials {
            login_url: consent.login_url.to_owned(),
            instance_url: Some(instance.to_owned()),
            client_id: client.id.clone(),
            grant: Grant::RefreshToken {
                refresh_token: refresh_token.clone(),
                // The deployment has the secret, and it is rotated there.
                client_secret: None,
            },
            access_token: Some(fresh.access_token),
            expires,
            scope: fresh.scope,
        };
        if let Err(fault) = allowed {
            // The host in the answer must not be contacted, so the grant is revoked at the login host.
            let _ =
                oauth::revoke(&http, &self.settings, &login, &credentials, &refresh_token).await;
            return Err(fault);
        }
        Ok(credentials)
    }

    /// Redeems the code. A client that is refused leaves the code unused, so the previous client of the same id may try it, too.
    async fn redeem<'a>(
        &self,
        app: &'a App,
        http: &Http,
        login: &Url,
        consent: &Consent<'_>,
    ) -> Outcome<(oauth::NewTokens, &'a Client)> {
        let mut client = app.current()?;
        let mut others = app
            .clients
            .iter()
            .skip(1)
            .filter(|other| other.id == client.id);
        loop {
            let redeemed = oauth::Redeemed {
                client,
                redirect_url: &app.redirect_url,
                code: consent.code,
                verifier: consent.verifier,
            };
            let fresh = oauth::redeem(http, &self.settings, login, &redeemed).await;
            match (fresh, others.next()) {
                (Ok(fresh), _) => return Ok((fresh, client)),
                (Err(refusal), Some(other)) if refusal.fault.kind() == Kind::Operator => {
                    client = other;
                }
                (Err(refusal), _) => return Err(refusal.into()),
            }
        }
    }
}
