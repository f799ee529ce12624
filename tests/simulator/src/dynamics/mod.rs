//! An environment of Dynamics 365 Sales over HTTP on 127.0.0.1: Dataverse's Web API 9.2, with Entra's token endpoints.
//!
//! # What it reproduces
//! `/{tenant}/oauth2/v2.0/authorize` and `/token`, and below `/api/data/v9.2/`: WhoAmI, metadata (`EntityDefinitions` with
//! columns, keys and relationships, `$metadata`), accounts, contacts, leads, tasks, opportunities and notes with `$select`,
//! `$filter`, `$orderby`, `$top`, `$expand`, `$count`, `$apply`, FetchXML, paging, change tracking, annotations, creating with
//! an id of one's own, conditional changes, binding by navigation names, duplicate detection, deleting, Merge, QualifyLead,
//! CreateMultiple, UpdateMultiple, UpsertMultiple, `$batch` with change sets, security roles, and the limits of service protection. It
//! follows Microsoft's pages and what clients written by others rely on. If public facts are weak,
//! [`config::Behaviour`] has both behaviours.
//!
//! # What it does not reproduce
//! * Six tables with the columns that matter most. There are no custom tables, plug-ins, flows or business rules.
//! * `$expand` of lists, `link-entity`, `groupby`, functions of dates, and most functions and actions.
//! * Rights of depth `Local` reach all rows: everybody is in one business unit. Exchange rates are 1.
//! * Limits use the real clock and are per simulator. Everything else uses the simulator's clock.
//! * HTTP without TLS. The consent page consents at once. Tokens are not signed.
//!
//! # Layout
//! `http` the wire · `auth` tokens · `limits` limits of service protection · `role`, `rights` rights · `org` the environment ·
//! `values`, `check`, `derived`, `write`, `duplicates`, `lifecycle` changes of rows · `table`, `row`, `links`, `guid` storage of rows (on the
//! shared kit) · `query` filters, paging, aggregates, FetchXML, change tracking · `schema`, `describe`, `csdl` columns and
//! metadata · `kind`, `fixed`, `known` tables and ids that are always there · `encode`, `error` forms of answers · `xml` just enough XML · `fault` faults · `control`, `steer`, `load` the control operations.

mod auth;
mod check;
pub mod config;
pub mod control;
mod csdl;
mod derived;
mod describe;
mod duplicates;
mod encode;
pub mod error;
pub mod fault;
mod fixed;
pub mod guid;
mod http;
pub mod kind;
mod known;
mod lifecycle;
mod limits;
mod links;
pub mod load;
mod org;
mod query;
mod rights;
mod role;
mod row;
mod schema;
mod state;
mod steer;
mod table;
pub mod time;
mod values;
mod write;
mod xml;

use axum::Router;

pub use config::{Behaviour, Config, Limits};
pub use control::Control;
pub use fault::{Fault, FaultRule, Match};
pub use kind::Kind;
pub use load::Line;

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
