//! The function api. It answers each request from API Gateway.

use std::process::ExitCode;

use abgleich::{api, entry, settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entry::run(settings::Api::read, api::handle).await
}
