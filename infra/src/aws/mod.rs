//! AWS: DynamoDB, S3, KMS, EventBridge and SQS behind the rules' ports.
//!
//! * [`places`]: the one list of every key shape and prefix where a tenant's data can be.
//! * [`clients`]: one SDK client for each service, made once per process. [`patience`]: how long they wait.
//! * [`AwsStore`], [`AwsKeys`], [`AwsCompanies`]: the ports.
//! * [`events`]: orders onto the bus. [`queue`]: the queue that they arrive by.
//!
//! Names of tables, buckets and keys are arguments; the environment is the doors' matter. SDK types end here.

pub mod clients;
mod dynamodb;
pub mod events;
mod fault;
mod kms;
pub mod meter;
pub mod patience;
mod pause;
pub mod places;
pub mod queue;
mod s3;
mod signing;
mod tenant_keys;
mod vault;

pub use self::{
    dynamodb::{AwsCompanies, AwsStore},
    kms::{AwsKeys, REMEMBERED as KEYS_REMEMBERED},
};
