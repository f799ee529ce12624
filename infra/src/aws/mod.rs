//! AWS: DynamoDB, S3, KMS, EventBridge, SQS and STS behind the rules' ports.
//!
//! * [`places`]: the one list of every key shape and prefix under which a tenant's data can lie.
//! * [`clients`]: one SDK client for each service, made once per process and once per session. [`patience`]: their timeouts
//!   and retries.
//! * [`sessions`]: sessions of tenants, each with the rights to one tenant's data.
//! * [`identity`]: who has the credentials of this process.
//! * [`forget_what_is_over`]: drops remembered keys and sessions whose time is over.
//! * [`AwsStore`], [`AwsKeys`], [`AwsCompanies`]: the ports.
//! * [`events`]: sends orders to the bus. [`queue`]: the queue on which they arrive.
//!
//! Names of tables, buckets and keys are arguments. Only the functions read the environment. No SDK type leaves this
//! module.

mod all_keys;
pub mod clients;
mod dynamodb;
pub mod events;
mod fault;
pub mod identity;
mod kms;
mod lasting;
pub mod meter;
pub mod patience;
mod pause;
pub mod queue;
mod s3;
pub mod sessions;
mod signing;
mod tenant_keys;
mod throttles;
mod vault;

pub use crate::places;

pub use self::{
    dynamodb::{AwsCompanies, AwsStore},
    kms::{AwsKeys, KeyPlaces, REMEMBERED as KEYS_REMEMBERED},
    lasting::forget_what_is_over,
};
