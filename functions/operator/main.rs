//! Not deployed: the operator's command line, for what the API does not offer (yet).

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
    // Whoever closed the pipe does not want to know.
    written.unwrap_or(ExitCode::FAILURE)
}
