//! The apps that the operator registered at the CRMs, by which tenants give their consent.

use async_trait::async_trait;

use crate::{
    fault::Outcome,
    integration::{Credentials, Provider},
};

/// OAuth's authorization code flow with PKCE (RFC 7636, S256).
#[async_trait]
pub trait Apps: Send + Sync {
    /// Where a login may begin: the one that was asked for, or the operator's default.
    ///
    /// # Errors
    /// Permanent, when the operator registered no app there, or the host is not one of the provider's.
    fn login_url(&self, provider: Provider, wanted: Option<&str>) -> Outcome<String>;

    /// The page at which a user consents.
    ///
    /// # Errors
    /// Permanent, when the operator registered no app.
    fn authorization_url(&self, provider: Provider, ask: &Ask<'_>) -> Outcome<String>;

    /// Turns the code that a consent came back with into a grant. Revoked, when the CRM does not take it.
    async fn exchange(&self, provider: Provider, consent: Consent<'_>) -> Outcome<Credentials>;
}

/// What a user is asked with.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Where the login begins.
    pub login_url: &'a str,
    /// Comes back with the answer.
    pub state: &'a str,
    /// The verifier's SHA-256, in base64url.
    pub challenge: &'a str,
}

/// What a user answered.
#[derive(Clone, Copy)]
pub struct Consent<'a> {
    /// Where the login began.
    pub login_url: &'a str,
    /// The code.
    pub code: &'a str,
    /// What proves that it was us who asked.
    pub verifier: &'a str,
}
