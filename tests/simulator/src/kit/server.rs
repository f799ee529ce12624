//! A server on 127.0.0.1, from binding its port to its end.

use std::net::Ipv4Addr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A bound port that is not served yet, since the server may have to know its address first.
pub(super) struct Door(TcpListener);

/// A server. It ends when it is stopped or dropped.
pub(super) struct Server {
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Door {
    /// Binds a port. With 0 the system chooses.
    pub(super) async fn open(port: u16) -> std::io::Result<Self> {
        Ok(Self(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?))
    }

    /// Returns the address, such as `http://127.0.0.1:49152`.
    pub(super) fn url(&self) -> std::io::Result<String> {
        Ok(format!("http://{}", self.0.local_addr()?))
    }

    /// Answers requests from now on.
    pub(super) fn serve(self, router: Router) -> Server {
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let serving = axum::serve(self.0, router).into_future();
            tokio::select! {
                _ = serving => {}
                _ = stopped => {}
            }
        });
        Server {
            stop: Some(stop),
            task,
        }
    }
}

impl Server {
    /// Closes the listener and all accepted connections.
    pub(super) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
