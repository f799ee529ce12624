//! Synthetic data with known truth: a vendor's company database, and contents of CRMs that quote it.
//!
//! Everything is a function of a seed and an index. Any size can therefore be streamed without being held in memory,
//! record 499,999 can be made without the ones before it, and two machines make the same bytes. No person is real:
//! surnames consist of syllables ([`person`]), so that a test can search for them in what it leaves behind. Domains end
//! in `.example`. Phone numbers are in ranges that no country assigns. VAT ids and LEIs have correct check digits and
//! were never assigned to anybody on purpose.
//!
//! This crate does not use the rules that it tests.

pub mod company;
mod crm;
mod draw;
pub mod dynamics;
pub mod hubspot;
mod noise;
pub mod person;
pub mod salesforce;
mod values;
mod words;

pub use company::{Companies, Company};
pub use crm::Crm;
pub use salesforce::{Record, canaries};

#[cfg(test)]
mod tests;
