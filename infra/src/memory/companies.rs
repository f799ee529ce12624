use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{
        Amended, Begun, Candidates, Companies, Edition, Editions, Layer, Numbers, Row, RowName,
        RowValue, Rows, Version,
    },
};
use matching::{Company, CompanyId, MatchKey};

/// Rows in one answer. There are few, so that tests meet a second page.
const PAGE: usize = 50;

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
    rows: BTreeMap<Version, BTreeMap<RowName, Vec<Layer>>>,
    work: Work,
}

struct Published {
    edition: Edition,
    base: Version,
    numbers: Numbers,
}

impl State {
    /// Returns what the published version holds under a name.
    fn shown(&self, name: RowName) -> Option<RowValue> {
        let published = self.published.as_ref()?;
        let layers = self.rows.get(&published.base)?.get(&name)?.clone();
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
}

#[async_trait]
impl Editions for MemoryCompanies {
    async fn edition(&self) -> Outcome<Option<Edition>> {
        let state = self.lock();
        let published = state.published.as_ref();
        Ok(published.map(|published| published.edition.clone()))
    }

    async fn accept_smaller(&self, version: &Version, least: u64) -> Outcome<bool> {
        let mut state = self.lock();
        let published = state.published.as_mut();
        let published = published.filter(|published| published.edition.version == *version);
        let is_published = published.is_some();
        if let Some(published) = published {
            published.edition.accepts = Some(least);
        }
        Ok(is_published)
    }

    async fn begin(&self, version: &Version) -> Outcome<Begun> {
        let mut state = self.lock();
        let (before, base, published) = match &state.published {
            Some(published) => (
                Some(published.edition.version.clone()),
                published.base.clone(),
                published.numbers.clone(),
            ),
            None => (None, version.clone(), Numbers::default()),
        };
        let highest = published.highest();
        let known = state.begun.get(version).map(|(number, _)| *number);
        let number = match known.filter(|number| Some(*number) > highest) {
            Some(number) => number,
            None => {
                state.number += 1;
                state.number
            }
        };
        state.begun.insert(version.clone(), (number, base.clone()));
        Ok(Begun {
            version: version.clone(),
            number,
            base,
            before,
            published,
        })
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        let state = self.lock();
        let read = state.read();
        let begun = state.begun.keys();
        Ok(begun
            .filter(|version| !read.contains(version))
            .cloned()
            .collect())
    }

    async fn rows(&self, begun: &Begun, part: u32, after: Option<&RowName>) -> Outcome<Rows> {
        let mut state = self.lock();
        let of_base = state.rows.get(&begun.base);
        let mut following = of_base
            .into_iter()
            .flatten()
            .filter(|(name, _)| name.part() == part && after.is_none_or(|after| *name > after));
        let rows: Vec<Row> = following
            .by_ref()
            .take(PAGE)
            .map(|(name, layers)| Row {
                name: name.clone(),
                layers: layers.clone(),
            })
            .collect();
        let more = following.next().is_some();
        state.work.compared += rows.len();
        Ok(Rows { rows, more })
    }

    async fn amend(&self, begun: &Begun, rows: &[Amended]) -> Outcome<()> {
        let mut state = self.lock();
        state.work.written += rows.len();
        let of_base = state.rows.entry(begun.base.clone()).or_default();
        for Amended { row, seen } in rows {
            let newest = |layers: &Vec<Layer>| layers.first().map(|layer| layer.number);
            let found = of_base.get(&row.name).and_then(newest);
            if begun.is_shared() && found != *seen && found != newest(&row.layers) {
                return Err(Fault::of(Code::CompaniesFenced));
            }
            if row.layers.is_empty() {
                of_base.remove(&row.name);
            } else {
                of_base.insert(row.name.clone(), row.layers.clone());
            }
        }
        Ok(())
    }

    async fn publish(&self, begun: &Begun, companies: u64) -> Outcome<()> {
        let mut state = self.lock();
        let now = state.version();
        if now != begun.before.as_ref() && now != Some(&begun.version) {
            return Err(Fault::of(Code::CompaniesFenced));
        }
        state.published = Some(Published {
            edition: Edition {
                version: begun.version.clone(),
                companies: Some(companies),
                accepts: None,
            },
            base: begun.base.clone(),
            numbers: begun.published.with(begun.number),
        });
        Ok(())
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        let mut state = self.lock();
        if state.read().contains(version) {
            return Err(Fault::of(Code::CompaniesVersionPublished));
        }
        let rows = state.rows.entry(version.clone()).or_default();
        for _ in 0..most {
            rows.pop_first();
        }
        let left = !rows.is_empty();
        if !left {
            state.rows.remove(version);
            state.begun.remove(version);
        }
        Ok(left)
    }
}
