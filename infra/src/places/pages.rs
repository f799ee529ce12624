//! Keys in the bucket Pages.

use std::fmt::Write as _;

use domain::{
    record::{Object, RecordId},
    tenant::{ExportId, RunId, Scope},
};

use super::Shape;

/// Returns the prefixes of everything that a generation has in the bucket Pages: pages, bodies, exports.
pub fn prefixes(scope: &Scope) -> [String; 3] {
    [Shape::Page, Shape::Body, Shape::Export].map(|shape| {
        format!(
            "{}{}/{}/{}/",
            shape.word(),
            scope.tenant,
            scope.integration,
            scope.generation
        )
    })
}

/// Returns the key of a page as the CRM sent it.
pub fn page(scope: &Scope, object: Object, run: &RunId, page: u64) -> String {
    let [mut key, ..] = prefixes(scope);
    let _ = write!(key, "{object}/{run}/{page:010}");
    key
}

/// Returns the key of a body that is too large for an item. It ends in a fixed word, since a record's id may be `.` or
/// `..`, which a path would swallow.
pub fn body(scope: &Scope, object: Object, id: &RecordId) -> String {
    let [_, mut key, _] = prefixes(scope);
    let _ = write!(key, "{object}/{id}/body");
    key
}

/// Returns the key of an exported file.
pub fn export(scope: &Scope, id: &ExportId) -> String {
    let [.., key] = prefixes(scope);
    format!("{key}{id}.ndjson.gz")
}
