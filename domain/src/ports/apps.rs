//! The OAuth apps that the operator registered at the CRMs. Tenants give their consent through them.

use async_trait::async_trait;

use crate::{
    fault::Outcome,
    integration::{Credentials, Provider},
};

/// OAuth's authorization code flow with PKCE (RFC 7636, S256).
#[async_trait]
pub trait Apps: Send + Sync {
    /// Returns the login URL: the requested one, or the operator's default.
    ///
    /// # Errors
    /// Permanent if the operator registered no app for the provider, or if the host is not one of the provider's.
    fn login_url(&self, provider: Provider, wanted: Option<&str>) -> Outcome<String>;

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
    /// The state, which the CRM returns with the code.
    pub state: &'a str,
    /// The verifier's SHA-256, in base64url.
    pub challenge: &'a str,
}

/// The result of a user's consent.
#[derive(Clone, Copy)]
pub struct Consent<'a> {
    /// The login URL of the consent.
    pub login_url: &'a str,
    /// The authorization code.
    pub code: &'a str,
    /// The PKCE verifier, which proves that we asked for the consent.
    pub verifier: &'a str,
}
