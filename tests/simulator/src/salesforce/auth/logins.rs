//! Logins without a consent: with a password, and with a signed assertion.

use aws_lc_rs::signature;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Auth, Denied};

/// How far ahead a JWT may expire: three minutes. Salesforce allows as much again for skewed clocks.
const JWT_WINDOW: f64 = 180.0;

impl Auth {
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

    pub(super) fn check_jwt(&self, assertion: &str, url: &str) -> Result<(), Denied> {
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
}
