//! Code that several use cases share. It builds on words and ports, and knows no use case.

pub mod admission;
mod asker;
pub mod body;
pub mod crm_time;
pub mod decision;
pub mod ended;
pub mod facts;
pub mod grant;
pub mod legal;
pub mod parents;
pub mod steps;
pub mod suppressed;
pub mod view;
