//! DynamoDB: the tables Ledger, Copies and Companies.

pub(super) mod batch;
pub(super) mod checkpoint;
mod companies;
mod connections;
mod controllers;
mod copies;
mod deciding;
mod exports;
mod intents;
pub(super) mod item;
mod leases;
mod ledger;
mod legal;
mod listed;
mod listing;
mod outbox;
mod reading;
mod receipts;
mod remembered;
mod removals;
mod rows;
mod runs;
mod store;
mod sweep;
mod vanishing;

pub use self::{companies::AwsCompanies, store::AwsStore};
