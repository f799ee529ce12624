//! The operator's settings. They are read once at the start, through one getter. A missing or malformed setting ends
//! the start with a line that names it.
//!
//! Every name is in template.yaml, and the house tests compare it with [`ALL`].

mod api;
mod app;
mod companies;
mod operator;
mod orders;
mod shared;
mod stated;
mod together;
mod values;

use domain::fault::Outcome;
use tracing::Level;

use self::values::malformed;
pub(crate) use self::values::text;
pub use self::{
    api::Api,
    app::AppSettings,
    companies::Companies,
    operator::Operator,
    orders::{Dispatch, Remove, Sync},
    shared::{CrmSettings, KeyPlaces, Places},
};

/// Looks up a setting: in the environment in deployed functions, in a map in tests.
pub type Getter<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The settings that each deployed function reads.
pub const ALL: &[(&str, &[&str])] = &[
    ("dispatch", Dispatch::NAMES),
    ("sync", Sync::NAMES),
    ("remove", Remove::NAMES),
    ("companies", Companies::NAMES),
    ("api", Api::NAMES),
];

/// Looks up an environment variable. This is the getter of a running function.
#[allow(
    clippy::disallowed_methods,
    reason = "this is the one place that the fence points to"
)]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads `LOG_LEVEL`, which every function has.
///
/// # Errors
/// Returns a permanent fault if it is missing or names no level.
pub fn log_level(get: &Getter<'_>) -> Outcome<Level> {
    text(get, "LOG_LEVEL")?
        .parse()
        .map_err(|_| malformed("LOG_LEVEL", "one of error, warn, info, debug, trace"))
}

#[cfg(test)]
mod tests;
