//! CRM simulators: real HTTP servers that behave like a CRM, misbehave like one on demand, and let a test change their records.
//!
//! They do not know Abgleich, so they cannot merely agree with it. Tests also run them with clients written by others
//! (`tests/foreign_client.py`, `tests/foreign_hubspot.py`, `tests/hubspot_client`, `tests/foreign_dynamics.py`, `tests/dynamics_client`).

pub mod dynamics;
pub mod hubspot;
pub mod kit;
pub mod salesforce;
