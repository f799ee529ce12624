//! DynamoDB: the tables Ledger, Copies and Companies.

mod admitted;
mod audit;
pub(super) mod batch;
pub(super) mod checkpoint;
mod companies;
mod comparing;
mod controllers;
mod copies;
mod copy_rows;
mod deciding;
mod decision_rows;
mod ending;
mod exports;
mod further;
mod grants;
mod hiding;
mod integrations;
mod intents;
pub(super) mod item;
mod leases;
mod legal;
mod listed;
mod outbox;
mod reading;
mod receipts;
mod remembered;
mod removals;
mod rows;
mod runs;
mod schedule;
mod settings;
mod store;
mod sweep;
mod taking;
mod vanishing;

pub use self::{companies::AwsCompanies, store::AwsStore};
