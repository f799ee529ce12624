//! Runs the local stack's command line.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// Returns the project's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the project's own Python. `make venv` makes it.
pub(crate) fn python() -> PathBuf {
    let python = root().join(".venv/bin/python");
    assert!(
        python.exists(),
        "no {}: run `make venv` first",
        python.display()
    );
    python
}

/// Runs a script of the project. Panics with its output if it fails.
pub(crate) fn run(arguments: &[&str]) -> Output {
    let output = Command::new(python())
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("python runs");
    assert!(
        output.status.success(),
        "python {arguments:?}: {}\n{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    );
    output
}

/// Runs a script whose output is JSON.
pub(crate) fn ask(arguments: &[&str]) -> Value {
    serde_json::from_slice(&run(arguments).stdout).expect("an answer in JSON")
}

/// A server that stands in for AWS. It stops when it is dropped.
pub(crate) struct Server {
    name: String,
    /// Its address.
    pub(crate) endpoint: String,
}

impl Server {
    /// Starts `kind` (ministack or moto) under a name that no other test uses.
    pub(crate) fn start(name: &str, kind: &str) -> Self {
        let up = ask(&[
            "tests/stack",
            "up",
            "--name",
            name,
            "--kind",
            kind,
            "--no-auth",
        ]);
        Self {
            name: name.to_owned(),
            endpoint: up["endpoint"].as_str().expect("an endpoint").to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new(python())
            .args(["tests/stack", "down", "--name", &self.name])
            .current_dir(root())
            .output();
    }
}
