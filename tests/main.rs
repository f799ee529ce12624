//! The whole house: one test binary, since each links all of the AWS SDK (204 MB apiece, November 2026).
//!
//! * `bad_input`: what arrives that should not, and what comes of it.
//! * `contract`: what the ports promise, held against every backend.
//! * `support`: the local stack and its servers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad_input;
mod contract;
mod support;
