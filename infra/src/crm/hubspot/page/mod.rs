//! Parses HubSpot's JSON answers into items with one spelling. All functions are pure.

mod answer;
mod build;
mod parents;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;

pub(super) use self::{
    answer::{Listing, Row, parse, text_or_number},
    build::{attributes, items},
    parents::{Parents, chosen},
};
pub(super) use super::record_id::id;
