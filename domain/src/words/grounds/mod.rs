//! The grounds on which people may be written to a CRM, in words; [`legal`](crate::legal) keeps and judges them.

pub mod assessment;
pub mod chain;
pub mod clearance;
pub mod template;
