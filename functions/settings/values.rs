//! Reads single settings.

use std::sync::Arc;

use domain::{
    fault::{Code, Fault, Outcome},
    seal::CallerKey,
};

use super::Getter;

/// Reads a text that must not be empty.
pub(crate) fn text(get: &Getter<'_>, name: &str) -> Outcome<String> {
    get(name)
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
        .ok_or_else(|| missing(name))
}

/// Returns the fault of a missing setting.
pub(crate) fn missing(name: &str) -> Fault {
    Fault::of(Code::SettingMissing).with_field(name)
}

/// Reads the operator's secret `CALLER_SECRET`.
pub(super) fn caller_key(secret: &str) -> Outcome<Arc<CallerKey>> {
    let key = CallerKey::of_secret(secret).map(Arc::new);
    key.ok_or_else(|| malformed("CALLER_SECRET", "at least 32 characters"))
}

/// Reads a whole number between two bounds.
pub(super) fn number<N>(get: &Getter<'_>, name: &str, least: N, most: N) -> Outcome<N>
where
    N: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    text(get, name)?
        .parse()
        .ok()
        .filter(|value| (&least..=&most).contains(&value))
        .ok_or_else(|| malformed(name, &format!("a whole number from {least} to {most}")))
}

pub(super) fn yes_or_no(get: &Getter<'_>, name: &str) -> Outcome<bool> {
    match text(get, name)?.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(malformed(name, "yes or no")),
    }
}

/// Returns the fault of a malformed setting. It leaves the value out, since a secret may have slipped into the wrong setting.
pub(crate) fn malformed(name: &str, expected: &str) -> Fault {
    Fault::of(Code::SettingMalformed).at(name, expected)
}
