//! Search: parsing a request, matching records, and ordering them.

mod filter;
mod parse;
mod run;

pub(crate) use parse::{Search, WINDOW};
pub(crate) use run::run;
