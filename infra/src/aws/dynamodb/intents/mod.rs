//! Intents to create records. They are rows of their generation and change under the fence.

mod copies;
mod makers;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::{
    fault::{AwsCode, Code, Fault, Kind, Outcome},
    ports::{Concluded, Intents, Made, Runs, StoredIntent},
    record::{Object, RecordId},
    seal::{Digest, KeyedHash, Sealed},
    tenant::Scope,
};

use super::{
    batch::key,
    checkpoint::Transacted,
    item::{Item, blob, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, given_back, malformed},
    places,
};

/// The condition that the row is as the caller saw it.
const AS_SEEN: &str = "revision = :before";

impl AwsStore {
    fn put_of_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<TransactWriteItem> {
        let sk = places::intent(scope.generation, &intent.key);
        let mut row = key(places::integration_in(scope), sk);
        let mut put = |name: &str, value| row.insert(name.to_owned(), value);
        put("digest", blob(intent.digest.as_bytes()));
        put("revision", text(&intent.revision));
        put("holder", text(&intent.holder));
        put("until", text(time(intent.until)));
        put("sealed", blob(intent.sealed.as_bytes()));
        let put = Put::builder().table_name(&self.ledger).set_item(Some(row));
        let put = match before {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression(AS_SEEN)
                .expression_attribute_values(":before", text(before)),
        };
        let put = put.build().map_err(|_| malformed("intent"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Runs a transaction of the fence, the intent, and more. [`Concluded::Known`] means that the intent is as it was
    /// seen, so one of the other actions failed.
    async fn move_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
        more: Vec<TransactWriteItem>,
    ) -> Outcome<Concluded> {
        let mut actions = vec![
            self.admitted(scope)?,
            self.put_of_intent(scope, intent, before)?,
        ];
        actions.extend(more);
        match self.transact("intent", actions).await? {
            Transacted::Done => Ok(Concluded::Kept),
            Transacted::FirstFailed => {
                Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced))
            }
            // Our own write may have been applied and its answer lost. No other writer uses this revision.
            Transacted::SecondFailed => {
                let there = self.intent(scope, &intent.key).await?;
                let revision = there.map(|there| there.revision);
                Ok(if revision.as_deref() == Some(&intent.revision) {
                    Concluded::Kept
                } else if revision.as_deref() == before {
                    Concluded::Known
                } else {
                    Concluded::Overtaken
                })
            }
        }
    }
}

#[async_trait]
impl Intents for AwsStore {
    async fn intent(&self, scope: &Scope, hash: &KeyedHash) -> Outcome<Option<StoredIntent>> {
        let sk = places::intent(scope.generation, hash);
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("intent_get", &error))?;
        let Some(row) = found.item else {
            return Ok(None);
        };
        Ok(Some(StoredIntent {
            key: *hash,
            digest: Digest::from_bytes(row.blob("digest")?).ok_or_else(|| malformed("digest"))?,
            revision: row.text("revision")?.to_owned(),
            holder: row.text("holder")?.to_owned(),
            until: row.time("until")?,
            sealed: Sealed::from_stored(row.blob("sealed")?.to_vec()),
        }))
    }

    async fn put_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<bool> {
        let moved = self.move_intent(scope, intent, before, Vec::new()).await?;
        Ok(moved == Concluded::Kept)
    }

    async fn conclude(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: &str,
        made: &[Made],
    ) -> Outcome<Concluded> {
        let counted = if made.iter().all(|made| made.record.is_none()) {
            Vec::new()
        } else {
            let progress = self.progress(scope).await?;
            progress.into_iter().map(|one| one.object).collect()
        };
        let more = self.copies_of(scope, made, &counted)?;
        self.move_intent(scope, intent, Some(before), more).await
    }

    async fn drop_intent(&self, scope: &Scope, hash: &KeyedHash, before: &str) -> Outcome<()> {
        let sk = places::intent(scope.generation, hash);
        let deleted = self
            .clients
            .dynamodb
            .delete_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), sk)))
            .condition_expression(AS_SEEN)
            .expression_attribute_values(":before", text(before))
            .send()
            .await;
        given_back("intent_delete", deleted)
    }

    async fn makers(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<KeyedHash>>> {
        self.read_makers(scope, records).await
    }

    async fn note_made(
        &self,
        scope: &Scope,
        hash: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<()> {
        let noted = self.attribute("note_made", scope, hash, records, false);
        match noted.await? {
            None => Ok(()),
            Some(_) => Err(Fault::aws("note_made", AwsCode::Conflict)),
        }
    }

    async fn claim_made(
        &self,
        scope: &Scope,
        hash: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<Option<RecordId>> {
        let claimed = self.attribute("claim_made", scope, hash, records, true);
        let Some(records) = claimed.await? else {
            return Ok(None);
        };
        let makers = self.makers(scope, records).await?;
        let other = |maker: &Option<KeyedHash>| maker.is_some_and(|one| one != *hash);
        let at = makers.iter().position(other);
        at.and_then(|at| records.get(at))
            .map(|(_, id)| Some(id.clone()))
            .ok_or_else(|| Fault::aws("claim_made", AwsCode::Conflict))
    }
}
