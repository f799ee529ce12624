//! Each file put into the bucket for reference data: the vendor's company database.

use std::process::ExitCode;

use abgleich::{companies, entry, settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entry::run(settings::Companies::read, companies::handle).await
}
