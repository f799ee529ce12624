//! Ids that every environment here has.

use super::guid::Guid;

/// The user as whom the app calls.
pub(crate) const USER: &str = "5a1e0000-0000-4000-8000-00000000c0de";
/// Another user.
pub(crate) const COLLEAGUE: &str = "5a1e0000-0000-4000-8000-00000000beef";
/// The business unit of all.
pub(crate) const UNIT: &str = "5a1e0000-0000-4000-8000-0000000b0001";
/// The currency euro.
pub(crate) const EURO: &str = "5a1e0000-0000-4000-8000-00000000e001";
/// The currency US dollar.
pub(crate) const DOLLAR: &str = "5a1e0000-0000-4000-8000-00000000d001";

/// Returns the user as whom the app calls.
pub(crate) fn user() -> Guid {
    fixed(USER)
}

/// Parses an id that stands in this code.
pub(crate) fn fixed(text: &str) -> Guid {
    Guid::parse(text).unwrap_or(Guid::LAST)
}
