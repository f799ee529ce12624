//! What the simulators share. Nothing here depends on a vendor: wire formats are in the vendors' folders.
//!
//! `simulator`, `state`, `server` a running simulator, its state, its listener · `control` control operations, in process and over HTTP ·
//! `records` how records are stored, edited behind the client's back, held back and deleted · `packed` the values of a
//! record · `clock` the simulator's time · `fault` which requests go wrong, and how · `log` the request log · `answer`
//! common forms of answers · `damage` the last steps of an answer.

pub(crate) mod answer;
pub mod clock;
pub mod control;
pub(crate) mod damage;
pub mod fault;
pub mod log;
pub(crate) mod packed;
pub(crate) mod records;
mod server;
pub mod simulator;
pub mod state;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex even if a holder has panicked: a failing test should fail only once.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
