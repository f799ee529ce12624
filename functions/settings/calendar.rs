//! When the operator lets runs begin.

use domain::{
    fault::Outcome,
    settings::{Calendar, Spread},
};
use jiff::SignedDuration;

use super::{Getter, values::number};

/// Reads `SYNC_INTERVAL_MINUTES`, `SPREAD_FROM_HOUR` and `SPREAD_HOURS`. No spread hours leave the beginning to the daily rule.
///
/// # Errors
/// Returns a permanent fault that names the missing or malformed setting.
pub(super) fn calendar(get: &Getter<'_>) -> Outcome<Calendar> {
    let from = number(get, "SPREAD_FROM_HOUR", 0, 23)?;
    let hours = number(get, "SPREAD_HOURS", 0, 24)?;
    Ok(Calendar {
        interval: SignedDuration::from_mins(number(get, "SYNC_INTERVAL_MINUTES", 0, 10_080)?),
        spread: (hours > 0).then_some(Spread { from, hours }),
    })
}
