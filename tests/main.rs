//! Tests of the whole product. They are one binary, since each would link all of the AWS SDK (204 MB apiece, November 2026).
//!
//! * `bad_input`: bad input, and what happens to it.
//! * `contract`: the promises of the ports, checked on every backend.
//! * `support`: the local stack and its servers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad_input;
mod contract;
mod support;
