//! What of the connector can be set.

use std::{fmt, time::Duration};

use jiff::Timestamp;

use domain::fault::{CrmCode, Outcome};

use super::faults::fault;

/// Settings of the connector. The defaults are meant for production.
#[derive(Clone, Debug)]
pub struct Options {
    /// The API's version, as it stands in paths.
    pub api_version: String,
    /// The operator's app as the CRM may know it: the current client, then the previous one while id or secret are being
    /// rotated. A grant is renewed with these, whatever was sealed with it.
    pub clients: Vec<Client>,
    /// How we introduce ourselves.
    pub user_agent: String,
    /// From how many records on a window is read by the Bulk API.
    pub bulk_threshold: u64,
    /// Records on a page of a bulk result: as many as on a REST page. Two pages are in memory at a time, in several forms; with 5,000 a
    /// slice came to 60 MiB and grew with the run, and a request for each 2,000 records is what REST costs, too (November 2026).
    pub bulk_page: u32,
    /// Records on a page of a REST answer: 200 to 2,000, the bounds of `Sforce-Query-Options`.
    pub rest_page: u32,
    /// The Account and Lead field that holds the VAT id; none: one whose name says so.
    pub vat_field: Option<String>,
    /// The Account and Lead field that holds register court and number; none: those whose names say so.
    pub register_field: Option<String>,
    /// The field that our own id of a created record goes into, where an object has it as an external id; none: a lost
    /// answer is looked up by what was sent.
    pub external_id_field: Option<String>,
    /// The field that the legal basis of a created person goes into, where an object has it.
    pub basis_field: Option<String>,
    /// Whether CRM hosts on this very machine may be talked to. For simulators only: in Lambda, loopback is the Runtime API.
    pub allow_loopback: bool,
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// How long an answer may be silent. Salesforce ends a query after 120 s by itself.
    pub read_timeout: Duration,
    /// How long a request may take as a whole.
    pub request_timeout: Duration,
    /// The largest body of an answer that is read, in bytes, after gzip.
    pub body_cap: usize,
    /// How transient failures are tried again.
    pub retry: Retry,
    /// How a bulk job is waited for.
    pub poll: Poll,
    /// The local clock: only signed assertions need it, and they allow for minutes.
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

/// How a bulk job is waited for: the wait grows by half each time.
#[derive(Clone, Debug)]
pub struct Poll {
    /// The first wait.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// How long one call waits in all; then it answers an empty page, so that a slice can hand over in between.
    pub total: Duration,
}

impl Default for Options {
    #[expect(
        clippy::disallowed_methods,
        reason = "a default; what the doors give takes its place, and the rules never see it"
    )]
    fn default() -> Self {
        Self {
            api_version: "v64.0".to_owned(),
            clients: Vec::new(),
            user_agent: concat!("abgleich/", env!("CARGO_PKG_VERSION")).to_owned(),
            bulk_threshold: 10_000,
            bulk_page: 2_000,
            rest_page: 2_000,
            vat_field: None,
            register_field: None,
            external_id_field: None,
            basis_field: None,
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
            poll: Poll {
                first: Duration::from_millis(500),
                longest: Duration::from_secs(10),
                total: Duration::from_secs(45),
            },
            now: Timestamp::now,
        }
    }
}

impl Options {
    /// Refuses what would end up in a path or a header in the wrong way.
    pub(super) fn check(&self) -> Outcome<()> {
        let digits = self
            .api_version
            .strip_prefix('v')
            .and_then(|rest| rest.strip_suffix(".0"));
        let version = digits.is_some_and(|digits| {
            matches!(digits.len(), 2..=3) && digits.bytes().all(|b| b.is_ascii_digit())
        });
        if !version {
            return Err(fault(CrmCode::ApiVersionMalformed).with_detail("v64.0, say"));
        }
        if !(200..=2_000).contains(&self.rest_page) || self.bulk_page == 0 {
            return Err(fault(CrmCode::PageSizeMalformed));
        }
        Ok(())
    }

    /// `/services/data/v64.0` and what follows.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/services/data/{}{rest}", self.api_version)
    }
}
