//! Synthetic data with known truth: a vendor's company database and the contents of CRMs that quote it.
//!
//! Everything is a function of a seed and an index, so any size streams without being held, record 499,999 can be made without the ones
//! before it, and two machines make the same bytes. Nobody in it is real: people have surnames made of syllables ([`person`]), so that they
//! can be searched for in what a test leaves behind; domains end in `.example`; phone numbers are such as no country gives; VAT ids and LEIs have
//! right check digits and were never given to anybody on purpose.
//!
//! This crate knows nothing of the rules it tests.

pub mod company;
mod draw;
mod noise;
pub mod person;
pub mod salesforce;
mod words;

pub use company::{Companies, Company};
pub use salesforce::{Crm, Record, canaries};

#[cfg(test)]
mod tests;
