//! Entries of the audit: who did what, and when. They belong to the tenant and outlive the integration.

use domain::{removal::Asked, tenant::Scope};
use jiff::Timestamp;

use super::{
    batch::key,
    item::{Attributes, number, text, time},
};
use crate::aws::places;

/// Returns an entry.
pub(super) fn audit(scope: &Scope, at: Timestamp, what: &str, asked: &Asked) -> Attributes {
    let mut row = key(
        places::tenant(&scope.tenant),
        places::audit(&time(at), scope, what),
    );
    for (name, value) in [
        ("what", what),
        ("by", asked.by.as_str()),
        ("integration", scope.integration.as_str()),
    ] {
        row.insert(name.to_owned(), text(value));
    }
    row.insert("generation".to_owned(), number(scope.generation.0));
    row.insert("at".to_owned(), text(time(at)));
    row
}
