//! The function remove. It works on each RemovalDue from the queue: one slice of one integration's removal. It
//! also ends tenants, by OffboardingDue.

use std::process::ExitCode;

use abgleich::{entry, remove, settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entry::run(settings::Remove::read, remove::handle).await
}
