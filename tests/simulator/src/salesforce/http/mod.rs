//! The HTTP layer: from a request to its handler.

mod call;
mod composite;
mod control;
mod damage;
mod deleted;
mod jobs;
mod limits;
mod oauth;
mod pipeline;
mod query;
mod record;
mod route;
mod soap;

pub(crate) use pipeline::serve;
