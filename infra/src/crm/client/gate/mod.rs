//! Decides which hosts may be contacted. A host comes with the tenant's credentials or with an answer, so it is not
//! trusted. Without this gate it could name services of the machine itself (in Lambda, 127.0.0.1:9001 is the Runtime API).
//!
//! The first gate, `hosts`, checks the URL. The second one, [`addresses`], checks the addresses to which its host
//! resolves, at each connection.

pub mod addresses;
mod hosts;
