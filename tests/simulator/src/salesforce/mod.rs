//! A Salesforce organisation over HTTP on 127.0.0.1.
//!
//! # What it reproduces
//! Paths, status codes, error bodies and headers of OAuth 2.0 (refresh with rotation, JWT bearer, authorization code
//! with PKCE, password), the SOAP login, REST (describe, query, queryAll, records, collections, upsert, getDeleted,
//! getUpdated, limits) and Bulk API 2.0 query, as the public documents describe them and as simple-salesforce and
//! jsforce rely on them. SOQL is parsed, never guessed. Rows without ORDER BY come in no useful order. Times of the
//! Bulk API end in `Z`, and those of REST in `+0000`. Large numbers are written as `1.39E8`.
//!
//! # What it does not reproduce
//! * There are five objects (and one for legal bases, if that is switched on) and one user, who may read everything
//!   that is not hidden. There is no sharing, and there are no triggers, validation rules or formulas.
//! * SOQL without relationships, sub-queries, GROUP BY, date literals such as TODAY, and functions other than COUNT, MIN and MAX.
//! * An open query is a snapshot, so its pages do not show later edits. Real pages may.
//! * The daily limit is a count that a control request resets, not a rolling window. There is no limit on concurrent requests.
//! * `control::Control::soft_delete` leaves an account's children alone unless told otherwise. A client's DELETE does not.
//! * HTTP without TLS.
//!
//! # Layout
//! `http` the wire · `auth` tokens · `org`, `write`, `fill`, `derived`, `lifecycle`, `duplicates`, `rules` changes of records · `table`,
//! `row` storage of records (on the shared kit) · `schema` their fields · `soql`, `query` queries · `cursors`, `jobs` what stays open between requests · `fault`, `log`
//! faults and the request log · `control`, `steer` the control operations.

mod auth;
pub mod config;
pub mod control;
mod cursors;
mod derived;
pub mod duplicates;
mod encode;
pub mod error;
pub mod fault;
mod fill;
mod http;
pub mod id;
mod jobs;
pub mod lifecycle;
pub mod log;
mod org;
mod query;
mod row;
pub mod rules;
mod schema;
mod soql;
mod state;
mod steer;
mod table;
pub mod time;
mod write;

use axum::Router;

pub use config::Config;
pub use control::Control;
pub use fault::{Fault, FaultRule, Match};
pub use rules::DuplicateRule;

use crate::kit::simulator;
use state::State;

/// A running simulator. It ends when it is stopped or dropped.
pub type Simulator = simulator::Simulator<State>;

impl Simulator {
    /// Listens on 127.0.0.1.
    ///
    /// # Errors
    /// Returns an error if the port cannot be bound.
    pub async fn start(config: Config) -> std::io::Result<Self> {
        let router = Router::new().fallback(http::serve);
        Self::open(config.port, |url| State::new(config, url), router).await
    }
}
