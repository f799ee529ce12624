//! Parses HubSpot's JSON answers into items with one spelling. All functions are pure.

mod answer;
mod beside;
mod build;
mod number;
mod parents;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;

pub(super) use self::{
    answer::{Listing, Row, parse},
    beside::{Beside, SaidOfOne, Told},
    build::{attributes, items},
    number::text_or_number,
    parents::{Parents, chosen},
};
pub(super) use super::record_id::id;
