//! The records that a creation made, as they are added to the copy.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use domain::{fault::Outcome, ports::Made, record::Object, tenant::Scope};

use super::super::{
    batch::key,
    checkpoint::put,
    copy_rows, decision_rows,
    item::{Attributes, number},
    store::AwsStore,
};
use crate::aws::{fault::malformed, places};

impl AwsStore {
    /// Returns the actions that add made records to the copy, with their relations, and count them.
    pub(super) fn copies_of(
        &self,
        scope: &Scope,
        made: &[Made],
        counted: &[Object],
    ) -> Outcome<Vec<TransactWriteItem>> {
        let mut actions = Vec::new();
        let mut counts: BTreeMap<Object, u32> = BTreeMap::new();
        for made in made {
            if let Some(decision) = &made.decision {
                let row = decision_rows::of_decision(scope, decision);
                actions.push(put(&self.ledger, row)?);
            }
            let Some(record) = made.record.as_ref().filter(|one| !copy_rows::is_large(one)) else {
                continue;
            };
            let object = made.object;
            *counts.entry(object).or_default() += 1;
            let shard = places::record_shard(scope, object, &record.id);
            for relation in &record.relations {
                let row = copy_rows::relation_attributes(scope, &shard, &record.id, relation);
                actions.push(self.put_new(row)?);
            }
            actions.push(self.put_new(copy_rows::record_row(scope, shard, record.clone()))?);
        }
        // For an object that was never read, the first reading will count the records.
        for (object, count) in counts.into_iter().filter(|(of, _)| counted.contains(of)) {
            actions.push(self.count_up(scope, object, count)?);
        }
        Ok(actions)
    }

    fn put_new(&self, row: Attributes) -> Outcome<TransactWriteItem> {
        let put = Put::builder()
            .table_name(&self.copies)
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| malformed("put"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    fn count_up(&self, scope: &Scope, object: Object, count: u32) -> Outcome<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::progress(scope.generation, object),
            )))
            .update_expression("ADD held :held")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":held", number(count))
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}
