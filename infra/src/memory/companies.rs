use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Candidates, Companies, Edition, Editions, Version},
};
use matching::{Company, CompanyId, MatchKey};

/// The table Companies in memory.
#[derive(Clone, Default)]
pub struct MemoryCompanies(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    published: Option<Version>,
    /// The metadata of the import.
    n_companies: Option<u64>,
    accepts: Option<u64>,
    begun: BTreeSet<Version>,
    entries: BTreeMap<Version, BTreeMap<MatchKey, Candidates>>,
    companies: BTreeMap<Version, BTreeMap<CompanyId, Company>>,
}

impl MemoryCompanies {
    /// Makes a database without any import.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many entries each version has, published or not.
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
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Candidates>> {
        let state = self.lock();
        let entries = state
            .published
            .as_ref()
            .and_then(|version| state.entries.get(version));
        let find = |key| entries.and_then(|entries| entries.get(key)).cloned();
        Ok(keys
            .iter()
            .map(|key| find(key).unwrap_or(Candidates::None))
            .collect())
    }

    async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>> {
        let state = self.lock();
        let companies = state
            .published
            .as_ref()
            .and_then(|version| state.companies.get(version));
        let find = |id| companies.and_then(|companies| companies.get(id)).cloned();
        Ok(ids.iter().map(find).collect())
    }

    async fn published(&self) -> Outcome<Option<Version>> {
        Ok(self.lock().published.clone())
    }
}

#[async_trait]
impl Editions for MemoryCompanies {
    async fn edition(&self) -> Outcome<Option<Edition>> {
        let state = self.lock();
        Ok(state.published.clone().map(|version| Edition {
            version,
            companies: state.n_companies,
            accepts: state.accepts,
        }))
    }

    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool> {
        let mut state = self.lock();
        let is_published = state.published.as_ref() == Some(published);
        if is_published {
            state.accepts = Some(least);
        }
        Ok(is_published)
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

    async fn load(&self, version: &Version, entries: &[(MatchKey, Candidates)]) -> Outcome<()> {
        let mut state = self.lock();
        let of_version = state.entries.entry(version.clone()).or_default();
        for (key, found) in entries {
            if *found != Candidates::None {
                of_version.insert(key.clone(), found.clone());
            }
        }
        Ok(())
    }

    async fn load_companies(&self, version: &Version, companies: &[Company]) -> Outcome<()> {
        let mut state = self.lock();
        let of_version = state.companies.entry(version.clone()).or_default();
        let rows = companies.iter().cloned();
        of_version.extend(rows.map(|company| (company.id.clone(), company)));
        Ok(())
    }

    async fn publish(&self, version: &Version, companies: u64) -> Outcome<()> {
        let mut state = self.lock();
        state.published = Some(version.clone());
        state.n_companies = Some(companies);
        state.accepts = None;
        Ok(())
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        let mut state = self.lock();
        if state.published.as_ref() == Some(version) {
            return Err(Fault::of(Code::CompaniesVersionPublished));
        }
        let State {
            entries, companies, ..
        } = &mut *state;
        let of_entries = entries.entry(version.clone()).or_default();
        let of_companies = companies.entry(version.clone()).or_default();
        for _ in 0..most {
            if of_entries.pop_first().is_none() {
                of_companies.pop_first();
            }
        }
        let left = !of_entries.is_empty() || !of_companies.is_empty();
        if !left {
            entries.remove(version);
            companies.remove(version);
            state.begun.remove(version);
        }
        Ok(left)
    }
}
