//! Each hour and each day: finds what is due, claims it, sends SyncDue.

use std::process::ExitCode;

use abgleich::{dispatch, entry, settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entry::run(settings::Dispatch::read, dispatch::handle).await
}
