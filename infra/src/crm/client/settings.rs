//! The settings that every connector has.

use std::{fmt, time::Duration};

use jiff::Timestamp;

/// Settings that every connector has. The defaults are meant for production.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The operator's app, as the CRM may know it: the current client, then the previous one while id or secret are
    /// rotated. A grant is renewed with these clients, whatever was sealed with it.
    pub clients: Vec<Client>,
    /// The version of the token endpoints as it stands in their paths; empty, where the vendor has no versions there.
    pub token_version: String,
    /// The user agent that we send.
    pub user_agent: String,
    /// Whether CRM hosts on this machine may be contacted. Only simulators need it. In Lambda, loopback is the Runtime API.
    pub allow_loopback: bool,
    /// The timeout for connecting.
    pub connect_timeout: Duration,
    /// How long an answer may stall. It is longer than the time after which a CRM ends a query by itself.
    pub read_timeout: Duration,
    /// The timeout of a whole request.
    pub request_timeout: Duration,
    /// The largest body of an answer that is read, in bytes, after gzip.
    pub body_cap: usize,
    /// How transient failures are retried.
    pub retry: Retry,
    /// Whether a user waits for the answers. Where functions share a CRM's limit, the others leave room for this one.
    pub is_awaited: bool,
    /// Returns the local clock's time. Signed assertions and the expiry of tokens need it, and both tolerate minutes.
    pub now: fn() -> Timestamp,
    /// Is told of each request, and of each answer that says that we ask too much.
    pub told: fn(Told),
}

/// What a connector tells whoever counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A request goes out.
    Request,
    /// The CRM answered that we ask too much.
    Throttle,
}

/// An OAuth client.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret, if it is a confidential client.
    pub secret: Option<String>,
}

/// Prints no secret.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// How transient failures are retried: with full jitter, and bounded in number and time.
#[derive(Clone, Debug)]
pub struct Retry {
    /// The number of attempts.
    pub tries: u32,
    /// The bound of the first wait. It doubles with each attempt.
    pub first: Duration,
    /// The largest bound of a wait.
    pub longest: Duration,
    /// The longest `Retry-After` that is waited for in place. The rules handle a longer one.
    pub longest_asked: Duration,
    /// The total wait of one call.
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
            is_awaited: false,
            now: Timestamp::now,
            told: |_| {},
        }
    }
}
