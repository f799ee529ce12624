//! DynamoDB: the tables Ledger, Copies and Companies.

mod batch;
mod checkpoint;
mod companies;
mod copies;
pub(super) mod item;
mod leases;
mod ledger;
mod rows;
mod runs;
mod store;

pub use self::{companies::AwsCompanies, store::AwsStore};
