//! Answers a query: looks up names (`bind`), finds the part of the table to read (`range`), tests rows (`test`, `like`), finds
//! them in order (`find`, `sort`), and writes them (`write`). `run` puts these together.

mod bind;
mod find;
mod like;
mod range;
mod run;
mod sort;
mod test;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use run::{Outcome, Snapshot, run};
pub(crate) use write::{Column, csv_head, csv_row, json_row};
