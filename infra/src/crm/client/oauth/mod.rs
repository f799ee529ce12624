//! The token endpoint (RFC 6749, 7009, 7523, 7636).
//!
//! | file | what |
//! | --- | --- |
//! | `redeem`, `renew`, `revoke` | the three requests: a code becomes a grant, a grant gives a token, a grant ends |
//! | `clients` | the operator's clients with which a request is tried |
//! | `post` | one form, sent and retried |

mod clients;
mod post;
mod redeem;
mod renew;
mod revoke;

use domain::fault::CrmCode;
use serde::Deserialize;

pub(super) use self::{
    redeem::{Redeemed, redeem},
    renew::renew,
    revoke::revoke,
};
use super::{
    http::{Http, Reply},
    refusal::Refusal,
};

/// The answer of the token endpoint.
#[derive(Deserialize)]
pub(in crate::crm) struct NewTokens {
    pub(in crate::crm) access_token: String,
    /// The API's host, if it comes with the token.
    #[serde(alias = "api_domain")]
    pub(in crate::crm) instance_url: Option<String>,
    /// The next refresh token, if the vendor rotates them.
    pub(in crate::crm) refresh_token: Option<String>,
    /// The lifetime of the access token in seconds.
    pub(in crate::crm) expires_in: Option<u32>,
    /// The scope of the grant.
    pub(in crate::crm) scope: Option<String>,
    /// The scope as a list, as some vendors send it.
    #[serde(default)]
    pub(in crate::crm) scopes: Vec<String>,
}

impl NewTokens {
    fn read(http: &Http, reply: &Reply) -> Result<Self, Refusal> {
        let unreadable = || http.vendor.refusal(CrmCode::TokenUnreadable);
        let mut fresh: Self = serde_json::from_slice(&reply.body).map_err(|_| unreadable())?;
        if http.vendor.tokens.tells_host && fresh.instance_url.is_none() {
            return Err(unreadable());
        }
        if fresh.scope.is_none() && !fresh.scopes.is_empty() {
            fresh.scope = Some(fresh.scopes.join(" "));
        }
        Ok(fresh)
    }
}
