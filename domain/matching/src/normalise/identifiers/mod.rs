//! Identifiers that an authority assigns to a single company.

mod lei;
mod register;
mod sums;
mod vat;

pub use lei::{lei, lei_check_digits};
pub(crate) use register::{is_succeeded_by, register_check_digits};
pub use register::{register, split_register};
pub use vat::{vat, vat_check_digits};
