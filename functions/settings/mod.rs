//! The operator's settings. They are read once at the start, through one getter. A missing or malformed setting ends
//! the start with a line that names it.
//!
//! # To add a setting
//!
//! 1. Its name goes into `NAMES` of each function that reads it, and its reading into `read` beside it. A setting that
//!    several functions read is read in `shared`.
//! 2. `template.yaml`: the parameter, and the variable of those functions. `tests/template/test_settings.py` compares the
//!    two, and the bounds of numbers. `tests/bench/src/cold_start.rs` needs a value; the same test says so.
//! 3. If two settings can contradict each other: `together`, and `Rules` in the template.
//!
//! # To add a CRM's app
//!
//! Nothing changes here: `app` reads the settings of every [`Provider`](domain::integration::Provider), with the
//! provider's name in capitals before each, and the vendor's folder says which settings only that vendor has (`WANTED` in
//! its `settings.rs`). `template.yaml` needs the parameters and variables, as in step 2 above.

mod allowance;
mod api;
mod app;
mod calendar;
mod companies;
mod console;
mod operator;
mod orders;
mod roles;
mod shared;
mod stated;
mod together;
mod values;

use domain::fault::Outcome;
use tracing::Level;

pub use self::{
    api::Api,
    app::{AppSettings, AppsSettings, Work},
    companies::Companies,
    console::Console,
    operator::Operator,
    orders::{Dispatch, Remove, Sync},
    roles::{EndRole, ExportRole, TenantRole},
    shared::{CrmSettings, KeyPlaces, Places},
};
pub(crate) use self::{
    app::named,
    values::{malformed, missing, text},
};

/// Looks up a setting: in the environment in deployed functions, in a map in tests.
pub type Getter<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The settings that each deployed function reads: the names of its own, and its work at CRMs, which tells the names of
/// the others ([`Work::names`]).
pub const ALL: &[(&str, &[&str], Work)] = &[
    ("dispatch", Dispatch::NAMES, Work::Nothing),
    ("sync", Sync::NAMES, Work::Reads),
    ("remove", Remove::NAMES, Work::Revokes),
    ("companies", Companies::NAMES, Work::Nothing),
    ("api", Api::NAMES, Work::Answers),
    ("console", Console::NAMES, Work::Nothing),
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
