//! `make bench`: measures what the product promises about speed and memory, and writes `target/bench.json`.
//!
//! * [`pipeline`]: the CPU time for a record, beside a loop that does the minimum.
//! * [`cold_start`]: each function's time to its first poll, beside that of a minimal function.
//! * `synced.py`: the process of the deployed sync function, its memory and its requests to AWS.
//! * `hubspot_synced.py`: the same process on a HubSpot account, and its requests to HubSpot.
//! * `removed.py`: the requests of the deployed remove function to AWS.
//! * `removed_large.py`: with `ONLY=removed_large`, a removal of a million records. Its program is built by
//!   `cargo build --release --locked -p bench --features removed --bin removed`.
//! * `shown.py`: how long the status of 100 companies takes, and its requests to AWS.
//! * `costs.py`: what AWS bills for a first run, a daily run, the status of companies and a removal, in dollars.
//! * `days` (`domain/tests/days`): two days of a deployment with 100,000 integrations, simulated: who is synced, how long orders wait, and
//!   the requests. `INTEGRATIONS` says how many there are.
//! * `console.py`: what a first visit to the console loads, and long tasks on its page of 5,000 companies.
//!
//! No figure is a test, since figures are worse on a busy machine. Settings: `RECORDS` (records of the large sync;
//! 500,000), `BESIDE=1` (extractors of other projects in the same run, installed into target/beside), `ONLY` (one part
//! alone: `pipeline`, `cold_start`, `sync`, `hubspot`, `removal`, `status`, `costs`, `console`, `days` or `removed_large`).

mod cold_start;
mod cpu;
mod pipeline;
mod report;

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::report::Figures;

/// The functions' allocator, for both loops.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A result whose error ends the benchmark.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let programs = env::current_exe()?
        .parent()
        .map(Path::to_path_buf)
        .ok_or("a program lies in a folder")?;
    let target = programs
        .parent()
        .map(Path::to_path_buf)
        .ok_or("programs lie in target/release")?;
    let only = env::var("ONLY").ok();
    let asked = |part: &str| only.as_deref().is_none_or(|only| only == part);

    let mut figures = Figures::new();
    if asked("pipeline") {
        figures.extend(pipeline::measure().await?);
    }
    if asked("cold_start") {
        figures.extend(cold_start::measure(&programs).await?);
    }
    if asked("sync") {
        figures.extend(deployed("synced.py")?);
    }
    if asked("hubspot") {
        figures.extend(deployed("hubspot_synced.py")?);
    }
    if asked("removal") {
        figures.extend(deployed("removed.py")?);
    }
    if only.as_deref() == Some("removed_large") {
        figures.extend(deployed("removed_large.py")?);
    }
    if asked("status") {
        figures.extend(deployed("shown.py")?);
    }
    if asked("costs") {
        figures.extend(deployed("costs.py")?);
    }
    if asked("days") {
        figures.extend(printed(&mut Command::new(programs.join("examples/days")))?);
    }
    if asked("console") {
        figures.extend(deployed("console.py")?);
    }
    report::publish(&figures, &target.join("bench.json"))
}

/// Measures deployed functions with a Python script, which runs the local stack.
fn deployed(script: &str) -> Outcome<Figures> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    printed(Command::new(root.join(".venv/bin/python")).arg(root.join("tests/bench").join(script)))
}

/// Returns the figures that a program prints.
fn printed(program: &mut Command) -> Outcome<Figures> {
    let done = program
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !done.status.success() {
        return Err(format!("{program:?}: {}", done.status).into());
    }
    Ok(serde_json::from_slice(&done.stdout)?)
}
