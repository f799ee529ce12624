//! The function console. It serves the files that `make console` built, which are part of this program.

use std::process::ExitCode;

use abgleich::{
    console::{self, File},
    entry, settings,
};

// `FILES`, which build.rs writes. It has no files if the console was not built before this program.
include!(concat!(env!("OUT_DIR"), "/files.rs"));

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entry::run(settings::Console::read, |settings, event, _| {
        console::handle(FILES, settings, event)
    })
    .await
}
