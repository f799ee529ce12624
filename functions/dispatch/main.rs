//! The function dispatch. Each hour and each day it finds what is due, claims it and sends SyncDue.

use std::process::ExitCode;

use abgleich::{dispatch, entry, settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entry::run(settings::Dispatch::read, dispatch::handle).await
}
