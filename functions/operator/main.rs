//! The operator's command line, for what the API does not offer (yet). It is not deployed.

use std::{
    io::{Write, stderr, stdout},
    process::ExitCode,
};

use abgleich::operator::{self, Args};
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let written = match operator::run(Args::parse()).await {
        Ok(answer) => writeln!(stdout(), "{answer:#}").map(|()| ExitCode::SUCCESS),
        Err(fault) => writeln!(stderr(), "{fault}").map(|()| ExitCode::FAILURE),
    };
    // If the pipe is closed, there is no reader to report to.
    written.unwrap_or(ExitCode::FAILURE)
}
