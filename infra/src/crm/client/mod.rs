//! What every connector shares. Nothing here names a vendor. A vendor's folder describes the vendor in a
//! [`Vendor`](vendor::Vendor) value, which includes the functions that read its answers.
//!
//! | module | what |
//! | --- | --- |
//! | `vendor` | what the kit needs to know about a vendor: data, and the functions that read its answers |
//! | [`settings`] | timeouts, retries, the operator's apps |
//! | [`deployed`] | what a vendor wants the operator to set, and what the deployment says |
//! | [`gate`] | which hosts and addresses may be contacted |
//! | `http`, `refusal`, `retry`, `meter` | one request; what to do after a refusal; retries; counts of what was used |
//! | `oauth`, `jwt`, `session` | tokens and their renewal, and requests with them |
//! | [`consent`] | consents to the operator's app |
//! | `paging` | pages without end, and pages that end too early |
//! | `nulls` | null in an answer counts as absent |
//! | `canonical` | one spelling for each value |
//! | `sources` | where in a record's fields the values of every CRM are |
//! | `wording` | what the names of customers' own fields say |

pub(super) mod canonical;
pub mod consent;
pub mod deployed;
pub mod gate;
pub(super) mod http;
mod jwt;
pub(super) mod meter;
pub(super) mod nulls;
pub(super) mod oauth;
pub(super) mod paging;
pub(super) mod refusal;
pub(super) mod retry;
pub(super) mod session;
pub mod settings;
pub(super) mod sources;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod testing;
pub(super) mod vendor;
pub(super) mod wording;

pub use self::settings::{Client, ClientSettings, Retry, Told};
