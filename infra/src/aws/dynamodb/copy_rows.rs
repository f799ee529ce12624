//! Rows of the table Copies: records and relations.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::Outcome,
    ports::{Fingerprint, HeldToken, Known, StoredRecord, StoredRelation},
    record::{Object, RecordId},
    seal::{Digest, KeyedHash},
    tenant::Scope,
    vanished::Vanished,
};
use jiff::Timestamp;
use matching::RelationStatus;

use super::{
    batch::key,
    item::{Attributes, Item, blob, number, text},
};
use crate::{
    MAX_ITEM_BODY,
    aws::{fault::malformed, places},
};

/// How many attributes a record's item has at most. A map of this capacity is allocated once, a growing one three
/// times.
const MOST_ATTRIBUTES: usize = 13;

pub(super) fn is_large(record: &StoredRecord) -> bool {
    record.sealed.as_bytes().len() > MAX_ITEM_BODY
}

pub(super) fn record_row(scope: &Scope, shard: String, record: StoredRecord) -> Attributes {
    let large = is_large(&record);
    let mut item = Attributes::with_capacity(MOST_ATTRIBUTES);
    let mut put = |name: &str, value| item.insert(name.to_owned(), value);
    put("pk", text(shard));
    put("sk", text(record.id.as_str()));
    put("d", blob(record.digest.as_bytes()));
    put("m", number(record.modified.as_millisecond()));
    put("b", number(record.born));
    put("p", number(record.page));
    if !record.relations.is_empty() {
        let related: Vec<KeyedHash> = record
            .relations
            .iter()
            .map(|relation| relation.company)
            .collect();
        put("r", companies(&related));
        if let Some(fingerprint) = Fingerprint::of_stored(&record.relations) {
            put("f", blob(fingerprint.as_bytes()));
        }
    }
    for (name, hash) in [
        ("he", record.lookups.email),
        ("hd", record.lookups.domain),
        ("hp", record.lookups.parent),
    ] {
        if let Some(hash) = hash {
            put(name, text(places::lookup(scope, &hash)));
        }
    }
    if let Some(projection) = record.projection {
        // While the deletion of a record waits for a decision, the index by parent must not carry its projection.
        let name = match record.vanished {
            Some(Vanished::Waiting) => "xq",
            Some(Vanished::Left) | None => "q",
        };
        put(name, AttributeValue::B(projection.into_bytes().into()));
    }
    if let Some(vanished) = record.vanished {
        put(VANISHED, text(vanished_name(vanished)));
    }
    if large {
        put("l", AttributeValue::Bool(true));
    } else {
        let sealed = record.sealed.into_bytes();
        put("s", AttributeValue::B(sealed.into()));
    }
    item
}

/// Returns a record's item for the time during which its body is written or deleted.
pub(super) fn unfinished_row(scope: &Scope, object: Object, record: &StoredRecord) -> Attributes {
    let shard = places::record_shard(scope, object, &record.id);
    let known = Known::unfinished(record);
    let mut item = key(shard, record.id.as_str());
    let mut put = |name: &str, value| item.insert(name.to_owned(), value);
    put("d", blob(known.digest.as_bytes()));
    put("m", number(known.modified.as_millisecond()));
    put("b", number(known.born));
    put("p", number(known.page));
    put("l", AttributeValue::Bool(true));
    if !known.relations.is_empty() {
        put("r", companies(&known.relations));
    }
    if let Some(vanished) = known.vanished {
        put(VANISHED, text(vanished_name(vanished)));
    }
    item
}

/// Returns a list of companies as a record's item stores it.
pub(super) fn companies(companies: &[KeyedHash]) -> AttributeValue {
    let names = companies.iter().map(|company| text(company.to_string()));
    AttributeValue::L(names.collect())
}

pub(super) fn relation_attributes(
    scope: &Scope,
    shard: &str,
    id: &RecordId,
    relation: &StoredRelation,
) -> Attributes {
    let mut item = key(shard, places::relation(id, &relation.company));
    let mut put = |name: &str, value| item.insert(name.to_owned(), value);
    put("hc", text(places::lookup(scope, &relation.company)));
    put("st", text(relation.status.name()));
    put("sc", number(relation.score));
    if relation.status == RelationStatus::Suggested {
        put("hr", text(places::review_of(scope, id)));
    }
    if let Some(link) = &relation.link {
        put("s", blob(link.as_bytes()));
    }
    item
}

/// Reads the companies that a record's item names.
pub(super) fn read_companies(row: &Attributes) -> Outcome<Vec<KeyedHash>> {
    let Some(list) = row.get("r") else {
        return Ok(Vec::new());
    };
    list.as_l()
        .map_err(|_| malformed("r"))?
        .iter()
        .map(|company| {
            company
                .as_s()
                .ok()
                .and_then(|text| KeyedHash::parse(text))
                .ok_or_else(|| malformed("r"))
        })
        .collect()
}

/// The parent of a record's item, as a keyed hash.
pub(super) fn parent(row: &Attributes) -> Outcome<Option<KeyedHash>> {
    if !row.contains_key("hp") {
        return Ok(None);
    }
    let hash = places::hash_of_lookup(row.text("hp")?);
    hash.map(Some).ok_or_else(|| malformed("hp"))
}

pub(super) fn read_known(row: &Attributes) -> Outcome<Known> {
    let relations = read_companies(row)?;
    Ok(Known {
        digest: Digest::from_bytes(row.blob("d")?).ok_or_else(|| malformed("d"))?,
        modified: modified(row)?,
        born: row.number("b")?,
        page: row.number("p")?,
        relations,
        large: row.contains_key("l"),
        vanished: vanished(row)?,
    })
}

/// The attribute that holds the state of a held-back deletion, here and in the Ledger.
pub(super) const VANISHED: &str = "vn";

pub(super) fn vanished_name(vanished: Vanished) -> &'static str {
    match vanished {
        Vanished::Waiting => "waiting",
        Vanished::Left => "left",
    }
}

pub(super) fn vanished(row: &Attributes) -> Outcome<Option<Vanished>> {
    match row.optional_text(VANISHED) {
        None => Ok(None),
        Some("waiting") => Ok(Some(Vanished::Waiting)),
        Some("left") => Ok(Some(Vanished::Left)),
        Some(_) => Err(malformed(VANISHED)),
    }
}

pub(super) fn modified(row: &Attributes) -> Outcome<Timestamp> {
    Timestamp::from_millisecond(row.number("m")?).map_err(|_| malformed("m"))
}

/// Parses `shard` or `shard sort-key`. A record's id contains no blank.
pub(super) fn read_token(token: &HeldToken) -> Outcome<(u32, Option<String>)> {
    let (shard, start) = match token.0.split_once(' ') {
        None => (token.0.as_str(), None),
        Some((shard, sk)) => (shard, Some(sk.to_owned())),
    };
    let shard = shard.parse().map_err(|_| malformed("held token"))?;
    Ok((shard, start))
}

/// Returns the token of what follows in a list over all shards: the place in this shard, or the next shard.
pub(super) fn next_shard(shard: u32, last: Option<String>) -> Option<HeldToken> {
    match last {
        Some(last) => Some(HeldToken(format!("{shard} {last}"))),
        None if shard + 1 < places::SHARDS => Some(HeldToken((shard + 1).to_string())),
        None => None,
    }
}

/// Reads the status of a relation.
pub(super) fn status(row: &Attributes) -> Outcome<RelationStatus> {
    RelationStatus::find(row.text("st")?).ok_or_else(|| malformed("st"))
}
