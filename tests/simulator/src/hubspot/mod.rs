//! A HubSpot account over HTTP on 127.0.0.1.
//!
//! # Faithful
//! Paths (`/crm/objects/{version}/…` of 2025-09, 2026-03 and 2026-09, `/crm/v3/…`, `/crm/v4/…`), status codes, error bodies and headers of
//! OAuth, account information, properties, pipelines, owners, associations, and of companies, contacts, deals, tasks and leads: list, read,
//! create, update, archive, batches, search, merge and `gdpr-delete`, as the public specifications and guides describe them and as HubSpot's
//! own clients rely on them. Where public facts are weak, [`config::Behaviour`] has both behaviours.
//!
//! # Not faithful
//! * Five objects with the properties that matter most; no custom objects, workflows, lists, custom association labels or property history.
//! * Search tokens are words; `CONTAINS_TOKEN` knows `*` and nothing of languages.
//! * Rate limits are by the real clock, per simulator; all else is by the simulator's clock.
//! * HTTP without TLS; the consent page consents at once.
//!
//! # Layout
//! `http` the wire · `auth` tokens · `limits` requests a second · `portal`, `write`, `check`, `associate`, `lifecycle` how records change · `table`,
//! `row`, `links` how they are kept (on the shared kit) · `lag` what the search index has not seen yet · `search` how they are found ·
//! `schema`, `property`, `validate` their properties · `kind`, `types` objects and associations · `encode`, `error` what answers look like ·
//! `fault` what is spoilt · `control`, `steer`, `load` what tests may do.

mod associate;
mod auth;
mod check;
pub mod config;
pub mod control;
mod encode;
pub mod error;
pub mod fault;
mod http;
pub mod kind;
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

use std::sync::Arc;

use axum::Router;

pub use config::{Behaviour, Config, Limits, Rule};
pub use control::Control;
pub use fault::{Fault, FaultRule, Match};
pub use kind::Kind;
pub use load::{Association, Line};

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

    /// Where it listens, such as `http://127.0.0.1:49152`: consent page and API in one.
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
