//! The function companies. It imports each file of the vendor's company database that is put into the bucket for
//! reference data.

use std::process::ExitCode;

use abgleich::{companies, entry, settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entry::run(settings::Companies::read, companies::handle).await
}
