//! The match keys that editions changed. A set lies in items of its own, which are written before its version is published.

use std::sync::{Arc, PoisonError};

use domain::{
    fault::Outcome,
    ports::{ChangedKeys, KeySet, Version, chain},
};

use super::{
    super::{
        batch::{self, key},
        item::{Attributes, Item, blob},
    },
    AwsCompanies,
};
use crate::aws::fault::malformed;

/// The bytes of a set that one item holds. An item has at most 400 KB.
const PIECE: usize = 350_000;

/// The most items of sets that a process holds at a time, 22 MB. A copy that lies further behind is matched again as a whole.
const MOST: u32 = 64;

fn partition(version: &Version) -> String {
    format!("!changed#{}", version.0)
}

fn item_key(version: &Version, n: u32) -> Attributes {
    key(partition(version), format!("{n:04}"))
}

impl AwsCompanies {
    /// Stores a version's set. Returns in how many items.
    pub(super) async fn put_changed(
        &self,
        version: &Version,
        changed: Option<&KeySet>,
    ) -> Outcome<Option<u32>> {
        let Some(changed) = changed else {
            return Ok(None);
        };
        let mut puts = Vec::new();
        for (n, piece) in (0..).zip(changed.as_bytes().chunks(PIECE)) {
            let mut item = item_key(version, n);
            item.insert("b".to_owned(), blob(piece));
            puts.push(batch::put(item)?);
        }
        let n_items = u32::try_from(puts.len()).map_err(|_| malformed("b"))?;
        batch::write(&self.clients.dynamodb, &self.table, puts).await?;
        Ok(Some(n_items))
    }

    /// Deletes a version's set.
    pub(super) async fn discard_changed(&self, version: &Version) -> Outcome<()> {
        let deleted = std::sync::atomic::AtomicUsize::new(0);
        let partition = partition(version);
        self.discard_partition(partition, &deleted, usize::MAX)
            .await
            .map(drop)
    }

    pub(super) async fn changed_keys(
        &self,
        from: &Version,
        to: &Version,
    ) -> Outcome<Option<ChangedKeys>> {
        let Some(published) = self.read_published().await? else {
            return Ok(None);
        };
        let Some(links) = chain(&published.links, from, to) else {
            return Ok(None);
        };
        if links.iter().map(|(_, n_items)| **n_items).sum::<u32>() > MOST {
            return Ok(None);
        }
        let mut sets = Vec::with_capacity(links.len());
        for (version, n_items) in links {
            let Some(set) = self.set(version, *n_items).await? else {
                return Ok(None);
            };
            sets.push((version.clone(), set));
        }
        self.changed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&sets.iter().cloned().collect());
        let sets = sets.into_iter().map(|(_, set)| set);
        Ok(Some(ChangedKeys::of(sets.collect())))
    }

    fn remembered_set(&self, version: &Version) -> Option<Arc<KeySet>> {
        let sets = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        sets.get(version).map(Arc::clone)
    }

    /// Returns a version's set. `None` if it is not stored whole any more.
    async fn set(&self, version: &Version, n_items: u32) -> Outcome<Option<Arc<KeySet>>> {
        if let Some(set) = self.remembered_set(version) {
            return Ok(Some(set));
        }
        let keys = (0..n_items).map(|n| item_key(version, n)).collect();
        let client = &self.clients.dynamodb;
        let mut items = batch::read(client, &self.table, keys, "sk, b", &[]).await?;
        if items.len() != usize::try_from(n_items).unwrap_or(usize::MAX) {
            return Ok(None);
        }
        items.sort_by_cached_key(|item| item.optional_text("sk").map(str::to_owned));
        let mut bytes = Vec::new();
        for item in &items {
            bytes.extend_from_slice(item.blob("b")?);
        }
        Ok(KeySet::from_bytes(bytes).map(Arc::new))
    }
}
