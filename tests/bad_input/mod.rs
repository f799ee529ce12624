//! Bad input, as one list. Each ends in a clear error that names what was wrong and holds nothing of what it said; nothing
//! is lost by it, and nothing else is stopped by it.
//!
//! | what arrives | what comes of it | where |
//! | --- | --- | --- |
//! | an event that is none of ours | refused by the name of its field; the dead-letter queue has it in the end | [`orders`] |
//! | an order for a tenant that is not there | said, and done with | [`orders`] |
//! | an object that the CRM or we do not know | that object fails by name, the others are copied | [`crm`] |
//! | an answer that is cut off, by REST or in bulk | asked for again; nothing is taken for whole that is not | [`crm`] |
//! | an answer that is not UTF-8, by REST or in bulk | asked for again; where it stays so, the record is set aside by its id | [`crm`] |
//! | a field of 2 MB | the record is set aside by its id | [`crm`] |
//! | an id with odd characters | the record is set aside | [`crm`] |
//! | a page that repeats a record | it is copied once | [`crm`] |
//! | a file of companies without a column, or none at all | refused by the column's name; the file before stays | [`files`] |
//!
//! Bodies, rules and connector are the deployed ones, the CRM is the simulator, and the stores are in memory.

mod crm;
mod files;
mod orders;
mod world;
