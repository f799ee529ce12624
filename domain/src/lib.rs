//! The rules.

pub mod company;
pub mod matching;
