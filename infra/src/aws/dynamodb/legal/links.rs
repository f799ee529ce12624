//! What the rows of both chains have in common: number, hashes, time and people. Each row is written once.

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use domain::{fault::Outcome, legal::chain::ChainHash, seal::KeyedHash};
use jiff::Timestamp;

use super::{
    super::{
        item::{Attributes, Item, blob, number, text, time},
        store::AwsStore,
    },
    person,
};
use crate::aws::fault::malformed;

/// An entry of a chain, without what it is about.
pub(super) struct Link {
    pub(super) number: u64,
    pub(super) previous: ChainHash,
    pub(super) hash: ChainHash,
    pub(super) at: Timestamp,
    pub(super) people: Vec<KeyedHash>,
}

impl Link {
    /// Reads it from a row.
    pub(super) fn of(row: &Attributes) -> Outcome<Self> {
        let people = row.get("people").and_then(|list| list.as_l().ok());
        let people = people.ok_or_else(|| malformed("people"))?.iter();
        Ok(Self {
            number: row.number("number")?,
            previous: chain_hash(row, "previous")?,
            hash: chain_hash(row, "hash")?,
            at: row.time("at")?,
            people: people
                .map(|one| person(one.as_s().ok().map(String::as_str)))
                .collect::<Outcome<_>>()?,
        })
    }
}

impl AwsStore {
    /// Returns the action that appends a row to a chain, unless its number is taken. `row` has its key and what the entry is about.
    pub(super) fn append(&self, mut row: Attributes, link: &Link) -> Outcome<TransactWriteItem> {
        let mut put = |name: &str, value| row.insert(name.to_owned(), value);
        put("number", number(link.number));
        put("previous", blob(link.previous.as_bytes()));
        put("hash", blob(link.hash.as_bytes()));
        put("at", text(time(link.at)));
        let people = link.people.iter().map(|person| text(person.to_string()));
        put("people", AttributeValue::L(people.collect()));
        let put = Put::builder()
            .table_name(&self.ledger)
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| malformed("link"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

pub(super) fn chain_hash(row: &Attributes, name: &'static str) -> Outcome<ChainHash> {
    ChainHash::from_bytes(row.blob(name)?).ok_or_else(|| malformed(name))
}
