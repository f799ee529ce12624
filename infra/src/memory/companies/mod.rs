mod editions;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{
        Candidates, ChangedKeys, Companies, Edition, KeySet, Layer, Numbers, Row, RowName,
        RowValue, Succession, Version, chain,
    },
};
use matching::{Company, CompanyId, MatchKey};

/// The table Companies in memory.
#[derive(Clone, Default)]
pub struct MemoryCompanies(Arc<Mutex<State>>);

/// The work that was asked of the table Companies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Rows that were written or deleted.
    pub written: usize,
    /// Rows that were read to compare an edition with the one before.
    pub compared: usize,
    /// Match keys that were looked up.
    pub looked_up: usize,
}

#[derive(Default)]
struct State {
    published: Option<Published>,
    /// The last number that was given to an import.
    number: u64,
    begun: BTreeMap<Version, (u64, Version)>,
    /// The rows by base and part.
    rows: BTreeMap<(Version, u32), BTreeMap<RowName, Vec<Layer>>>,
    work: Work,
}

struct Published {
    edition: Edition,
    base: Version,
    numbers: Numbers,
    /// The versions that were published, the last one first, each with the keys that it changed.
    links: Vec<Succession<Arc<KeySet>>>,
}

impl State {
    /// Returns what the published version holds under a name.
    fn shown(&self, name: RowName) -> Option<RowValue> {
        let published = self.published.as_ref()?;
        let part = (published.base.clone(), name.part());
        let layers = self.rows.get(&part)?.get(&name)?.clone();
        Row { name, layers }.shown(&published.numbers).cloned()
    }

    fn version(&self) -> Option<&Version> {
        self.published
            .as_ref()
            .map(|published| &published.edition.version)
    }

    /// Returns the versions of which somebody reads something.
    fn read(&self) -> BTreeSet<&Version> {
        let published = self.published.iter();
        published
            .flat_map(|published| [&published.base, &published.edition.version])
            .collect()
    }
}

impl MemoryCompanies {
    /// Makes a database without any import.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many rows there are, read or not.
    pub fn n_rows(&self) -> usize {
        self.lock().rows.values().map(BTreeMap::len).sum()
    }

    /// Returns the work that was asked since the last call of this method.
    pub fn take_work(&self) -> Work {
        std::mem::take(&mut self.lock().work)
    }

    /// Returns what readers see.
    pub fn shown(&self) -> BTreeMap<RowName, RowValue> {
        let state = self.lock();
        let names = state.rows.values().flat_map(BTreeMap::keys).cloned();
        names
            .filter_map(|name| Some((name.clone(), state.shown(name)?)))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Companies for MemoryCompanies {
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Candidates>> {
        let mut state = self.lock();
        state.work.looked_up += keys.len();
        let find = |key: &MatchKey| state.shown(RowName::Key(key.clone()));
        Ok(keys
            .iter()
            .map(|key| find(key).map_or(Candidates::None, |value| value.candidates()))
            .collect())
    }

    async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>> {
        let state = self.lock();
        let find = |id: &CompanyId| match state.shown(RowName::Company(id.clone()))? {
            RowValue::Company(company) => Some(*company),
            RowValue::Postings(_) | RowValue::TooCommon => None,
        };
        Ok(ids.iter().map(find).collect())
    }

    async fn published(&self) -> Outcome<Option<Version>> {
        Ok(self.lock().version().cloned())
    }

    async fn changed(&self, from: &Version, to: &Version) -> Outcome<Option<ChangedKeys>> {
        let state = self.lock();
        let links = state.published.as_ref().map(|published| &published.links);
        let sets = links.and_then(|links| chain(links, from, to));
        Ok(sets.map(|sets| {
            let sets = sets.into_iter().map(|(_, set)| Arc::clone(set));
            ChangedKeys::of(sets.collect())
        }))
    }
}
