//! The HTTP layer: from a request to its handler.

mod actions;
mod batch;
mod call;
mod control;
mod fetch;
mod functions;
mod key;
mod list;
mod metadata;
mod oauth;
mod page;
mod parts;
mod pipeline;
mod prefer;
mod record;
mod route;
mod several;
mod shape;
mod tokens;
mod tracking;
mod troubles;

pub(crate) use pipeline::serve;
