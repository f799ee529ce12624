//! The operator's app at Salesforce: where users consent, and how a consent becomes a grant.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    fault::{Code, CrmCode, Fault, Kind, Outcome},
    integration::{Credentials, Grant, Provider},
    ports::{Apps, Ask, Consent},
};
use url::Url;

use super::faults::fault;
use super::{
    gate,
    http::Http,
    oauth,
    options::{Client, Options},
    usage::Meter,
};

/// What the app may ask for: the API, and a refresh token. Nothing of the user's own.
const SCOPE: &str = "api refresh_token";

/// What the operator registered.
#[derive(Clone)]
pub struct App {
    /// The app's clients: the current one, then, while its secret is being rotated, the previous one. PKCE comes in any case:
    /// since 2026 Salesforce asks confidential clients for both.
    pub clients: Vec<Client>,
    /// Where consents come back to: a page of the operator's frontend.
    pub redirect_url: String,
    /// Where logins may begin; the first, where nothing else is asked for. Customers' own domains may always be named.
    pub login_urls: Vec<String>,
}

/// The operator's app, or none.
pub struct SalesforceApps {
    app: Option<App>,
    options: Options,
}

impl SalesforceApps {
    /// Holds the app; no request is sent yet.
    pub fn new(app: Option<App>, options: Options) -> Self {
        Self { app, options }
    }

    fn app(&self) -> Outcome<&App> {
        self.app
            .as_ref()
            .ok_or_else(|| Fault::of(Code::ProviderNotSetUp))
    }
}

impl App {
    fn current(&self) -> Outcome<&Client> {
        let current = self.clients.first();
        current.ok_or_else(|| Fault::of(Code::ProviderNotSetUp))
    }

    /// Turns a consent into tokens. A refused client leaves the code unused, so the code goes to the previous client of the same
    /// id, too.
    async fn redeem(
        &self,
        http: &Http,
        options: &Options,
        login: &Url,
        consent: &Consent<'_>,
    ) -> Outcome<(oauth::Fresh, &Client)> {
        let mut client = self.current()?;
        let mut others = self
            .clients
            .iter()
            .skip(1)
            .filter(|other| other.id == client.id);
        loop {
            let redeemed = oauth::Redeemed {
                client,
                redirect_url: &self.redirect_url,
                code: consent.code,
                verifier: consent.verifier,
            };
            let fresh = oauth::redeem(http, options, login, &redeemed).await;
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

#[async_trait]
impl Apps for SalesforceApps {
    fn login_url(&self, _: Provider, wanted: Option<&str>) -> Outcome<String> {
        let app = self.app()?;
        let refused = || Fault::of(Code::LoginRefused).with_field("/loginUrl");
        let url = match wanted {
            None => app.login_urls.first().ok_or_else(refused)?,
            Some(wanted) if app.login_urls.iter().any(|known| known == wanted) => wanted,
            // A customer may log in at a domain of their own.
            Some(wanted) if wanted.trim_end_matches('/').ends_with(".my.salesforce.com") => wanted,
            Some(_) => return Err(refused()),
        };
        let origin = gate::origin(url, self.options.allow_loopback).map_err(|_| refused())?;
        Ok(origin.as_str().trim_end_matches('/').to_owned())
    }

    fn authorization_url(&self, _: Provider, ask: &Ask<'_>) -> Outcome<String> {
        let app = self.app()?;
        let mut url: Url = gate::origin(ask.login_url, self.options.allow_loopback)?;
        url.set_path("/services/oauth2/authorize");
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &app.current()?.id),
            ("redirect_uri", &app.redirect_url),
            ("scope", SCOPE),
            ("state", ask.state),
            ("code_challenge", ask.challenge),
            ("code_challenge_method", "S256"),
        ]);
        Ok(url.into())
    }

    async fn exchange(&self, _: Provider, consent: Consent<'_>) -> Outcome<Credentials> {
        let app = self.app()?;
        let login = gate::origin(consent.login_url, self.options.allow_loopback)?;
        let http = Http::new(&self.options, Arc::new(Meter::default()))?;
        let (fresh, client) = app.redeem(&http, &self.options, &login, &consent).await?;
        let instance = gate::origin(&fresh.instance_url, self.options.allow_loopback);
        let refresh_token = fresh
            .refresh_token
            .ok_or_else(|| fault(CrmCode::NoRefreshToken))?;
        if let Err(fault) = instance {
            // Whoever answered is not to be spoken to; the grant is given back where the login was.
            let _ = oauth::revoke(&http, &self.options, &login, &refresh_token).await;
            return Err(fault);
        }
        Ok(Credentials {
            login_url: consent.login_url.to_owned(),
            instance_url: Some(fresh.instance_url),
            client_id: client.id.clone(),
            grant: Grant::RefreshToken {
                refresh_token,
                // The deployment has it, and it is rotated there.
                client_secret: None,
            },
            access_token: Some(fresh.access_token),
            scope: fresh.scope,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn apps() -> SalesforceApps {
        let app = App {
            clients: vec![Client {
                id: "an app&co".to_owned(),
                secret: None,
            }],
            redirect_url: "https://app.example.com/connected?from=crm".to_owned(),
            login_urls: vec![
                "https://login.salesforce.com".to_owned(),
                "https://test.salesforce.com".to_owned(),
            ],
        };
        SalesforceApps::new(Some(app), Options::default())
    }

    #[test]
    fn a_login_begins_where_the_operator_says_or_at_a_customer_s_own_domain() {
        let url = |wanted| {
            apps()
                .login_url(Provider::Salesforce, wanted)
                .map_err(|fault| fault.code().to_string())
        };
        assert_eq!(url(None).unwrap(), "https://login.salesforce.com");
        for wanted in [
            "https://test.salesforce.com",
            "https://acme.my.salesforce.com",
            "https://acme--dev.sandbox.my.salesforce.com",
        ] {
            assert_eq!(url(Some(wanted)).unwrap(), wanted);
        }
        for wanted in [
            "https://evil.example",
            "https://evil.example/.my.salesforce.com",
            "https://evil.example#.my.salesforce.com",
            "http://acme.my.salesforce.com",
            "https://127.0.0.1",
            "https://user@acme.my.salesforce.com",
            "https://other.salesforce.com",
            "",
        ] {
            assert_eq!(url(Some(wanted)).unwrap_err(), "login.refused", "{wanted}");
        }
    }

    #[test]
    fn the_page_to_consent_on_has_the_challenge_and_not_the_verifier() {
        let ask = Ask {
            login_url: "https://login.salesforce.com",
            state: "st",
            challenge: "ch",
        };
        let url = apps()
            .authorization_url(Provider::Salesforce, &ask)
            .unwrap();
        let url = Url::parse(&url).unwrap();
        assert_eq!(url.path(), "/services/oauth2/authorize");
        let query: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["client_id"], "an app&co");
        assert_eq!(
            query["redirect_uri"],
            "https://app.example.com/connected?from=crm"
        );
        assert_eq!(
            (&*query["code_challenge"], &*query["code_challenge_method"]),
            ("ch", "S256")
        );
        assert_eq!(
            (&*query["state"], &*query["response_type"], &*query["scope"]),
            ("st", "code", "api refresh_token")
        );
    }

    #[test]
    fn without_an_app_nothing_begins() {
        let none = SalesforceApps::new(None, Options::default());
        assert_eq!(
            *none
                .login_url(Provider::Salesforce, None)
                .unwrap_err()
                .code(),
            Code::ProviderNotSetUp
        );
    }
}
