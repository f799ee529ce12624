//! What of any connector can be set.

use std::{fmt, time::Duration};

use jiff::Timestamp;

/// Settings that every connector has. The defaults are meant for production.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The operator's app as the CRM may know it: the current client, then the previous one while id or secret are being
    /// rotated. A grant is renewed with these, whatever was sealed with it.
    pub clients: Vec<Client>,
    /// The version of the token endpoints as it stands in their paths; empty, where the vendor has no versions there.
    pub token_version: String,
    /// How we introduce ourselves.
    pub user_agent: String,
    /// Whether CRM hosts on this very machine may be talked to. For simulators only: in Lambda, loopback is the Runtime API.
    pub allow_loopback: bool,
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// How long an answer may be silent. It is longer than the time after which a CRM ends a query by itself.
    pub read_timeout: Duration,
    /// How long a request may take as a whole.
    pub request_timeout: Duration,
    /// The largest body of an answer that is read, in bytes, after gzip.
    pub body_cap: usize,
    /// How transient failures are tried again.
    pub retry: Retry,
    /// The local clock: signed assertions and the expiry of tokens need it, and both allow for minutes.
    pub now: fn() -> Timestamp,
}

/// An OAuth client.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret, where it is a confidential client.
    pub secret: Option<String>,
}

/// Without the secret.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// How transient failures are tried again: full jitter, bounded in count and in time.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Tries in all.
    pub tries: u32,
    /// The bound of the first wait; it doubles with each try.
    pub first: Duration,
    /// The largest bound of a wait.
    pub longest: Duration,
    /// The longest `Retry-After` that is waited for in place; more than that is the rules' business.
    pub longest_asked: Duration,
    /// All waits of one call together.
    pub total: Duration,
}

impl Default for ClientSettings {
    #[expect(
        clippy::disallowed_methods,
        reason = "a default; what the doors give takes its place, and the rules never see it"
    )]
    fn default() -> Self {
        Self {
            clients: Vec::new(),
            token_version: String::new(),
            user_agent: concat!("abgleich/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow_loopback: false,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(125),
            request_timeout: Duration::from_secs(180),
            body_cap: 64 << 20,
            retry: Retry {
                tries: 5,
                first: Duration::from_millis(500),
                longest: Duration::from_secs(20),
                longest_asked: Duration::from_secs(30),
                total: Duration::from_secs(60),
            },
            now: Timestamp::now,
        }
    }
}
