//! CPU time. Other processes on the machine do not count in it.

use std::{fs, thread, time::Duration};

use crate::Outcome;

/// Returns the CPU time of this thread so far (proc(5), schedstat: nanoseconds come first). Linux only.
///
/// # Errors
/// Returns an error if the system does not tell.
pub(crate) fn spent() -> Outcome<Duration> {
    // The kernel updates the count at its ticks, some milliseconds apart, and whenever a thread yields.
    thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat")
        .map_err(|error| format!("/proc/thread-self/schedstat, which Linux has: {error}"))?;
    let nanos = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(Duration::from_nanos(nanos))
}

/// Returns the CPU time of `work`.
///
/// # Errors
/// Returns the error of `work`, or one if the system does not tell.
pub(crate) fn of(work: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let before = spent()?;
    work()?;
    Ok(spent()?.saturating_sub(before))
}
