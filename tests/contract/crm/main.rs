//! The contract of [`domain::ports::Crm`]: every promise of the port, checked on every connector over its simulator and
//! on the CRM in memory that the tests of the rules use. Only its abilities decide what a connector is asked.
//!
//! `cargo test -p infra --test crm_contract` prints the list of promises with a column for each backend. A text after
//! `--` selects the promises and backends whose names contain it. To check another connector, write a
//! [`Stage`](stage::Stage) for it and add it to [`stage::all`].
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a test that meets the unexpected should stop, and this one prints its own table"
)]

mod dynamics;
mod hubspot;
mod memory;
mod promises;
mod reader;
mod salesforce;
mod stage;

use std::{collections::BTreeMap, process::ExitCode, time::Duration};

use self::{promises::Promise, stage::Backend};

/// Longer than any promise takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The result of a promise on a backend.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Kept,
    Broken,
    NotAsked,
}

impl Came {
    fn text(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Broken => "BROKEN",
            // The backend's abilities exclude the promise.
            Self::NotAsked => "-",
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|text| name.contains(text));
    let (backends, promises) = (stage::all(), promises::all());
    let mut table: BTreeMap<(usize, usize), Came> = BTreeMap::new();
    for (row, promise) in promises.iter().enumerate() {
        for (column, backend) in backends.iter().enumerate() {
            let name = format!("{} {}", promise.name, backend.name);
            if is_wanted(&name) {
                table.insert((row, column), ask(promise, backend).await);
            }
        }
    }
    print(&backends, &promises, &table);
    let is_broken = table.values().any(|came| *came == Came::Broken);
    ExitCode::from(u8::from(is_broken))
}

async fn ask(promise: &Promise, backend: &Backend) -> Came {
    let stage = (backend.set)().await;
    if !(promise.is_asked)(&*stage) {
        return Came::NotAsked;
    }
    let check = (promise.check)(stage);
    match tokio::spawn(tokio::time::timeout(PATIENCE, check)).await {
        Ok(Ok(())) => Came::Kept,
        Ok(Err(_)) => {
            println!(
                "{} at {}: no end in {PATIENCE:?}",
                promise.name, backend.name
            );
            Came::Broken
        }
        // The panic has printed its own text.
        Err(_) => {
            println!("{} is broken at {}", promise.name, backend.name);
            Came::Broken
        }
    }
}

fn print(backends: &[Backend], promises: &[Promise], table: &BTreeMap<(usize, usize), Came>) {
    let width = promises.iter().map(|promise| promise.name.len()).max();
    let width = width.unwrap_or_default();
    let names: Vec<String> = backends
        .iter()
        .map(|backend| format!("{:>16}", backend.name))
        .collect();
    println!("{:width$} {}", "", names.join(""));
    for (row, promise) in promises.iter().enumerate() {
        let cells: Vec<Option<&Came>> = (0..backends.len())
            .map(|column| table.get(&(row, column)))
            .collect();
        if cells.iter().any(Option::is_some) {
            let cell = |came: &Option<&Came>| came.map_or("", |came| came.text());
            let cells: Vec<String> = cells
                .iter()
                .map(|came| format!("{:>16}", cell(came)))
                .collect();
            println!("{:width$} {}", promise.name, cells.join(""));
        }
    }
    let count = |what| table.values().filter(|came| **came == what).count();
    println!(
        "{} kept, {} broken, {} not asked for, {} promises",
        count(Came::Kept),
        count(Came::Broken),
        count(Came::NotAsked),
        promises.len()
    );
}
