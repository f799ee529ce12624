//! Answers of HubSpot, out of JSON into items that are spelled alike. Pure functions.

mod answer;
mod build;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;

pub(super) use self::{
    answer::{Listing, Row, parse, text_or_number},
    build::{id, items},
};
