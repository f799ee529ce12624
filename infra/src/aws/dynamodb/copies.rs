//! Records and relations in Copies.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Copies, Known, StoredRecord},
    record::{Object, RecordId},
    seal::Sealed,
    tenant::{RunId, Scope},
};

use super::{
    batch::{self, key},
    copy_rows::{is_large, read_known, record_row, relation_attributes, unfinished_row},
    item::Item,
    store::AwsStore,
};
use crate::aws::{fault::fault, places};

#[async_trait]
impl Copies for AwsStore {
    async fn known(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Outcome<Vec<Option<Known>>> {
        let mut wanted: Vec<&RecordId> = ids.iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let keys = wanted
            .into_iter()
            .map(|id| key(places::record_shard(scope, object, id), id.as_str()))
            .collect();
        let rows = batch::read(
            &self.clients.dynamodb,
            &self.copies,
            keys,
            "sk, d, m, b, p, r, #l, vn",
            &[("#l", "l")],
        )
        .await?;
        let mut known: HashMap<&str, Known> = HashMap::with_capacity(rows.len());
        for row in &rows {
            known.insert(row.text("sk")?, read_known(row)?);
        }
        Ok(ids
            .iter()
            .map(|id| known.get(id.as_str()).cloned())
            .collect())
    }

    async fn put(&self, scope: &Scope, object: Object, records: Vec<StoredRecord>) -> Outcome<()> {
        // The rest of the work judges a record by its item. The item is written last, so everything beside it is there
        // by then.
        self.move_bodies(scope, object, &records).await?;
        let mut beside = Vec::new();
        for (of, record) in records.iter().enumerate() {
            if record.relations.is_empty() && record.dropped.is_empty() {
                continue;
            }
            let shard = places::record_shard(scope, object, &record.id);
            for company in &record.dropped {
                let sk = places::relation(&record.id, company);
                beside.push((of, batch::delete(key(shard.as_str(), sk))?));
            }
            for relation in &record.relations {
                let item = relation_attributes(scope, &shard, &record.id, relation);
                beside.push((of, batch::put(item)?));
            }
        }
        let items = records.into_iter().map(|record| {
            let shard = places::record_shard(scope, object, &record.id);
            batch::put(record_row(scope, shard, record))
        });
        batch::write_in_order(&self.clients.dynamodb, &self.copies, beside, items).await
    }

    async fn record(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<Sealed>> {
        let row = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.copies)
            .set_key(Some(key(
                places::record_shard(scope, object, id),
                id.as_str(),
            )))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("record_get", &error))?;
        match row.item {
            None => Ok(None),
            Some(row) if row.contains_key("l") => {
                let body = self.pages.get(&places::body(scope, object, id)).await?;
                // The item is written before the body. The body is on its way, or a later slice writes it.
                body.map(Some)
                    .ok_or_else(|| Fault::of(Code::CopiesBodyMissing))
            }
            Some(row) => Ok(Some(Sealed::from_stored(row.blob("s")?.to_vec()))),
        }
    }

    async fn put_page(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        page: u64,
        sealed: Sealed,
    ) -> Outcome<()> {
        let key = places::page(scope, object, run, page);
        self.pages.put(&key, sealed).await
    }
}

impl AwsStore {
    /// Puts large bodies beside the items and deletes the bodies of items that shrank. First it writes an item that
    /// calls itself unfinished, so that no body exists without an item that names it.
    async fn move_bodies(
        &self,
        scope: &Scope,
        object: Object,
        records: &[StoredRecord],
    ) -> Outcome<()> {
        let moved: Vec<&StoredRecord> = records
            .iter()
            .filter(|record| record.was_large || is_large(record))
            .collect();
        let unfinished = moved
            .iter()
            .map(|record| batch::put(unfinished_row(scope, object, record)))
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.copies, unfinished).await?;
        // Large records are rare, so they are moved one after the other.
        for record in moved {
            let body = places::body(scope, object, &record.id);
            if is_large(record) {
                self.pages.put(&body, record.sealed.clone()).await?;
            } else {
                self.pages.delete(&body).await?;
            }
        }
        Ok(())
    }
}
