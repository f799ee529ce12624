//! The rules of Abgleich: what is synced, matched, sealed, shown, created and removed, and when.
//!
//! # Layout
//!
//! Nouns: [`fault`], [`tenant`], [`integration`], [`record`], [`body`], [`company`], [`matching`], [`seal`], [`progress`],
//! [`order`], [`removal`], and the seams in [`ports`]. Verbs: [`dispatch`], [`import`], [`remove`], [`sync`]. Verbs use
//! nouns; nouns never use verbs; verbs
//! never use each other.
//!
//! # What is not here
//!
//! No AWS, no HTTP, no vendor's names, no environment, no clock, no log. Time, deadlines and random ids are arguments;
//! events are return values. `clippy.toml` and Cargo hold the fences.

pub mod body;
pub mod company;
pub mod dispatch;
pub mod fault;
pub mod import;
pub mod integration;
pub mod matching;
pub mod order;
pub mod ports;
pub mod progress;
pub mod record;
pub mod removal;
pub mod remove;
pub mod seal;
pub mod sync;
pub mod tenant;
