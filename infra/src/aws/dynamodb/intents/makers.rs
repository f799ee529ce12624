//! Attribution: which intent made a record.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::super::{
    batch::{self, key},
    checkpoint::Transacted,
    item::{Item, text},
    store::AwsStore,
};
use crate::aws::{fault::malformed, places};

/// How many made records one transaction notes. It has 100 actions, and one is the fence.
const CLAIMS: usize = 99;

impl AwsStore {
    /// Returns the intents to which records are attributed.
    pub(super) async fn read_makers(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<KeyedHash>>> {
        let sort = |(object, id): &(Object, RecordId)| places::maker(scope.generation, *object, id);
        let mut sorts: Vec<String> = records.iter().map(sort).collect();
        sorts.sort_unstable();
        sorts.dedup();
        let keys = sorts
            .into_iter()
            .map(|sk| key(places::integration_in(scope), sk))
            .collect();
        let client = &self.clients.dynamodb;
        let rows = batch::read(client, &self.ledger, keys, "sk, maker", &[]).await?;
        let mut by_sort = BTreeMap::new();
        for row in &rows {
            let maker = KeyedHash::parse(row.text("maker")?).ok_or_else(|| malformed("maker"))?;
            by_sort.insert(row.text("sk")?, maker);
        }
        let maker = |record| by_sort.get(sort(record).as_str()).copied();
        Ok(records.iter().map(maker).collect())
    }

    /// Attributes records to an intent, some at a time. Stops at the first of these transactions in which a put fails,
    /// and returns its records. With `unless_others` a put fails if the record is attributed to another intent.
    pub(super) async fn attribute<'a>(
        &self,
        operation: &'static str,
        scope: &Scope,
        maker: &KeyedHash,
        records: &'a [(Object, RecordId)],
        unless_others: bool,
    ) -> Outcome<Option<&'a [(Object, RecordId)]>> {
        for records in records.chunks(CLAIMS) {
            let mut actions = vec![self.admitted(scope)?];
            for record in records {
                actions.push(self.put_maker(scope, maker, record, unless_others)?);
            }
            match self.transact(operation, actions).await? {
                Transacted::Done => {}
                Transacted::FirstFailed => {
                    return Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced));
                }
                Transacted::SecondFailed => return Ok(Some(records)),
            }
        }
        Ok(None)
    }

    /// Returns the put of a record's attribution. With `unless_others` it fails if the record is attributed to another intent.
    fn put_maker(
        &self,
        scope: &Scope,
        maker: &KeyedHash,
        (object, id): &(Object, RecordId),
        unless_others: bool,
    ) -> Outcome<TransactWriteItem> {
        let sk = places::maker(scope.generation, *object, id);
        let mut row = key(places::integration_in(scope), sk);
        row.insert("maker".to_owned(), text(maker.to_string()));
        let mut put = Put::builder().table_name(&self.ledger).set_item(Some(row));
        if unless_others {
            put = put
                .condition_expression("attribute_not_exists(pk) OR maker = :maker")
                .expression_attribute_values(":maker", text(maker.to_string()));
        }
        let put = put.build().map_err(|_| malformed("made"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}
