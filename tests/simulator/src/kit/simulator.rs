//! A simulator of any vendor: the state that its requests share, and the server that answers them.

use std::sync::{Arc, Mutex};

use axum::Router;
use bytes::Bytes;

use super::control::Control;
use super::fault::Faults;
use super::log::Log;
use super::server::{Door, Server};

/// What the kit needs of a vendor's state.
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

/// A running simulator. It ends when it is stopped or dropped.
pub struct Simulator<S> {
    control: Control<S>,
    server: Server,
}

impl<S: Simulated> Simulator<S> {
    /// Listens on 127.0.0.1. `state` makes the state from the address, and `router` answers requests.
    pub(crate) async fn open(
        port: u16,
        state: impl FnOnce(String) -> S,
        router: Router<Arc<S>>,
    ) -> std::io::Result<Self> {
        let door = Door::open(port).await?;
        let state = Arc::new(state(door.url()?));
        let router = router.with_state(Arc::clone(&state));
        Ok(Self {
            control: Control { state },
            server: door.serve(router),
        })
    }

    /// Returns the address, such as `http://127.0.0.1:49152`. It serves logins, consents and the API.
    pub fn url(&self) -> &str {
        self.control.state.url()
    }

    /// Returns the control operations.
    pub fn control(&self) -> &Control<S> {
        &self.control
    }

    /// Closes the listener and all accepted connections.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}
