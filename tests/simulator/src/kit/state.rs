//! What the kit needs of a vendor's state.

use std::sync::Mutex;

use bytes::Bytes;

use super::fault::Faults;
use super::log::Log;

/// The state that all requests of a simulator share.
pub trait Simulated: Send + Sync + 'static {
    /// Returns the address of the simulator.
    fn url(&self) -> &str;
    /// Returns the queue of faults.
    fn faults(&self) -> &Mutex<Faults>;
    /// Returns the request log.
    fn log(&self) -> &Mutex<Log>;
    /// Returns the body of the last request that creates records, as it was sent.
    fn sent(&self) -> &Mutex<Bytes>;
}
