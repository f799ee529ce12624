//! Names of rows, for snapshots and for what a removal leaves.

use domain::seal::KeyedHash;

use super::rows::{PageKey, RecordKey};

pub(super) fn name((scope, object, id): &RecordKey) -> String {
    format!("{scope}/{object}/{id}")
}

pub(super) fn relation_name((place, company): &(RecordKey, KeyedHash)) -> String {
    format!("{}/{company}", name(place))
}

pub(super) fn page_name((scope, run, object, page): &PageKey) -> String {
    format!("{scope}/{run}/{object}/{page}")
}
