//! A running simulator of any vendor.

use std::sync::Arc;

use axum::Router;

use super::control::Control;
use super::server::{Door, Server};
use super::state::Simulated;

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
