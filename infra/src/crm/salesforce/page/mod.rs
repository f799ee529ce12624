//! Parses pages of records, from JSON and from CSV, into items with one spelling. All functions are pure.
//!
//! | file | what |
//! | --- | --- |
//! | `rest`, `csv`, `utf8` | the two forms of a page: JSON of queries, CSV of bulk jobs; bytes that are not UTF-8 |
//! | `spelling`, `slots` | how either form writes values; single values of a row |
//! | `build`, `words`, `people` | a row becomes an item, with the words of every CRM and its people |

mod build;
mod csv;
mod people;
mod rest;
mod slots;
mod spelling;
#[cfg(test)]
mod tests;
mod utf8;
mod words;

use domain::{
    progress::Position,
    record::{Item, RecordId},
};

pub use self::{csv::parse_csv, rest::parse_rest, utf8::mend_utf8};
pub(super) use super::super::client::canonical::instant as read_time;

/// A parsed page.
#[derive(Default)]
pub struct Parsed {
    /// Its records.
    pub items: Vec<Item>,
    /// The next page, as the answer names it.
    pub next: Option<String>,
    /// Whether this is the last page, as the answer says.
    pub done: Option<bool>,
    /// The number of records in all pages, as the answer says.
    pub total: Option<u64>,
    /// The position of the first record that has a readable one.
    pub first: Option<Position>,
    /// The position of the last record that has a readable one.
    pub last: Option<Position>,
    /// Records whose parts come from different moments or are incomplete, in answers to several queries. They have to
    /// be fetched singly.
    pub torn: Vec<RecordId>,
}

impl Parsed {
    /// Notes the position of a record that follows the others.
    fn note(&mut self, place: Option<Position>) {
        if let Some(place) = place {
            if self.first.is_none() {
                self.first = Some(place.clone());
            }
            self.last = Some(place);
        }
    }
}
