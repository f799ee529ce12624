//! A Salesforce organisation over HTTP on 127.0.0.1.
//!
//! # Faithful
//! Paths, status codes, error bodies and headers of OAuth 2.0 (refresh with rotation, JWT bearer, authorization code with PKCE, password),
//! the SOAP login, REST (describe, query, queryAll, records, collections, upsert, getDeleted, getUpdated, limits) and Bulk API 2.0 query,
//! as the public documents describe them and as simple-salesforce and jsforce rely on them. SOQL is parsed, never guessed. Rows without
//! ORDER BY come in no useful order. Bulk times end in `Z` where REST writes `+0000`. Large numbers are written as `1.39E8`.
//!
//! # Not faithful
//! * Five objects (and one for legal bases, where that is switched on), one user who may read everything that is not hidden; no sharing, no triggers, no validation rules, no formulas.
//! * SOQL without relationships, sub-queries, GROUP BY, date literals such as TODAY, and functions other than COUNT, MIN and MAX.
//! * An open query is a snapshot: its pages do not see later edits. Real pages may.
//! * The daily limit is a count that a control request resets, not a rolling window; there is no limit on concurrent requests.
//! * `control::Control::soft_delete` leaves an account's children alone unless told otherwise; a client's DELETE does not.
//! * HTTP without TLS.
//!
//! # Layout
//! `http` the wire · `auth` tokens · `org`, `write`, `fill`, `lifecycle`, `duplicates` how records change · `table`, `row` how they are kept (on the shared kit) · `schema` their
//! fields · `soql`, `query` how they are found · `fault`, `log` what is spoilt and what was asked · `control` what tests may do.

mod auth;
pub mod config;
pub mod control;
pub mod duplicates;
mod encode;
pub mod error;
pub mod fault;
mod fill;
mod http;
pub mod id;
pub mod lifecycle;
pub mod log;
mod org;
mod query;
mod row;
mod schema;
mod soql;
mod state;
mod table;
pub mod time;
mod write;

use std::sync::Arc;

use axum::Router;

pub use config::Config;
pub use control::Control;
pub use duplicates::DuplicateRule;
pub use fault::{Fault, FaultRule, Match};

use crate::kit::server::{Door, Server};
use state::State;

/// A running simulator; it ends when it is stopped or dropped.
pub struct Simulator {
    control: Control,
    server: Server,
}

impl Simulator {
    /// Listens on 127.0.0.1.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(config: Config) -> std::io::Result<Self> {
        let door = Door::open(config.port).await?;
        let state = Arc::new(State::new(config, door.url()?));
        let router = Router::new()
            .fallback(http::serve)
            .with_state(Arc::clone(&state));
        Ok(Self {
            control: Control { state },
            server: door.serve(router),
        })
    }

    /// Where it listens, such as `http://127.0.0.1:49152`: login host and instance in one.
    pub fn url(&self) -> &str {
        &self.control.state.url
    }

    /// The control operations.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Closes the listener and all that it accepted.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}
