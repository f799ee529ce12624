//! The rules of Abgleich: when and how records are synced, matched, sealed, shown, created and removed.
//!
//! # Layout
//!
//! There are three floors, each a folder, and one folder between the second and the third. A floor uses only those below it.
//!
//! | folder | what | modules |
//! | --- | --- | --- |
//! | `use_cases` | what the product does; no use case uses another | [`change_settings`], [`connect`], [`create`], [`dispatch`], [`end_tenant`], [`export_copy`], [`import`], [`preflight`], [`remove_integration`], [`review_held`], [`review_relations`], [`show_copy`], [`subject_requests`], [`sync`] |
//! | `shared` | what several use cases share | [`admission`], [`body`], [`crm_time`], [`decision`], [`ended`], [`facts`], [`grant`], [`legal`], [`parents`], [`suppressed`], [`steps`], [`view`] |
//! | `ports` | the interfaces to the outside world | [`ports`] |
//! | `words` | the vocabulary: domain types, and how they are parsed and written | [`allowance`], [`attributes`], [`audit`], [`credentials`], [`exports`], [`fault`], [`grounds`], [`integration`], [`number`], [`object`], [`offboarding`], [`order`], [`people`], [`person`], [`progress`], [`provider`], [`record`], [`removal`], [`seal`], [`settings`], [`mod@slice`], [`spelling`], [`standstill`], [`tenant`], [`vanished`] |
//!
//! The folders do not appear in paths: a module is `crate::order`, whichever folder it is in. `tests/tidy.rs` checks that the
//! sources respect the floors.
//!
//! # An example
//!
//! Bytes sealed for one place open at no other place, so one tenant's bytes are useless to another tenant.
//!
//! ```
//! use domain::{
//!     fault::Outcome,
//!     seal::{GenerationKeys, Opener, Place, Room, Sealer},
//!     tenant::{Generation, IntegrationId, Scope, TenantId},
//! };
//!
//! fn scope(tenant: &str) -> Outcome<Scope> {
//!     Ok(Scope {
//!         tenant: TenantId::parse(tenant)?,
//!         integration: IntegrationId::parse("crm-1")?,
//!         generation: Generation(1),
//!     })
//! }
//!
//! // In production KMS unwraps these bytes, and a removal destroys them.
//! let keys = GenerationKeys::from_bytes(&mut [7; 64])?;
//! let (acme, globex) = (scope("acme")?, scope("globex")?);
//! let body = br#"{"LastName":"Beispiel"}"#;
//!
//! let place = Place::within(&acme, Room::CopyRecord, "Contact", "003");
//! let sealed = Sealer::new(&keys.sealing, 1)?.seal(&place, body)?;
//!
//! let mut opener = Opener::new(&keys.sealing)?;
//! assert_eq!(opener.open(&place, &sealed)?, body);
//! let elsewhere = Place::within(&globex, Room::CopyRecord, "Contact", "003");
//! assert!(opener.open(&elsewhere, &sealed).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is not here
//!
//! The crate [`matching`] decides which company a record belongs to. This crate calls it.
//!
//! There is no AWS, HTTP, vendor name, environment, clock or log in this crate. Times, deadlines and random ids are arguments, and
//! events are return values. `clippy.toml` and Cargo enforce this.

pub mod ports;
mod shared;
mod use_cases;
mod words;

// The file lies among the words; `legal` says why it is a module there.
pub use self::shared::legal::cleared;
pub use self::{shared::*, use_cases::*, words::*};
