//! An integration that is due, and when its open run is looked at again.

use jiff::{SignedDuration, Timestamp};

use super::OpenRun;
use crate::tenant::Scope;

/// The time after an order at which dispatch looks whether it was lost.
pub const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(55);

/// The longest time between two looks at an open run. The queue keeps an order for a day, so one of the last two is still there.
const LOOK_AT_LATEST: SignedDuration = SignedDuration::from_hours(12);

/// Returns when dispatch looks again at an open run on which nobody has worked since a time. An order that nobody took may be lost, or
/// may wait in a queue that is longer than an hour. With a look each hour, each waiting run would have as many orders in the queue as
/// the queue has hours. So the next look is as far away as the last work, and in a day there are five.
pub fn look_again(idle_since: Timestamp, now: Timestamp) -> Timestamp {
    let wait = now
        .duration_since(idle_since)
        .clamp(LOOK_AGAIN, LOOK_AT_LATEST);
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// An integration that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The scope.
    pub scope: Scope,
    /// The due time under which it was found. A claim is conditional on it.
    pub due: Timestamp,
    /// Whether it is being removed. Then only its removal may be ordered.
    pub removing: bool,
    /// The unfinished run, if there is one.
    pub open_run: Option<OpenRun>,
    /// The deadline of the slice that began last, if one has begun on the open run. It may have given its lease back since then, long
    /// before it is looked at.
    pub leased_until: Option<Timestamp>,
    /// The hour of the day that the tenant's administrator chose.
    pub hour: Option<u8>,
}
