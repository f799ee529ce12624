//! Parses Dataverse's answers into items with one spelling. All functions are pure.

mod answer;
mod build;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;

pub(super) use self::{
    answer::parse,
    build::{Row, attributes, items},
};
