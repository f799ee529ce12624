//! The pipes.

pub mod crm;
