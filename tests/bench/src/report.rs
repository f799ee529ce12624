//! The figures: a table for the reader, and `target/bench.json`.

use std::{collections::BTreeMap, fs, io::Write, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Outcome;

/// One figure.
#[derive(Serialize, Deserialize)]
pub(crate) struct Figure {
    /// The figure.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: String,
    /// What was measured in the same run for comparison, and the conditions.
    pub(crate) beside: BTreeMap<String, Value>,
}

/// All figures by name.
pub(crate) type Figures = BTreeMap<String, Figure>;

/// Makes a figure with what is beside it.
pub(crate) fn figure<const N: usize>(value: f64, unit: &str, beside: [(&str, Value); N]) -> Figure {
    Figure {
        value: rounded(value),
        unit: unit.to_owned(),
        beside: beside
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}

/// Rounds to three places. More would be noise.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// Prints the table and writes the file.
///
/// # Errors
/// Returns an error if either cannot be written.
pub(crate) fn publish(figures: &Figures, file: &Path) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    for (name, figure) in figures {
        let beside: Vec<String> = figure
            .beside
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        writeln!(
            out,
            "{name:42} {:>14} {:28} {}",
            figure.value,
            figure.unit,
            beside.join(", ")
        )?;
    }
    fs::write(file, serde_json::to_string_pretty(figures)?)?;
    writeln!(out, "written to {}", file.display())?;
    Ok(())
}
