//! Search: what a request asks for, which records match, and in which order they come.

mod filter;
mod parse;
mod run;

pub(crate) use parse::{Search, WINDOW};
pub(crate) use run::run;
