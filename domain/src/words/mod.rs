//! The vocabulary: domain types, and how they are parsed and written. These modules use each other, and nothing above them.

pub mod allowance;
pub mod attributes;
pub mod audit;
pub mod credentials;
pub mod exports;
pub mod fault;
pub mod grounds;
pub mod integration;
mod named;
pub mod number;
pub mod object;
pub mod offboarding;
pub mod order;
pub mod parent;
pub mod people;
pub mod person;
pub mod progress;
pub mod provider;
pub mod record;
pub mod removal;
pub mod seal;
pub mod settings;
pub mod slice;
pub mod spelling;
pub mod standstill;
pub mod tenant;
pub mod vanished;
