//! Tokens: to whom they were issued, what they allow, and when they expire.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::config::Config;
use super::kind::Kind;

/// The app's id. Records that the app created have it.
pub(crate) const APP_ID: &str = "4200001";
/// The user who consented.
pub(crate) const USER_ID: u64 = 1_000_001;

/// Whether a token admits a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    /// It admits the request, with these scopes.
    Good {
        scopes: Vec<String>,
        private: bool,
    },
    /// It expired this many seconds ago.
    Expired(u64),
    Bad,
}

/// An access token.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) scopes: Vec<String>,
    pub(crate) ends: Instant,
    /// `access_token` or `client_credentials`.
    pub(crate) token_use: &'static str,
}

/// A code that was not redeemed yet.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) redirect: String,
    pub(crate) challenge: Option<String>,
    pub(crate) scopes: Vec<String>,
}

/// All tokens of one account.
#[derive(Debug)]
pub(crate) struct Auth {
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) redirect_uri: Option<String>,
    /// The scopes that an administrator can grant.
    pub(crate) scopes: Vec<String>,
    pub(crate) sales_hub: bool,
    /// Whether the account exists and knows the app.
    pub(crate) hub_known: bool,
    private_token: Option<String>,
    pub(crate) ttl: Duration,
    pub(crate) refresh: HashMap<String, Vec<String>>,
    access: HashMap<String, Access>,
    codes: HashMap<String, Code>,
    made: u64,
}

impl Auth {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
            redirect_uri: config.redirect_uri.clone(),
            scopes: config.scopes.clone(),
            sales_hub: config.sales_hub,
            hub_known: true,
            private_token: config.private_token.clone(),
            ttl: Duration::from_secs(config.access_token_ttl),
            refresh: HashMap::from([(config.refresh_token.clone(), config.scopes.clone())]),
            access: HashMap::new(),
            codes: HashMap::new(),
            made: 0,
        }
    }

    /// Returns which of these scopes are effective in this account. Without Sales Hub there are no leads.
    pub(crate) fn effective(&self, scopes: &[String]) -> Vec<String> {
        let of_leads = |scope: &String| [true, false].map(|w| Kind::Lead.scope(w)).contains(scope);
        scopes
            .iter()
            .filter(|scope| self.scopes.contains(scope))
            .filter(|scope| self.sales_hub || !of_leads(scope))
            .cloned()
            .collect()
    }

    /// Returns what a request's token allows.
    pub(crate) fn check(&self, header: Option<&str>) -> Session {
        let Some(token) = header.and_then(|header| {
            let (kind, token) = header.split_once(' ')?;
            kind.eq_ignore_ascii_case("bearer").then_some(token)
        }) else {
            return Session::Bad;
        };
        if self.private_token.as_deref() == Some(token) {
            return Session::Good {
                scopes: self.effective(&self.scopes),
                private: true,
            };
        }
        match self.access.get(token) {
            None => Session::Bad,
            Some(access) if access.ends <= Instant::now() => {
                Session::Expired(access.ends.elapsed().as_secs())
            }
            Some(access) => Session::Good {
                scopes: self.effective(&access.scopes),
                private: false,
            },
        }
    }

    /// Issues an access token.
    pub(crate) fn issue(&mut self, scopes: Vec<String>, token_use: &'static str) -> String {
        self.made += 1;
        let token = format!("CPsim{:08}-access-token", self.made);
        let ends = Instant::now() + self.ttl;
        self.access.insert(
            token.clone(),
            Access {
                scopes,
                ends,
                token_use,
            },
        );
        token
    }

    /// Issues a refresh token.
    pub(crate) fn grant(&mut self, scopes: Vec<String>) -> String {
        self.made += 1;
        let token = format!("na1-{:08}-refresh-token", self.made);
        self.refresh.insert(token.clone(), scopes);
        token
    }

    /// Records a consent. Returns its code.
    pub(crate) fn consent(&mut self, code: Code) -> String {
        self.made += 1;
        let name = format!("na1-{:08}-code", self.made);
        self.codes.insert(name.clone(), code);
        name
    }

    /// Redeems a code, which works once.
    pub(crate) fn redeem(&mut self, code: &str) -> Option<Code> {
        self.codes.remove(code)
    }

    pub(crate) fn access(&self, token: &str) -> Option<&Access> {
        self.access
            .get(token)
            .filter(|access| access.ends > Instant::now())
    }

    /// Expires all access tokens. Refresh tokens still work.
    pub(crate) fn expire_all(&mut self) {
        let now = Instant::now();
        for access in self.access.values_mut() {
            access.ends = access.ends.min(now);
        }
    }

    /// Revokes all refresh tokens. Issued access tokens stay valid.
    pub(crate) fn revoke_grants(&mut self) {
        self.refresh.clear();
    }

    /// Forgets all access tokens.
    pub(crate) fn forget_access(&mut self) {
        self.access.clear();
    }
}

/// Returns whether a verifier matches a challenge (S256).
pub(crate) fn is_verifier_of(verifier: &str, challenge: &str) -> bool {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == challenge
}
