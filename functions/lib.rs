//! What the doors share: how a run begins and ends.
//!
//! # Layout
//!
//! One folder per function: `main.rs` is the entry (settings, wiring, the runtime), `mod.rs` the body, which tests call
//! with ports in memory: [`dispatch`], [`sync`], [`remove`], [`companies`], [`api`]; and the operator's command line, [`operator`].
//! Beside them what they share: [`settings`], [`wiring`], [`telemetry`], [`entry`], [`events`], [`queue`], [`problem`], [`alarm`]; [`clock`]
//! and [`ids`] are the only places where the time and randomness enter.
//!
//! # What is not here
//!
//! No decision about a record, an integration or a company: those are rules, in `domain`. No request to AWS or a CRM:
//! those are pipes, in `infra`.

/// A page is tens of thousands of small texts, made and dropped. With the C library's allocator the way of a record through the
/// rules takes a tenth longer (November 2026). Without huge pages: with them a start costs half a millisecond more, and memory
/// comes in pieces of 2 MiB.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod alarm;
pub mod api;
pub mod clock;
pub mod companies;
pub mod dispatch;
pub mod entry;
pub mod events;
pub mod ids;
pub mod operator;
pub mod problem;
pub mod queue;
pub mod remove;
pub mod settings;
pub mod sync;
pub mod telemetry;
pub mod wiring;
pub mod work;

#[cfg(test)]
mod test_world;
