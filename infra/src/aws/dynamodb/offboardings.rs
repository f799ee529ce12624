//! Offboardings, and the rows that they delete: what a tenant has in its own partition, and what its integrations left in theirs.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    offboarding::{Offboarding, Owned, OwnedRow},
    ports::Offboardings,
    tenant::TenantId,
};

use super::{
    batch::{self, key},
    item::{Attributes, Item, text},
    listed::ids_listed,
    rows,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused, malformed},
    places::{self, Home, Shape},
};

/// Separates the two keys of a row. No key contains it.
const BETWEEN: char = '\n';
/// The attribute with the state.
const STATE: &str = "state";

#[async_trait]
impl Offboardings for AwsStore {
    async fn offboarding(&self, tenant: &TenantId) -> Outcome<Option<Offboarding>> {
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(place(tenant)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("offboarding_get", &error))?;
        let state = |row: Attributes| {
            serde_json::from_str(row.text(STATE)?).map_err(|_| malformed("offboarding"))
        };
        found.item.map(state).transpose()
    }

    async fn put_offboarding(
        &self,
        tenant: &TenantId,
        before: Option<&Offboarding>,
        after: &Offboarding,
    ) -> Outcome<bool> {
        let mut row = place(tenant);
        row.insert(STATE.to_owned(), text(written(after)?));
        row.extend(after.ending(tenant).iter().flat_map(rows::of_ending));
        let put = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.ledger)
            .set_item(Some(row));
        let put = match before {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression("#state = :before")
                .expression_attribute_names("#state", STATE)
                .expression_attribute_values(":before", text(written(before)?)),
        };
        match put.send().await {
            Ok(_) => Ok(true),
            // The answer of an earlier try may have been lost.
            Err(error) if is_refused(&error) => {
                Ok(self.offboarding(tenant).await?.as_ref() == Some(after))
            }
            Err(error) => Err(fault("offboarding_put", &error)),
        }
    }

    async fn owned_rows(
        &self,
        tenant: &TenantId,
        after: Option<&OwnedRow>,
        most: usize,
    ) -> Outcome<Vec<OwnedRow>> {
        let after = after.map(|row| keys_of(&row.key)).transpose()?;
        let mut found = Vec::new();
        let mut is_behind = after.is_none();
        for partition in self.partitions(tenant).await? {
            let start = after.filter(|(pk, _)| *pk == partition);
            is_behind = is_behind || start.is_some();
            if is_behind && found.len() < most {
                let start = start.map(|(pk, sk)| key(pk, sk));
                self.list_owned(&partition, start, most, &mut found).await?;
            }
        }
        Ok(found)
    }

    async fn discard_owned(&self, _: &TenantId, found: &[OwnedRow]) -> Outcome<()> {
        let delete = |row: &OwnedRow| {
            let (pk, sk) = keys_of(&row.key)?;
            batch::delete(key(pk, sk))
        };
        let deletes = found.iter().map(delete).collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.ledger, deletes).await
    }
}

impl AwsStore {
    /// Returns a tenant's partitions. Its own comes last: its rows name the integrations, whose partitions would not be found without
    /// them.
    async fn partitions(&self, tenant: &TenantId) -> Outcome<Vec<String>> {
        let listed = ids_listed(&self.clients.dynamodb, &self.ledger, tenant).await?;
        let of = |id| places::integration(tenant, id);
        let mut partitions: Vec<String> = listed.iter().map(of).collect();
        partitions.push(places::tenant(tenant));
        Ok(partitions)
    }

    /// Lists the rows of a partition until `found` has `most`. An answer may have none that go, and still have a continuation.
    async fn list_owned(
        &self,
        partition: &str,
        mut start: Option<Attributes>,
        most: usize,
        found: &mut Vec<OwnedRow>,
    ) -> Outcome<()> {
        while found.len() < most {
            let answer = self
                .clients
                .dynamodb
                .query()
                .table_name(&self.ledger)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", text(partition))
                .projection_expression("pk, sk")
                .consistent_read(true)
                .limit(i32::try_from(most - found.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| fault("offboarding_query", &error))?;
            for row in answer.items() {
                let (pk, sk) = (row.text("pk")?, row.text("sk")?);
                found.extend(owned(pk, sk).map(|kind| OwnedRow {
                    kind,
                    key: format!("{pk}{BETWEEN}{sk}"),
                }));
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(())
    }
}

fn place(tenant: &TenantId) -> Attributes {
    key(places::tenant(tenant), places::OFFBOARDING)
}

fn written(state: &Offboarding) -> Outcome<String> {
    serde_json::to_string(state).map_err(|_| malformed("offboarding"))
}

fn keys_of(key: &str) -> Outcome<(&str, &str)> {
    key.split_once(BETWEEN)
        .ok_or_else(|| malformed("owned row"))
}

/// Returns what a row is counted as, and `None` if it stays. A row of unknown shape is deleted, too: it is better deleted without a name
/// than left behind.
fn owned(pk: &str, sk: &str) -> Option<Owned> {
    Shape::of(Home::Ledger, pk, sk).map_or(Some(Owned::Other), Shape::owned_as)
}
