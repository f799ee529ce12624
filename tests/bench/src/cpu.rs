//! Time on the processor: other work on the machine does not count in it.

use std::{fs, thread, time::Duration};

use crate::Outcome;

/// What this thread has spent on the processor so far (proc(5), schedstat: nanoseconds come first). Linux only.
///
/// # Errors
/// When the system does not say.
pub(crate) fn spent() -> Outcome<Duration> {
    // The system brings the count up to date at its ticks, some milliseconds apart, and whenever a thread yields.
    thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat")
        .map_err(|error| format!("/proc/thread-self/schedstat, which Linux has: {error}"))?;
    let nanos = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(Duration::from_nanos(nanos))
}

/// What `work` spends.
///
/// # Errors
/// Its own, and when the system does not say.
pub(crate) fn of(work: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let before = spent()?;
    work()?;
    Ok(spent()?.saturating_sub(before))
}
