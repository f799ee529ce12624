//! Bad input, as one list. Each case ends in a clear error that names what is wrong and has nothing of the input's
//! content. No data is lost, and nothing else is stopped.
//!
//! | what arrives | what happens | where |
//! | --- | --- | --- |
//! | an event of unknown form | refused, naming the field; it ends in the dead-letter queue | [`orders`] |
//! | an order for an unknown tenant | logged, and consumed | [`orders`] |
//! | an object that the CRM or we do not know | that object fails by name, and the others are copied | [`crm`] |
//! | a truncated answer, by REST or in bulk | requested again; a partial answer is never taken for a whole one | [`crm`] |
//! | an answer that is not UTF-8, by REST or in bulk | requested again; if it stays so, the record is quarantined by its id | [`crm`] |
//! | a field of 2 MB | the record is quarantined by its id | [`crm`] |
//! | an id with odd characters | the record is quarantined | [`crm`] |
//! | a page that repeats a record | it is copied once | [`crm`] |
//! | a company file that lacks a column, or all of them | refused, naming the column; the earlier file stays | [`files`] |
//!
//! Bodies, rules and connector are the deployed ones. The CRM is the simulator, and the stores are in memory.

mod crm;
mod files;
mod orders;
mod world;
