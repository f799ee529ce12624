//! Grants and tokens.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use aws_lc_rs::{digest, hmac, signature};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::config::Config;
use super::id::Id;

/// A refused token request: status, error, description.
pub(crate) type Denied = (u16, &'static str, &'static str);

const INVALID_GRANT: Denied = (400, "invalid_grant", "expired access/refresh token");

/// How far ahead a JWT may expire: three minutes. Salesforce allows as much again for skewed clocks.
const JWT_WINDOW: f64 = 180.0;

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

    /// Answers `/services/oauth2/token`.
    pub(crate) fn token(
        &mut self,
        form: &HashMap<String, String>,
        basic: Option<&str>,
        url: &str,
    ) -> Result<Value, Denied> {
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let basic = basic.and_then(|header| STANDARD.decode(header.strip_prefix("Basic ")?).ok());
        let basic = basic.and_then(|bytes| String::from_utf8(bytes).ok());
        let (client, secret) = basic
            .as_deref()
            .and_then(|pair| pair.split_once(':'))
            .unwrap_or((field("client_id"), field("client_secret")));
        let grant = field("grant_type");
        if grant != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
            if self
                .config
                .client_id
                .as_deref()
                .is_some_and(|id| id != client)
            {
                return Err((400, "invalid_client_id", "client identifier invalid"));
            }
            if self
                .config
                .client_secret
                .as_deref()
                .is_some_and(|known| known != secret)
            {
                return Err((400, "invalid_client", "invalid client credentials"));
            }
        }
        let refresh = match grant {
            "refresh_token" => self.refreshed(field("refresh_token"))?,
            "authorization_code" => {
                Some(self.redeem(field("code"), field("code_verifier"), field("redirect_uri"))?)
            }
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
                self.check_jwt(field("assertion"), url)?;
                None
            }
            "password" => {
                self.check_password(field("username"), field("password"))?;
                None
            }
            "client_credentials" if !self.revoked => None,
            _ => return Err((400, "unsupported_grant_type", "grant type not supported")),
        };
        let id = format!("{url}/id/{}/{}", self.organization, self.user);
        let issued = jiff::Timestamp::now().as_millisecond().to_string();
        let key = hmac::Key::new(
            hmac::HMAC_SHA256,
            self.config
                .client_secret
                .as_deref()
                .unwrap_or("secret")
                .as_bytes(),
        );
        let mut answer = json!({
            "access_token": self.session(), "instance_url": url, "id": id, "token_type": "Bearer", "issued_at": issued,
            "signature": STANDARD.encode(hmac::sign(&key, format!("{id}{issued}").as_bytes())), "scope": self.scope,
        });
        if let Some(refresh) = refresh {
            answer["refresh_token"] = json!(refresh);
        }
        Ok(answer)
    }

    /// Spends a refresh token. Returns the one to use next, or `None` if the same one stays valid.
    fn refreshed(&mut self, token: &str) -> Result<Option<String>, Denied> {
        if !self.refresh.contains(token) {
            if self.config.reuse_revokes && self.spent.contains(token) {
                self.revoke_grant();
            }
            return Err(INVALID_GRANT);
        }
        if !self.config.rotate_refresh_tokens {
            return Ok(None);
        }
        self.refresh.remove(token);
        self.spent.insert(token.to_owned());
        Ok(Some(self.grant()))
    }

    /// Issues an authorization code for a consent.
    pub(crate) fn authorize(&mut self, challenge: Option<String>, redirect: String) -> String {
        let code = format!("aPrx{:032x}", rand::random::<u128>());
        self.codes.insert(code.clone(), (challenge, redirect));
        code
    }

    pub(crate) fn knows_client(&self, client: &str) -> bool {
        self.config
            .client_id
            .as_deref()
            .is_none_or(|id| id == client)
    }

    fn redeem(&mut self, code: &str, verifier: &str, redirect: &str) -> Result<String, Denied> {
        let (challenge, known) =
            self.codes
                .remove(code)
                .ok_or((400, "invalid_grant", "invalid authorization code"))?;
        if known != redirect {
            return Err((
                400,
                "redirect_uri_mismatch",
                "redirect_uri must match configuration",
            ));
        }
        let hashed = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        if challenge.is_some_and(|challenge| challenge != hashed) {
            return Err((400, "invalid_grant", "invalid code verifier"));
        }
        Ok(self.grant())
    }

    pub(crate) fn check_password(&self, username: &str, password: &str) -> Result<(), Denied> {
        let known = self
            .config
            .password
            .as_ref()
            .is_none_or(|(name, word)| name == username && password.starts_with(word));
        if known && !username.is_empty() && !password.is_empty() {
            Ok(())
        } else {
            Err((400, "invalid_grant", "authentication failure"))
        }
    }

    fn check_jwt(&self, assertion: &str, url: &str) -> Result<(), Denied> {
        const INVALID: Denied = (400, "invalid_grant", "invalid assertion");
        let (signed, tag) = assertion.rsplit_once('.').ok_or(INVALID)?;
        let (head, claims) = signed.split_once('.').ok_or(INVALID)?;
        let part = |text: &str| -> Option<Value> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
        };
        let (head, claims) = (part(head).ok_or(INVALID)?, part(claims).ok_or(INVALID)?);
        if head["alg"] != "RS256" {
            return Err((400, "invalid_grant", "algorithm not supported"));
        }
        if let Some(pem) = &self.config.jwt_public_key {
            let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            let der = STANDARD.decode(body.trim()).map_err(|_| INVALID)?;
            let key =
                signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, der);
            let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| INVALID)?;
            key.verify(signed.as_bytes(), &tag)
                .map_err(|_| (400, "invalid_grant", "invalid assertion signature"))?;
        }
        if self
            .config
            .client_id
            .as_deref()
            .is_some_and(|id| claims["iss"] != id)
        {
            return Err((400, "invalid_client_id", "client identifier invalid"));
        }
        if claims["sub"].as_str().is_none_or(str::is_empty) {
            return Err(INVALID);
        }
        let audience = claims["aud"]
            .as_str()
            .unwrap_or_default()
            .trim_end_matches('/');
        if ![
            url,
            "https://login.salesforce.com",
            "https://test.salesforce.com",
        ]
        .contains(&audience)
        {
            return Err((400, "invalid_grant", "audience is invalid"));
        }
        let expires = claims["exp"]
            .as_f64()
            .or_else(|| claims["exp"].as_str()?.parse().ok())
            .unwrap_or_default();
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds since 1970 fit a double exactly"
        )]
        let now = jiff::Timestamp::now().as_second() as f64;
        if expires <= now || expires > now + 2.0 * JWT_WINDOW {
            return Err((400, "invalid_grant", "expired authorization code"));
        }
        if self.revoked {
            Err((400, "invalid_grant", "user hasn't approved this consumer"))
        } else {
            Ok(())
        }
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
