//! Servers that stand in for AWS on this machine.

pub(crate) mod aws;
pub(crate) mod proxy;
pub(crate) mod python;
pub(crate) mod tables;
