//! The pipes: protocols and vendors behind the seams of [`domain::ports`]. Nothing here decides.
//!
//! | module | feature | what |
//! | --- | --- | --- |
//! | [`memory`] | | the ports in memory, for the rules' tests |
//! | `aws` | `aws` | DynamoDB, S3, KMS, EventBridge |
//! | `crm` | `crm` | connectors, one folder for each vendor |
//!
//! The three do not use each other.

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "crm")]
pub mod crm;
pub mod memory;

/// The largest sealed body, in bytes, that goes into a record's item; a larger one lies beside it. A DynamoDB item ends
/// at 400 KB (409,600 bytes), and a record's other attributes need about 1 KB and 16 bytes for each relation.
pub const MAX_ITEM_BODY: usize = 350_000;
