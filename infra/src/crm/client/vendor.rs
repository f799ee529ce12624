//! What the kit needs to know about a vendor: data, and the functions that read its answers.

use std::{borrow::Cow, time::Duration};

use domain::{
    fault::{CrmCode, Fault},
    integration::Credentials,
    progress::Budget,
};
use reqwest::header::HeaderMap;

use super::refusal::Refusal;

/// A vendor.
pub(in crate::crm) struct Vendor {
    /// The prefix of its fault codes.
    pub(in crate::crm) name: &'static str,
    /// The hosts of its APIs and logins.
    pub(in crate::crm) hosts: Hosts,
    /// How to get tokens.
    pub(in crate::crm) tokens: Tokens,
    /// Returns the meaning of an answer that is no success, from status, body and the wait that the answer asks for.
    pub(in crate::crm) judge: fn(u16, &[u8], Option<Duration>) -> Refusal,
    /// What an answer's headers say of the vendor's budgets. An answer may tell of some of them, or of none.
    pub(in crate::crm) budgets: fn(&HeaderMap) -> Vec<Budget>,
}

/// A vendor's hosts.
pub(in crate::crm) struct Hosts {
    /// Exact names.
    pub(in crate::crm) exact: &'static [&'static str],
    /// Domains. Any name below one of them belongs to the vendor, but the domain itself does not.
    pub(in crate::crm) under: &'static [&'static str],
}

/// How to get tokens from a vendor.
pub(in crate::crm) struct Tokens {
    /// Path of the token endpoint at the login host, where a consent is turned into a grant. In this path and in the two others,
    /// `{version}` stands for [`ClientSettings::token_version`](super::ClientSettings::token_version).
    pub(in crate::crm) redeem_path: &'static str,
    /// Path of the token endpoint for a grant. With some vendors it contains the customer's directory.
    pub(in crate::crm) path: fn(&Credentials) -> Cow<'static, str>,
    /// The scope to ask for with client credentials. `None` if the vendor does not need it. There is no consent that states it.
    pub(in crate::crm) scope: fn(&Credentials) -> Option<String>,
    /// The endpoint for revoking a token. `None` if the vendor has none. Then revoking only means to forget the token.
    pub(in crate::crm) revoking: Option<Revoking>,
    /// Whether the client's id and secret go into the header (RFC 6749, 2.3.1). Otherwise they are in the form.
    pub(in crate::crm) basic: bool,
    /// Whether the API's host comes with the token. Otherwise it is known before, and stored with the grant.
    pub(in crate::crm) tells_host: bool,
    /// Whether the API is at the login host, as it is where a vendor has one host for everything.
    pub(in crate::crm) at_login: bool,
    /// Returns the meaning of a refusal of the token or the revoke endpoint.
    pub(in crate::crm) judge: fn(u16, &[u8]) -> Refusal,
}

/// The endpoint for revoking a token (RFC 7009).
pub(in crate::crm) struct Revoking {
    /// Its path at the login host.
    pub(in crate::crm) path: &'static str,
    /// Whether the client of the token has to identify itself.
    pub(in crate::crm) by_client: bool,
}

impl Vendor {
    /// Returns a fault of this vendor. The kit's codes are the same for all vendors except for the vendor's name.
    pub(in crate::crm) fn fault(&self, code: CrmCode) -> Fault {
        Fault::crm(self.name, code)
    }

    /// Returns a refusal with that fault. Only a transient fault is retried, since a further attempt does not help with any other.
    pub(in crate::crm) fn refusal(&self, code: CrmCode) -> Refusal {
        Refusal::of(self.fault(code))
    }
}
