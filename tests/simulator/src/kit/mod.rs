//! What the simulators share. Nothing here knows a vendor: wire formats are the vendor's.
//!
//! `records` how records are kept, edited behind the client's back, held back and deleted · `clock` the simulator's now · `fault` which request goes
//! wrong, and how · `log` what was asked · `control` requests of tests · `server` the port.

pub mod clock;
pub(crate) mod control;
pub mod fault;
pub mod log;
pub(crate) mod records;
pub(crate) mod server;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, whatever a panicking holder left behind: a test that fails should fail once.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
