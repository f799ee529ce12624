//! Keys of records and relations in the table Copies, and of its indexes.

use std::fmt::{self, Write as _};

use domain::{
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::{Shape, spread};

/// The number of partitions over which one object of one integration is spread. DynamoDB takes 1,000 writes a second in each.
pub const SHARDS: u32 = 16;

/// Returns a partition of an object's records.
pub fn shard(scope: &Scope, object: Object, shard: u32) -> String {
    scoped(scope, format_args!("{object}#{shard:02}"))
}

/// Returns the partition of a record.
pub fn record_shard(scope: &Scope, object: Object, id: &RecordId) -> String {
    shard(scope, object, spread(id.as_str(), SHARDS))
}

/// Returns the sort key of a relation, which follows its record's.
pub fn relation(id: &RecordId, company: &KeyedHash) -> String {
    format!("{id}#{}{company}", Shape::Relation.word())
}

/// Returns the prefix of the sort keys of a record's relations.
pub fn relations_of(id: &str) -> String {
    format!("{id}#{}", Shape::Relation.word())
}

/// Returns the key of a hash in an index. It belongs to one generation, whatever the index.
pub fn lookup(scope: &Scope, hash: &KeyedHash) -> String {
    scoped(scope, format_args!("{hash}"))
}

/// The hash in what [`lookup`] made.
pub fn hash_of_lookup(text: &str) -> Option<KeyedHash> {
    KeyedHash::parse(text.rsplit('#').next()?)
}

/// Returns a key within a scope. Several are made for each record, so the capacity is reserved at once. `format!`
/// starts small and grows.
fn scoped(scope: &Scope, rest: fmt::Arguments<'_>) -> String {
    let (tenant, integration) = (scope.tenant.as_str(), scope.integration.as_str());
    let mut text = String::with_capacity(tenant.len() + integration.len() + 40);
    text.extend(["T#", tenant, "#", integration, "#"]);
    // Writing to a `String` cannot fail.
    let _ = write!(text, "{}#{rest}", scope.generation);
    text
}

/// Returns the `n`-th partition of the index of suggested relations. There are as many as partitions of records, since
/// each relation is written with its record.
pub fn review(scope: &Scope, n: u32) -> String {
    format!(
        "T#{}#{}#{}#{n:02}",
        scope.tenant, scope.integration, scope.generation
    )
}

/// Returns the partition of the index of suggested relations for a record's relations.
pub fn review_of(scope: &Scope, id: &RecordId) -> String {
    review(scope, spread(id.as_str(), SHARDS))
}

/// Returns the object of a partition of Copies.
pub fn object_of(partition: &str) -> Option<Object> {
    Object::parse(partition.split('#').nth(4)?).ok()
}
