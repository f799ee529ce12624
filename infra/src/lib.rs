//! The pipes: protocols and vendors behind the seams of [`domain::ports`]. Nothing here decides.
//!
//! | module | feature | what |
//! | --- | --- | --- |
//! | [`memory`] | | the ports in memory, for the rules' tests |
//! | `aws` | `aws` | DynamoDB, S3, KMS, EventBridge |
//! | `crm` | `crm` | connectors, one folder for each vendor |
//!
//! The three do not use each other.
//!
//! # An example
//!
//! Every port has the same promises behind AWS and in memory; `tests/contract` holds both to them. A generation's keys, for
//! example, are gone once a removal has destroyed them.
//!
//! ```
//! use domain::{
//!     fault::Outcome,
//!     ports::Keys,
//!     tenant::{Generation, IntegrationId, Scope, TenantId},
//! };
//! use infra::memory::MemoryKeys;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Outcome<()> {
//! let scope = Scope {
//!     tenant: TenantId::parse("acme")?,
//!     integration: IntegrationId::parse("crm-1")?,
//!     generation: Generation(1),
//! };
//! let keys = MemoryKeys::new();
//! keys.create(&scope).await?;
//! assert!(keys.open(&scope).await?.is_some());
//!
//! keys.destroy(&scope).await?;
//! assert!(keys.open(&scope).await?.is_none());
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "crm")]
pub mod crm;
pub mod memory;

/// The largest sealed body, in bytes, that goes into a record's item; a larger one lies beside it. A DynamoDB item ends
/// at 400 KB (409,600 bytes), and a record's other attributes need about 1 KB and 16 bytes for each relation.
pub const MAX_ITEM_BODY: usize = 350_000;
