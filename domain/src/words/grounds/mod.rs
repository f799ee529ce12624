//! The types of the legal bases on which people may be written to a CRM. [`legal`](crate::legal) stores and evaluates them.

pub mod assessment;
mod basis;
pub mod chain;
pub mod changes;
mod purpose;
pub mod template;
mod text;
