//! The rules of Abgleich: what is synced, matched, sealed, shown, created and removed, and when.
//!
//! # Layout
//!
//! Three floors, each a folder, and what stands between the second and the third. A floor uses those below it.
//!
//! | folder | what | modules |
//! | --- | --- | --- |
//! | `use_cases` | what the product does; none uses another | [`answer`], [`connect`], [`create`], [`dispatch`], [`export`], [`import`], [`preflight`], [`relate`], [`remove`], [`set`], [`show`], [`subject`], [`sync`] |
//! | `shared` | what several use cases share | [`body`], [`decision`], [`facts`], [`grant`], [`legal`], [`suppressed`], [`steps`], [`view`] |
//! | `ports` | the seams to the world | [`ports`] |
//! | `words` | what things are called, and how they are read and written | [`exports`], [`fault`], [`grounds`], [`integration`], [`number`], [`order`], [`people`], [`person`], [`progress`], [`record`], [`removal`], [`seal`], [`settings`], [`mod@slice`], [`spelling`], [`standstill`], [`tenant`], [`vanished`] |
//!
//! The folders do not stand in paths: a module is `crate::order`, wherever it lies. `tests/tidy.rs` holds the sources to the floors.
//!
//! # An example
//!
//! What is sealed for one place opens at no other, so one tenant's bytes are useless to another.
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
//! Which company a record is: the crate [`matching`] decides that, and this crate calls it.
//!
//! No AWS, no HTTP, no vendor's names, no environment, no clock, no log. Time, deadlines and random ids are arguments;
//! events are return values. `clippy.toml` and Cargo hold the fences.

pub mod ports;
mod shared;
mod use_cases;
mod words;

pub use self::{shared::*, use_cases::*, words::*};
