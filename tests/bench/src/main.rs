//! `make bench`: counts what the product promises about speed and memory, and writes `target/bench.json`.
//!
//! * [`pipeline`]: what the processor does for a record, beside a loop that does the least.
//! * [`cold_start`]: each function's way to its first poll, beside the least function.
//! * `synced.py`: the deployed sync function's own process, its memory and its requests to AWS.
//! * `removed.py`: the deployed remove function's requests to AWS.
//! * `removed_large.py`: with `ONLY=removed_large`, a removal of a million records; its program is built by
//!   `cargo build --release --locked -p bench --features removed --bin removed`.
//! * `shown.py`: how long the status of 100 companies takes, and what it asks of AWS.
//!
//! No figure is a test: on a busy machine they are worse. Settings: `RECORDS` (records of the large sync; 500,000),
//! `BESIDE=1` (other people's extractors in the same run, installed into target/beside), `ONLY`
//! (`pipeline`, `cold_start`, `sync`, `removal`, `status` or `removed_large`: that part alone).

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

/// As the functions', for both loops.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whatever goes wrong ends the benchmark.
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
    if asked("removal") {
        figures.extend(deployed("removed.py")?);
    }
    if only.as_deref() == Some("removed_large") {
        figures.extend(deployed("removed_large.py")?);
    }
    if asked("status") {
        figures.extend(deployed("shown.py")?);
    }
    report::publish(&figures, &target.join("bench.json"))
}

/// Figures of deployed functions: the local stack is driven from Python.
fn deployed(script: &str) -> Outcome<Figures> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let done = Command::new(root.join(".venv/bin/python"))
        .arg(root.join("tests/bench").join(script))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !done.status.success() {
        return Err(format!("tests/bench/{script}: {}", done.status).into());
    }
    Ok(serde_json::from_slice(&done.stdout)?)
}
