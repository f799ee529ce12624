//! The local stack's own command line.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// Where the project is.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The project's own Python, which `make venv` makes.
pub(crate) fn python() -> PathBuf {
    let python = root().join(".venv/bin/python");
    assert!(
        python.exists(),
        "no {}: run `make venv` first",
        python.display()
    );
    python
}

/// Runs a script of the project; panics with what it said when it fails.
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

/// Runs a script that answers in JSON.
pub(crate) fn ask(arguments: &[&str]) -> Value {
    serde_json::from_slice(&run(arguments).stdout).expect("an answer in JSON")
}

/// An AWS of this machine; ends with its value.
pub(crate) struct Server {
    name: String,
    /// Where it listens.
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
