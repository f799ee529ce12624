//! The single writes of a put, in the order of the store on AWS. A test may cut the put between any two of them.

use domain::{
    ports::{Known, StoredRecord, StoredRelation},
    record::Object,
    seal::{KeyedHash, Sealed},
    tenant::Scope,
};

use super::rows::RecordKey;
use crate::MAX_ITEM_BODY;

/// One write of a put.
pub(super) enum Write {
    /// The record's item while its large body is written or deleted.
    Unfinished(RecordKey, Known),
    /// The body beside the item. `None` deletes it.
    Body(RecordKey, Option<Sealed>),
    /// A relation that the record no longer has.
    Drop(RecordKey, KeyedHash),
    Relation(RecordKey, StoredRelation),
    Record(RecordKey, Box<StoredRecord>),
}

/// Returns the writes that put records: first what lies beside them, then the records.
pub(super) fn writes(scope: &Scope, object: Object, records: Vec<StoredRecord>) -> Vec<Write> {
    let place = |record: &StoredRecord| (scope.clone(), object, record.id.clone());
    let (mut unfinished, mut bodies, mut relations) = (Vec::new(), Vec::new(), Vec::new());
    for record in &records {
        if is_large(record) || record.was_large {
            unfinished.push(Write::Unfinished(place(record), Known::unfinished(record)));
            let body = is_large(record).then(|| record.sealed.clone());
            bodies.push(Write::Body(place(record), body));
        }
        let dropped = record.dropped.iter();
        relations.extend(dropped.map(|company| Write::Drop(place(record), *company)));
        let kept = record.relations.iter();
        relations.extend(kept.map(|relation| Write::Relation(place(record), relation.clone())));
    }
    let mut writes = unfinished;
    writes.extend(bodies);
    writes.extend(relations);
    let records = records.into_iter();
    writes.extend(records.map(|record| Write::Record(place(&record), Box::new(record))));
    writes
}

pub(super) fn is_large(record: &StoredRecord) -> bool {
    record.sealed.as_bytes().len() > MAX_ITEM_BODY
}
