//! Answers a query: looks up names (`bind`), finds the part of the table to read (`range`), tests, sorts and writes rows.

mod bind;
mod range;
mod run;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use run::{Outcome, Snapshot, run};
pub(crate) use write::{Column, csv_head, csv_row, json_row};
