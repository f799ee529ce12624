//! Grants and tokens. `token` is the token endpoint, and `logins` checks logins without a consent.

mod logins;
mod token;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::config::Config;
use super::id::Id;

/// A refused token request: status, error, description.
pub(crate) type Denied = (u16, &'static str, &'static str);

pub(crate) struct Auth {
    config: Config,
    pub(crate) organization: Id,
    pub(crate) user: Id,
    access: HashMap<String, Instant>,
    refresh: HashSet<String>,
    spent: HashSet<String>,
    codes: HashMap<String, (Option<String>, String)>,
    revoked: bool,
    /// The scopes of grants.
    pub(crate) scope: String,
}

/// Whether a request's session is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    Good,
    Bad,
    /// The header does not carry a session.
    NoHeader,
}

impl Auth {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            organization: Id::parse(&config.organization_id).unwrap_or_else(|| Id::nth("00D", 1)),
            user: Id::nth("005", 1),
            access: HashMap::new(),
            refresh: HashSet::from([config.refresh_token.clone()]),
            spent: HashSet::new(),
            codes: HashMap::new(),
            revoked: false,
            scope: config.scope.clone(),
            config: config.clone(),
        }
    }

    pub(crate) fn check(&self, authorization: Option<&str>) -> Session {
        let Some(authorization) = authorization else {
            return Session::Bad;
        };
        match authorization.split_once(' ') {
            Some(("Bearer" | "bearer" | "OAuth", token)) if self.holds(token) => Session::Good,
            Some(("Bearer" | "bearer" | "OAuth", _)) => Session::Bad,
            _ => Session::NoHeader,
        }
    }

    fn holds(&self, token: &str) -> bool {
        self.access
            .get(token)
            .is_some_and(|expires| *expires > Instant::now())
    }

    /// Issues a new access token, as after a login.
    pub(crate) fn session(&mut self) -> String {
        let token = format!(
            "{}!AQ{:032x}",
            &self.organization.as_str()[..15],
            rand::random::<u128>()
        );
        self.access.insert(
            token.clone(),
            Instant::now() + Duration::from_secs(self.config.access_token_ttl),
        );
        token
    }

    pub(crate) fn expire_all(&mut self) {
        self.access.clear();
    }

    /// Revokes the grant, as an administrator does by removing the app. No token works any more.
    pub(crate) fn revoke_grant(&mut self) {
        self.access.clear();
        self.refresh.clear();
        self.revoked = true;
    }

    /// Makes this client the only known one.
    pub(crate) fn set_client(&mut self, id: Option<String>, secret: Option<String>) {
        self.config.client_id = id;
        self.config.client_secret = secret;
    }

    /// Undoes [`Self::revoke_grant`] with a new refresh token.
    pub(crate) fn grant(&mut self) -> String {
        self.revoked = false;
        let token = format!("5Aep861{:032x}", rand::random::<u128>());
        self.refresh.insert(token.clone());
        token
    }

    pub(crate) fn knows_client(&self, client: &str) -> bool {
        self.config
            .client_id
            .as_deref()
            .is_none_or(|id| id == client)
    }

    /// Answers `/services/oauth2/revoke`. Revoking a refresh token ends its access tokens, too.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        if self.refresh.remove(token) {
            self.spent.insert(token.to_owned());
            self.access.clear();
            self.revoked = self.refresh.is_empty();
            return true;
        }
        self.access.remove(token).is_some()
    }
}
