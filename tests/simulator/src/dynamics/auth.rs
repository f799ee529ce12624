//! Tokens of Entra: to whom they were issued and when they expire.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::config::Config;
use super::known::USER;

/// Whether a token admits a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    Good,
    /// The token is good, but its user is not one of the environment.
    NoMember,
    Expired,
    Bad,
}

#[derive(Clone, Debug)]
struct Access {
    ends: Instant,
    /// Whether it is the app's own, without a user who consented.
    is_app: bool,
}

/// A code that was not redeemed yet.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) redirect: String,
    pub(crate) challenge: Option<String>,
    pub(crate) offline: bool,
}

/// All tokens of one environment.
#[derive(Debug)]
pub(crate) struct Auth {
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) tenant: String,
    environment: String,
    pub(crate) ttl: Duration,
    pub(crate) rotates: bool,
    /// Whether the app has an application user in the environment.
    pub(crate) application_user: bool,
    /// Whether the users of tokens are still users of the environment.
    pub(crate) members: bool,
    /// The number of Entra's error that every request for a token gets.
    pub(crate) trouble: Option<u32>,
    refresh: HashMap<String, ()>,
    access: HashMap<String, Access>,
    codes: HashMap<String, Code>,
    made: u64,
}

impl Auth {
    pub(crate) fn new(config: &Config, url: &str) -> Self {
        Self {
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
            redirect_uri: config.redirect_uri.clone(),
            tenant: config.tenant_id.clone(),
            environment: config.environment.clone().unwrap_or_else(|| url.to_owned()),
            ttl: Duration::from_secs(config.access_token_ttl),
            rotates: config.behaviour.rotates_refresh_tokens,
            application_user: config.application_user,
            members: true,
            trouble: None,
            refresh: HashMap::from([(config.refresh_token.clone(), ())]),
            access: HashMap::new(),
            codes: HashMap::new(),
            made: 0,
        }
    }

    /// Returns whether a path's tenant is the customer's, or one that stands for any.
    pub(crate) fn is_tenant(&self, name: &str) -> bool {
        name == self.tenant || ["organizations", "common"].contains(&name)
    }

    /// Returns whether a scope names the environment with a permission.
    pub(crate) fn is_of_environment(&self, scope: &str, permission: &str) -> bool {
        let of = scope.strip_suffix(permission);
        of.is_some_and(|of| of.trim_end_matches('/') == self.environment)
    }

    /// Returns what a request's token allows.
    pub(crate) fn check(&self, header: Option<&str>) -> Session {
        let token = header.and_then(|header| {
            let (kind, token) = header.split_once(' ')?;
            kind.eq_ignore_ascii_case("bearer").then_some(token)
        });
        let Some(access) = token.and_then(|token| self.access.get(token)) else {
            return Session::Bad;
        };
        let is_member = self.members && (!access.is_app || self.application_user);
        match access.ends <= Instant::now() {
            true => Session::Expired,
            false if is_member => Session::Good,
            false => Session::NoMember,
        }
    }

    /// Issues an access token: a JWT whose signature nobody here checks.
    pub(crate) fn issue(&mut self, is_app: bool) -> String {
        self.made += 1;
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({
            "aud": self.environment, "iss": format!("https://sts.windows.net/{}/", self.tenant), "tid": self.tenant, "oid": USER,
            "appid": self.client_id.clone().unwrap_or_default(), "idtyp": if is_app { "app" } else { "user" }, "uti": self.made.to_string(),
        });
        let head = json!({ "typ": "JWT", "alg": "RS256", "kid": "simulated" });
        let token = format!("{}.{}.c2ln", part(head), part(claims));
        let ends = Instant::now() + self.ttl;
        self.access.insert(token.clone(), Access { ends, is_app });
        token
    }

    /// Issues a refresh token.
    pub(crate) fn grant(&mut self) -> String {
        self.made += 1;
        let token = format!("0.{:08}-refresh-token", self.made);
        self.refresh.insert(token.clone(), ());
        token
    }

    /// Uses a refresh token. Returns the next one.
    pub(crate) fn refreshed(&mut self, token: &str) -> Option<String> {
        self.refresh.get(token)?;
        if self.rotates {
            self.refresh.remove(token);
        }
        Some(self.grant())
    }

    pub(crate) fn is_granted(&self, token: &str) -> bool {
        self.refresh.contains_key(token)
    }

    /// Records a consent. Returns its code.
    pub(crate) fn consent(&mut self, code: Code) -> String {
        self.made += 1;
        let name = format!("0.{:08}-code", self.made);
        self.codes.insert(name.clone(), code);
        name
    }

    /// Redeems a code, which works once.
    pub(crate) fn redeem(&mut self, code: &str) -> Option<Code> {
        self.codes.remove(code)
    }

    /// Expires all access tokens. Refresh tokens still work.
    pub(crate) fn expire_all(&mut self) {
        let now = Instant::now();
        for access in self.access.values_mut() {
            access.ends = access.ends.min(now);
        }
    }

    /// Revokes all refresh tokens. Issued access tokens stay valid until they expire, as Entra's do.
    pub(crate) fn revoke_grants(&mut self) {
        self.refresh.clear();
    }
}

/// Returns whether a verifier matches a challenge (S256).
pub(crate) fn is_verifier_of(verifier: &str, challenge: &str) -> bool {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == challenge
}
