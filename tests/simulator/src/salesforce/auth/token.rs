//! The token endpoint: codes, refresh tokens and logins become access tokens.

use std::collections::HashMap;

use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Auth, Denied};

const INVALID_GRANT: Denied = (400, "invalid_grant", "expired access/refresh token");

impl Auth {
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
}
