//! The pipes.

pub mod aws;
pub mod crm;
