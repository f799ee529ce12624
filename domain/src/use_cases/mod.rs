//! The use cases. Each uses the floors below, and no use case uses another. Code that two of them need goes to `shared`.
//! [`ports::needs`](crate::ports::needs) lists the store ports of each.
//!
//! A use case is named by its verb. If a noun of `words` is similar, the verb takes its object: `export_copy` beside
//! `exports`, `change_settings` beside `settings`. `tests/tidy.rs` compares the names.

pub mod change_settings;
pub mod connect;
pub mod create;
pub mod dispatch;
pub mod end_tenant;
pub mod export_copy;
pub mod import;
pub mod preflight;
pub mod remove_integration;
pub mod review_held;
pub mod review_relations;
pub mod show_copy;
pub mod subject_requests;
pub mod sync;
