//! Faults that an operator has to hear of at once: the line of the log that tells of one names its alarm, and filters in
//! `template.yaml` look for the names.

use domain::ports::tenant_keys;

/// The alarm that a fault's code rings; none: the code rings none.
pub fn of(code: &str) -> Option<&'static str> {
    (code == tenant_keys::LOST).then_some("tenant_key_lost")
}
