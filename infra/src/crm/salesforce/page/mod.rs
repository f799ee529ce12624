//! Pages of records, out of JSON and out of CSV, into items that are spelled alike. Pure functions.

mod build;
mod csv;
mod rest;
#[cfg(test)]
mod tests;

use domain::{
    progress::Position,
    record::{Item, RecordId},
};

pub use self::{
    csv::parse_csv,
    rest::{mend_utf8, parse_rest},
};
pub(super) use super::super::client::canonical::instant as read_time;

/// What a page says.
#[derive(Default)]
pub struct Parsed {
    /// Its records.
    pub items: Vec<Item>,
    /// Where the next page is, as the answer says.
    pub next: Option<String>,
    /// Whether there are no more pages, as the answer says.
    pub done: Option<bool>,
    /// Records in all pages together, as the answer says.
    pub total: Option<u64>,
    /// The first record whose place could be read.
    pub first: Option<Position>,
    /// The last one.
    pub last: Option<Position>,
    /// Records of which the answers to several queries are not of one moment, or not complete: to be fetched singly.
    pub torn: Vec<RecordId>,
}

impl Parsed {
    /// Notes the place of a record that follows the others.
    fn note(&mut self, place: Option<Position>) {
        if let Some(place) = place {
            if self.first.is_none() {
                self.first = Some(place.clone());
            }
            self.last = Some(place);
        }
    }
}
