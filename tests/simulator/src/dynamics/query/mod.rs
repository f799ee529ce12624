//! Queries: `$filter`, `$orderby`, paging, aggregates, FetchXML, and change tracking.

mod aggregate;
mod cookie;
mod fetch;
mod filter;
mod literal;
mod order;
mod parse;
mod run;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use self::aggregate::{counted, numbers};
pub(crate) use self::cookie::Cookie;
pub(crate) use self::fetch::Fetch;
pub(crate) use self::parse::{filter, orders};
pub(crate) use self::run::Query;
pub(crate) use self::token::{DeltaToken, Tracking};
