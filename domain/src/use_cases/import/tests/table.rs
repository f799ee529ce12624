//! The table Companies in memory, with failures on demand.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use async_trait::async_trait;
use matching::{Company, CompanyId, MatchKey};

use crate::{
    fault::{Code, Fault, Kind, Outcome},
    ports::{Candidates, Edition, Editions, Version},
};

/// The entries of a version.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entries {
    pub(super) found: BTreeMap<MatchKey, Candidates>,
    pub(super) companies: BTreeMap<CompanyId, Company>,
}

impl Entries {
    fn is_empty(&self) -> bool {
        self.found.is_empty() && self.companies.is_empty()
    }
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Break {
    /// Whether the call takes effect and only its answer is lost.
    after: bool,
    /// Whether all later calls fail, too.
    for_good: bool,
    transient: bool,
}

impl Break {
    pub(super) const ALL: [Self; 8] = {
        let mut all = [Self {
            after: false,
            for_good: false,
            transient: false,
        }; 8];
        let mut i = 0;
        while i < 8 {
            all[i] = Self {
                after: i & 1 > 0,
                for_good: i & 2 > 0,
                transient: i & 4 > 0,
            };
            i += 1;
        }
        all
    };
}

#[derive(Default)]
struct State {
    published: Option<Version>,
    n_companies: Option<u64>,
    accepts: Option<u64>,
    begun: BTreeSet<Version>,
    entries: BTreeMap<Version, Entries>,
    calls: usize,
    broken: Option<(usize, Break)>,
}

impl State {
    fn assert_open(&self, version: &Version) {
        assert_ne!(
            self.published.as_ref(),
            Some(version),
            "a published version is never written"
        );
        assert!(self.begun.contains(version), "noted before it is written");
    }
}

#[derive(Default)]
pub(super) struct Table(Mutex<State>);

impl Table {
    pub(super) fn break_at(&self, call: usize, broken: Break) {
        self.0.lock().unwrap().broken = Some((call, broken));
    }

    pub(super) fn mend(&self) {
        self.0.lock().unwrap().broken = None;
    }

    pub(super) fn calls(&self) -> usize {
        self.0.lock().unwrap().calls
    }

    pub(super) fn versions(&self) -> BTreeSet<String> {
        let state = self.0.lock().unwrap();
        state
            .entries
            .keys()
            .map(|version| version.0.clone())
            .collect()
    }

    pub(super) fn of_version(&self, version: &Version) -> Entries {
        self.0
            .lock()
            .unwrap()
            .entries
            .get(version)
            .cloned()
            .unwrap_or_default()
    }

    /// Returns the entries of the published version.
    pub(super) fn entries(&self) -> Entries {
        let state = self.0.lock().unwrap();
        let published = state
            .published
            .as_ref()
            .and_then(|version| state.entries.get(version));
        published.cloned().unwrap_or_default()
    }

    pub(super) fn keys(&self) -> Vec<MatchKey> {
        let led = |(key, found): (MatchKey, Candidates)| {
            matches!(found, Candidates::Some(_)).then_some(key)
        };
        self.entries().found.into_iter().filter_map(led).collect()
    }

    pub(super) fn found(&self, key: &MatchKey) -> Option<Candidates> {
        self.entries().found.remove(key)
    }

    /// Returns the ids of the companies under a key.
    pub(super) fn read(&self, key: &str) -> Vec<String> {
        match self.found(&MatchKey::parse(key).unwrap()) {
            Some(Candidates::Some(postings)) => postings
                .iter()
                .map(|posting| posting.company.as_str().to_owned())
                .collect(),
            _ => Vec::new(),
        }
    }

    fn call<T>(&self, effect: impl FnOnce(&mut State) -> T) -> Outcome<T> {
        let mut state = self.0.lock().unwrap();
        let call = state.calls;
        state.calls += 1;
        let Some((_, broken)) = state
            .broken
            .filter(|(n, broken)| call == *n || broken.for_good && call > *n)
        else {
            return Ok(effect(&mut state));
        };
        if broken.after && call == state.broken.unwrap().0 {
            effect(&mut state);
        }
        Err(if broken.transient {
            Fault::of(Code::TestFailed)
        } else {
            Fault::of(Code::TestFailed).with_kind(Kind::Permanent)
        })
    }
}

impl Table {
    pub(super) async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>> {
        let entries = self.entries();
        Ok(ids
            .iter()
            .map(|id| entries.companies.get(id).cloned())
            .collect())
    }

    pub(super) async fn published(&self) -> Outcome<Option<Version>> {
        self.call(|state| state.published.clone())
    }
}

#[async_trait]
impl Editions for Table {
    async fn load_companies(&self, version: &Version, companies: &[Company]) -> Outcome<()> {
        self.call(|state| {
            state.assert_open(version);
            let entries = state.entries.entry(version.clone()).or_default();
            let rows = companies.iter().cloned();
            entries
                .companies
                .extend(rows.map(|company| (company.id.clone(), company)));
        })
    }

    async fn edition(&self) -> Outcome<Option<Edition>> {
        self.call(|state| {
            let version = state.published.clone()?;
            Some(Edition {
                version,
                companies: state.n_companies,
                accepts: state.accepts,
            })
        })
    }

    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool> {
        self.call(|state| {
            let is_published = state.published.as_ref() == Some(published);
            if is_published {
                state.accepts = Some(least);
            }
            is_published
        })
    }

    async fn begin(&self, version: &Version) -> Outcome<()> {
        self.call(|state| {
            state.begun.insert(version.clone());
        })
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        self.call(|state| {
            let begun = state.begun.iter();
            begun
                .filter(|version| state.published.as_ref() != Some(version))
                .cloned()
                .collect()
        })
    }

    async fn load(&self, version: &Version, entries: &[(MatchKey, Candidates)]) -> Outcome<()> {
        self.call(|state| {
            state.assert_open(version);
            state
                .entries
                .entry(version.clone())
                .or_default()
                .found
                .extend(entries.iter().cloned());
        })
    }

    async fn publish(&self, version: &Version, companies: u64) -> Outcome<()> {
        self.call(|state| {
            state.published = Some(version.clone());
            state.n_companies = Some(companies);
            state.accepts = None;
        })
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        self.call(|state| {
            assert_ne!(
                state.published.as_ref(),
                Some(version),
                "a published version is never discarded"
            );
            let entries = state.entries.entry(version.clone()).or_default();
            for _ in 0..most {
                if entries.found.pop_first().is_none() {
                    entries.companies.pop_first();
                }
            }
            let left = !entries.is_empty();
            if !left {
                state.entries.remove(version);
                state.begun.remove(version);
            }
            left
        })
    }
}
