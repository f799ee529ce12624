//! CRM simulators: real HTTP servers that behave like a CRM, misbehave like one on demand, and let a test change their records.
//!
//! They know nothing of Abgleich, so that they cannot merely agree with it; that they agree with clients nobody here wrote is tested too
//! (`tests/foreign_client.py`).

pub mod kit;
pub mod salesforce;
