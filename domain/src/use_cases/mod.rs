//! The use cases. Each stands on what is below, and none knows another: what two of them need goes to `shared`.
//! [`ports::needs`](crate::ports::needs) says what each may touch of the store.

pub mod answer;
pub mod connect;
pub mod create;
pub mod dispatch;
pub mod export;
pub mod import;
pub mod preflight;
pub mod relate;
pub mod remove;
pub mod set;
pub mod show;
pub mod subject;
pub mod sync;
