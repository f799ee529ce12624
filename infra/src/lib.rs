//! The protocols and vendors behind the ports of [`domain::ports`]. Nothing here decides.
//!
//! | module | feature | what |
//! | --- | --- | --- |
//! | [`memory`] | | the ports in memory, for the tests of the rules |
//! | [`places`] | | the one list of the shapes of tenants' keys, and what a removal counts each as |
//! | `aws` | `aws` | DynamoDB, S3, KMS, EventBridge |
//! | `crm` | `crm` | connectors, one folder for each vendor |
//!
//! `aws`, `crm` and [`memory`] do not use each other. `aws` and [`memory`] use [`places`].
//!
//! # An example
//!
//! Every port keeps the same promises on AWS and in memory, and `tests/contract` checks both. For example, a
//! generation's keys are gone once a removal has destroyed them.
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
pub mod places;

/// The largest sealed body, in bytes, that goes into a record's item. A larger one lies beside the item. A DynamoDB
/// item ends at 400 KB (409,600 bytes), and a record's other attributes need about 1 KB, plus 16 bytes for each
/// relation.
pub const MAX_ITEM_BODY: usize = 350_000;
