//! The apps that the operator registered at the CRMs, by which tenants give their consent.

use async_trait::async_trait;

use crate::{
    fault::Outcome,
    integration::{Credentials, Provider},
    ports::Granting,
};

/// OAuth's authorization code flow, with PKCE (RFC 7636, S256) where the provider supports it.
#[async_trait]
pub trait Apps: Send + Sync {
    /// Returns how the provider issues grants.
    fn granting(&self, provider: Provider) -> Granting;

    /// Returns the login URL: the requested one, or the operator's default.
    ///
    /// # Errors
    /// Permanent if the operator registered no app for the provider, or if the host is not one of the provider's.
    fn login_url(&self, provider: Provider, wanted: Option<&str>) -> Outcome<String>;

    /// Returns the environment that a grant will be for: the origin of its API. Some providers need it before the consent, and then
    /// the administrator names it. `None` if the provider's tokens name the API's host, or if the provider has only one host.
    ///
    /// # Errors
    /// Permanent if an environment is needed and missing, if one is named that the provider does not have, or if the host is not
    /// one of the provider's environments.
    fn environment(&self, provider: Provider, wanted: Option<&str>) -> Outcome<Option<String>>;

    /// Returns the URL of the page on which a user consents.
    ///
    /// # Errors
    /// Permanent if the operator registered no app for the provider.
    fn authorization_url(&self, provider: Provider, ask: &Ask<'_>) -> Outcome<String>;

    /// Exchanges the code of a consent for a grant. The fault is revoked if the CRM rejects the code.
    async fn exchange(&self, provider: Provider, consent: Consent<'_>) -> Outcome<Credentials>;
}

/// The parameters of the consent page.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// The login URL.
    pub login_url: &'a str,
    /// The environment, where the provider needs it before the consent.
    pub environment: Option<&'a str>,
    /// The state, which the CRM returns with the code.
    pub state: &'a str,
    /// The SHA-256 of the verifier, in base64url. `None` if the provider does not support PKCE.
    pub challenge: Option<&'a str>,
}

/// The result of a user's consent.
#[derive(Clone, Copy)]
pub struct Consent<'a> {
    /// The login URL of the consent.
    pub login_url: &'a str,
    /// The environment of the consent, where the provider needs it before the consent.
    pub environment: Option<&'a str>,
    /// The authorization code.
    pub code: &'a str,
    /// The PKCE verifier: the proof that we requested the consent. `None` if the provider does not support PKCE.
    pub verifier: Option<&'a str>,
}
