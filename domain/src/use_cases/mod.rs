//! The use cases. Each stands on what is below, and none knows another: what two of them need goes to `shared`.
//! [`ports::needs`](crate::ports::needs) says what each may touch of the store.
//!
//! A use case is named by its verb. Where a noun of the words is close to it, the verb takes its object along:
//! `export_copy` beside `exports`, `change_settings` beside `settings`. `tests/tidy.rs` compares the names.

pub mod change_settings;
pub mod connect;
pub mod create;
pub mod dispatch;
pub mod export_copy;
pub mod import;
pub mod preflight;
pub mod remove_integration;
pub mod review_held;
pub mod review_relations;
pub mod show_copy;
pub mod subject_requests;
pub mod sync;
