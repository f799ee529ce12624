//! A HubSpot account over HTTP on 127.0.0.1.
//!
//! # What it reproduces
//! Paths (`/crm/objects/{version}/…` of 2025-09, 2026-03 and 2026-09, `/crm/v3/…`, `/crm/v4/…`), status codes, error
//! bodies and headers of OAuth, account information, properties, pipelines, owners and associations. For companies,
//! contacts, deals, tasks and leads also list, read, create, update, archive, batches, search, merge and `gdpr-delete`.
//! It follows the public specifications and guides and what HubSpot's own clients rely on. If public facts are weak,
//! [`config::Behaviour`] has both behaviours.
//!
//! # What it does not reproduce
//! * Five objects with the properties that matter most. There are no custom objects, workflows or lists.
//! * Limits of labels, and labels between records of one object. What mirrors an association has no history.
//! * Search tokens are words. `CONTAINS_TOKEN` supports `*` and ignores languages.
//! * Rate limits use the real clock and are per simulator. Everything else uses the simulator's clock.
//! * HTTP without TLS. The consent page consents at once.
//!
//! # Layout
//! `http` the wire · `auth` tokens · `limits` rate limits · `portal`, `write`, `check`, `associate`, `lifecycle`
//! changes of records · `table`, `row`, `links` storage of records (on the shared kit) · `lag` the lag of the search
//! index · `history` earlier values · `labels`, `labelled` an account's own types of associations · `search` queries · `schema`, `property`, `validate` properties · `kind`, `types` objects and associations ·
//! `encode`, `error` forms of answers · `fault` faults · `control`, `steer`, `load` the control operations.

mod associate;
mod auth;
mod check;
pub mod config;
pub mod control;
mod encode;
pub mod error;
pub mod fault;
mod history;
mod http;
pub mod kind;
mod labelled;
mod labels;
mod lag;
mod lifecycle;
mod limits;
mod links;
pub mod load;
mod portal;
mod property;
mod row;
mod schema;
mod search;
mod state;
mod steer;
mod table;
pub mod time;
mod types;
mod validate;
mod write;
mod writer;

use axum::Router;

pub use config::{Behaviour, Config, Limits, Rule};
pub use control::Control;
pub use fault::{Fault, FaultRule, Match};
pub use kind::Kind;
pub use load::{Association, Line};

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
