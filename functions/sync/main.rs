//! The function sync. It works on each SyncDue from the queue: one slice of one integration's run.

use std::process::ExitCode;

use abgleich::{entry, settings, sync};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entry::run(settings::Sync::read, sync::handle).await
}
