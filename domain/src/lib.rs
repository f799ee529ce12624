//! The rules of Abgleich: what is synced, matched, sealed, shown, created and removed, and when.
//!
//! # Layout
//!
//! Nouns: [`fault`], [`tenant`], [`number`], [`integration`], [`settings`], [`spelling`], [`grant`], [`record`], [`body`], [`legal`],
//! [`people`], [`marked`], [`vanished`], [`decision`], [`view`], [`facts`], [`seal`], [`steps`], [`progress`], [`order`], [`mod@slice`], [`removal`],
//! [`exports`], and the seams in [`ports`]. Verbs: [`answer`], [`connect`], [`create`], [`dispatch`], [`export`], [`import`], [`preflight`], [`relate`], [`remove`], [`set`],
//! [`show`], [`subject`], [`sync`]. Verbs use nouns; nouns never use verbs; verbs never use each other.
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

pub mod answer;
pub mod body;
pub mod connect;
pub mod create;
pub mod decision;
pub mod dispatch;
pub mod export;
pub mod exports;
pub mod facts;
pub mod fault;
pub mod grant;
pub mod import;
pub mod integration;
pub mod legal;
pub mod marked;
pub mod number;
pub mod order;
pub mod people;
pub mod ports;
pub mod preflight;
pub mod progress;
pub mod record;
pub mod relate;
pub mod removal;
pub mod remove;
pub mod seal;
pub mod set;
pub mod settings;
pub mod show;
pub mod slice;
pub mod spelling;
pub mod standstill;
pub mod steps;
pub mod subject;
pub mod sync;
pub mod tenant;
pub mod vanished;
pub mod view;
