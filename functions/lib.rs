//! The Lambda functions, the operator's command line, and what they share.
//!
//! # Layout
//!
//! There is one folder per function. Its `main.rs` is the entry (settings and the runtime). Its `world.rs`
//! makes what the function works with: clients of AWS, ports, connectors. Its `mod.rs` is the body, which tests call with
//! ports in memory: [`dispatch`], [`sync`], [`remove`], [`companies`], [`api`], [`console`], and the operator's command line,
//! [`operator`]. They share [`settings`], [`adapters`], `connectors`, [`telemetry`], [`entry`], [`events`], [`queue`],
//! [`problem`], [`alarm`] and [`metrics`]. [`clock`] and [`ids`] are the only places that read the time and draw randomness.
//!
//! # An example
//!
//! A use case ends with a fault, and [`problem`] decides what the caller of the API sees of it: which part of a request is
//! wrong, but nothing of what we store.
//!
//! ```
//! use abgleich::problem::Problem;
//! use domain::fault::{Code, Fault};
//!
//! let misfit = Fault::of(Code::ControllerPartMisfits).with_field("/identity");
//! let problem = Problem::from(misfit);
//! assert_eq!((problem.status, problem.field.as_deref()), (422, Some("/identity")));
//!
//! let unreadable = Fault::of(Code::StoreUnreadable).with_detail("the seal of row 7 is broken");
//! let problem = Problem::from(unreadable);
//! assert_eq!(problem.status, 500);
//! assert!(!problem.to_json().contains("row 7"));
//! ```
//!
//! # What is not here
//!
//! No decision about a record, an integration or a company: those are rules and live in `domain`. No protocol of AWS or
//! of a CRM: those live in `infra`.

/// A page is tens of thousands of small texts, which are allocated and dropped. With the C library's allocator a
/// record's way through the rules takes a tenth longer (November 2026). Huge pages are off: with them a start costs
/// half a millisecond more, and memory comes in pieces of 2 MiB.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod adapters;
pub mod alarm;
pub mod api;
pub mod clock;
pub mod companies;
mod connectors;
pub mod console;
pub mod dispatch;
pub mod entry;
pub mod events;
pub mod ids;
pub mod metrics;
pub mod operator;
pub mod problem;
pub mod queue;
pub mod remove;
pub mod settings;
pub mod sync;
pub mod telemetry;
pub mod work;

#[cfg(test)]
mod test_world;
