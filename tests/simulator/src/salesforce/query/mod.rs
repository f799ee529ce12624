//! Answering a query: names looked up (`bind`), the part of the table to read (`range`), rows tested, sorted and written.

mod bind;
mod range;
mod run;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use run::{Outcome, Snapshot, run};
pub(crate) use write::{Column, csv_head, csv_row, json_row};
