//! Connectors: each speaks one vendor's API and answers in the words of [`domain::ports::Crm`].
//!
//! | folder | CRM |
//! | --- | --- |
//! | [`salesforce`] | Salesforce: REST, Bulk API 2.0, OAuth |
//!
//! Nothing here knows AWS, and nothing here decides what happens to a record: a connector fetches, spells alike, and says
//! what a failure means.

pub mod salesforce;
