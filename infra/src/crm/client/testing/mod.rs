//! What the kit's own tests share.

mod row;
mod server;
mod vendor;

use domain::fault::Kind;

pub(super) use self::{
    row::Row,
    server::{Seen, Server},
    vendor::{TEST, TOKENS, VENDOR},
};
use super::{ClientSettings, Retry};

/// Returns settings with short waits that allow this machine.
pub(super) fn settings() -> ClientSettings {
    use std::time::Duration;
    ClientSettings {
        allow_loopback: true,
        retry: Retry {
            tries: 3,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(2),
            longest_asked: Duration::from_secs(1),
            total: Duration::from_secs(5),
        },
        ..ClientSettings::default()
    }
}

/// The cases of a table of refusals.
pub(super) const REFUSALS: [(u16, &str, Kind); 4] = [
    (401, r#"{"error":"invalid_client"}"#, Kind::Operator),
    (400, r#"{"error":"invalid_grant"}"#, Kind::Revoked),
    (503, r#"{"error":"busy"}"#, Kind::Transient),
    (400, r#"{"error":"unheard_of"}"#, Kind::Permanent),
];
