//! The access token in use, and until when it counts.

use std::sync::Arc;

use domain::{
    fault::Outcome,
    integration::{Credentials, Grant},
};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::super::{settings::ClientSettings, vendor::Vendor};

/// How long before its end a token counts as expired. It is longer than a request with all attempts takes, and than clocks differ.
const MARGIN: SignedDuration = SignedDuration::from_mins(3);

/// The grant, and the token that it gave last.
pub(super) struct State {
    pub(super) credentials: Credentials,
    pub(super) access: Option<Access>,
    /// Whether `credentials` have something that is only in memory. Nothing is sent with it before it is stored.
    pub(super) unkept: bool,
}

impl State {
    pub(super) fn usable(&self, refused: Option<&Access>, now: Timestamp) -> Option<Access> {
        let is_new = |access: &Access| refused.is_none_or(|refused| refused.token != access.token);
        let is_good = |access: &Access| access.expires.is_none_or(|end| end > now);
        self.access
            .clone()
            .filter(|access| !self.unkept && is_new(access) && is_good(access))
    }
}

/// An access token, and the host at which it counts.
#[derive(Clone)]
pub(super) struct Access {
    pub(super) token: Arc<str>,
    pub(super) instance: Url,
    /// When it counts as expired. `None` if the end is unknown.
    pub(super) expires: Option<Timestamp>,
}

impl Access {
    /// Returns the last access token, if there is one.
    pub(super) fn last(
        vendor: &Vendor,
        credentials: &Credentials,
        settings: &ClientSettings,
    ) -> Outcome<Option<Self>> {
        let instance = match vendor.tokens.at_login {
            true => Some(credentials.login_url.as_str()),
            false => credentials.instance_url.as_deref(),
        };
        let instance = instance
            .map(|url| vendor.origin(url, settings.allow_loopback))
            .transpose()?;
        let token = match &credentials.grant {
            Grant::Token { token } => Some(token.as_str()),
            _ => credentials.access_token.as_deref(),
        };
        Ok(token.zip(instance).map(|(token, instance)| Self {
            token: token.into(),
            instance,
            expires: credentials.expires.map(before_its_end),
        }))
    }
}

/// Returns when a token that ends at `end` counts as expired.
pub(super) fn before_its_end(end: Timestamp) -> Timestamp {
    end.checked_sub(MARGIN).unwrap_or(Timestamp::MIN)
}
