//! Numbers that an authority gives to one company only.

mod lei;
mod register;
mod sums;
mod vat;

pub use lei::{lei, lei_check_digits};
pub(crate) use register::{followed, register_check_digits};
pub use register::{register, split_register};
pub use vat::{vat, vat_check_digits};
