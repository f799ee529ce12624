use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{
    company::MatchKey,
    fault::{Fault, Outcome},
    ports::{Companies, Found, Version},
};

/// The table Companies in memory.
#[derive(Clone, Default)]
pub struct MemoryCompanies(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    published: Option<Version>,
    begun: BTreeSet<Version>,
    entries: BTreeMap<Version, BTreeMap<MatchKey, Found>>,
}

impl MemoryCompanies {
    /// A database that nothing was imported into.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries each version has, published or not.
    pub fn n_entries(&self) -> BTreeMap<Version, usize> {
        let state = self.lock();
        state
            .entries
            .iter()
            .map(|(version, entries)| (version.clone(), entries.len()))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Companies for MemoryCompanies {
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Found>> {
        let state = self.lock();
        let entries = state
            .published
            .as_ref()
            .and_then(|version| state.entries.get(version));
        let find = |key| entries.and_then(|entries| entries.get(key)).cloned();
        Ok(keys
            .iter()
            .map(|key| find(key).unwrap_or(Found::None))
            .collect())
    }

    async fn published(&self) -> Outcome<Option<Version>> {
        Ok(self.lock().published.clone())
    }

    async fn begin(&self, version: &Version) -> Outcome<()> {
        self.lock().begun.insert(version.clone());
        Ok(())
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        let state = self.lock();
        let begun = state.begun.iter();
        Ok(begun
            .filter(|version| state.published.as_ref() != Some(version))
            .cloned()
            .collect())
    }

    async fn load(&self, version: &Version, entries: &[(MatchKey, Found)]) -> Outcome<()> {
        let mut state = self.lock();
        let of_version = state.entries.entry(version.clone()).or_default();
        for (key, found) in entries {
            if *found != Found::None {
                of_version.insert(key.clone(), found.clone());
            }
        }
        Ok(())
    }

    async fn publish(&self, version: &Version) -> Outcome<()> {
        self.lock().published = Some(version.clone());
        Ok(())
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        let mut state = self.lock();
        if state.published.as_ref() == Some(version) {
            return Err(Fault::lasting("companies.version_published"));
        }
        let entries = state.entries.entry(version.clone()).or_default();
        for _ in 0..most {
            entries.pop_first();
        }
        let left = !entries.is_empty();
        if !left {
            state.entries.remove(version);
            state.begun.remove(version);
        }
        Ok(left)
    }
}
