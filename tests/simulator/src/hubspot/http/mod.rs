//! The HTTP layer: from a request to its handler.

mod account;
mod associating;
mod associations;
mod associations_v3;
mod batch;
mod call;
mod control;
mod inputs;
mod labels;
mod list;
mod oauth;
mod of_one;
mod owners;
mod pipeline;
mod pipelines;
mod properties;
mod read;
mod route;
mod search;
mod tokens;
mod upsert;
mod write;

pub(crate) use pipeline::serve;
