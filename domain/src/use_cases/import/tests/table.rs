//! The table Companies in memory, with failures on demand.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use async_trait::async_trait;
use matching::{Company, CompanyId, MatchKey};

use crate::{
    fault::{Code, Fault, Kind, Outcome},
    ports::{
        Amended, Begun, Edition, Editions, Layer, Numbers, Publication, Row, RowName, RowValue,
        Rows, Version,
    },
};

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

/// Of so many readings of rows only one is counted and may fail: there is one for each part, and they are alike.
const READS: usize = 16;

/// A row lies under its part and its name. `None` sorts before all names.
type Place = (u32, Option<RowName>);

fn place(name: &RowName) -> Place {
    (name.part(), Some(name.clone()))
}

#[derive(Default)]
struct State {
    published: Option<(Edition, Version, Numbers)>,
    begun: BTreeMap<Version, u64>,
    number: u64,
    rows: BTreeMap<Version, BTreeMap<Place, Vec<Layer>>>,
    reads: usize,
    calls: usize,
    written: usize,
    broken: Option<(usize, Break)>,
}

impl State {
    fn version(&self) -> Option<&Version> {
        self.published
            .as_ref()
            .map(|(edition, ..)| &edition.version)
    }

    fn is_read(&self, version: &Version) -> bool {
        self.version() == Some(version)
            || self
                .published
                .as_ref()
                .is_some_and(|(_, base, _)| base == version)
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

    /// Returns how many rows were written or deleted.
    pub(super) fn written(&self) -> usize {
        self.0.lock().unwrap().written
    }

    /// Returns the versions among whose rows there are any.
    pub(super) fn bases(&self) -> BTreeSet<String> {
        let state = self.0.lock().unwrap();
        state.rows.keys().map(|version| version.0.clone()).collect()
    }

    /// Returns the layers of all rows.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let state = self.0.lock().unwrap();
        let rows = state.rows.values().flat_map(BTreeMap::values);
        rows.flatten().cloned().collect()
    }

    /// Returns what readers see.
    pub(super) fn shown(&self) -> BTreeMap<RowName, RowValue> {
        let state = self.0.lock().unwrap();
        let Some((_, base, numbers)) = &state.published else {
            return BTreeMap::new();
        };
        let rows = state.rows.get(base).into_iter().flatten();
        rows.filter_map(|((_, name), layers)| {
            let name = name.as_ref()?;
            let row = Row {
                name: name.clone(),
                layers: layers.clone(),
            };
            Some((name.clone(), row.shown(numbers)?.clone()))
        })
        .collect()
    }

    pub(super) fn keys(&self) -> Vec<MatchKey> {
        let led = |(name, value)| match (name, value) {
            (RowName::Key(key), RowValue::Postings(_)) => Some(key),
            _ => None,
        };
        self.shown().into_iter().filter_map(led).collect()
    }

    pub(super) fn found(&self, key: &MatchKey) -> Option<RowValue> {
        self.shown().remove(&RowName::Key(key.clone()))
    }

    /// Returns the ids of the companies under a key.
    pub(super) fn read(&self, key: &str) -> Vec<String> {
        match self.found(&MatchKey::parse(key).unwrap()) {
            Some(RowValue::Postings(postings)) => postings
                .iter()
                .map(|posting| posting.company.as_str().to_owned())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// A reading of rows, of which few are counted.
    fn look<T>(&self, effect: impl FnOnce(&mut State) -> T) -> Outcome<T> {
        let mut state = self.0.lock().unwrap();
        let calls = state.calls;
        let is_down = state
            .broken
            .is_some_and(|(n, broken)| broken.for_good && calls > n);
        state.reads += 1;
        if state.reads.is_multiple_of(READS) || is_down {
            drop(state);
            return self.call(effect);
        }
        Ok(effect(&mut state))
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
    pub(super) fn companies(&self, ids: &[CompanyId]) -> Vec<Option<Company>> {
        let mut shown = self.shown();
        let mut find = |id: &CompanyId| match shown.remove(&RowName::Company(id.clone()))? {
            RowValue::Company(company) => Some(*company),
            _ => None,
        };
        ids.iter().map(&mut find).collect()
    }

    pub(super) fn published(&self) -> Option<Version> {
        self.0.lock().unwrap().version().cloned()
    }
}

#[async_trait]
impl Editions for Table {
    async fn edition(&self) -> Outcome<Option<Edition>> {
        self.call(|state| state.published.clone().map(|(edition, ..)| edition))
    }

    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool> {
        self.call(|state| {
            let is_published = state.version() == Some(published);
            if let Some((edition, ..)) = &mut state.published {
                edition.accepts = Some(least);
            }
            is_published
        })
    }

    async fn begin(&self, version: &Version) -> Outcome<Begun> {
        self.call(|state| {
            let known = state.begun.get(version).copied();
            let number = known.filter(|number| *number > 0).unwrap_or_else(|| {
                state.number += 1;
                state.number
            });
            state.begun.insert(version.clone(), number);
            let published = state.published.clone();
            let (edition, base, published) = published.map_or(
                (None, version.clone(), Numbers::default()),
                |(edition, base, numbers)| (Some(edition), base, numbers),
            );
            Begun {
                version: version.clone(),
                number,
                base,
                before: edition.map(|edition| edition.version),
                published,
            }
        })
    }

    async fn left_over(&self) -> Outcome<Vec<Version>> {
        self.call(|state| {
            let begun = state.begun.keys();
            begun
                .filter(|version| !state.is_read(version))
                .cloned()
                .collect()
        })
    }

    async fn rows(&self, begun: &Begun, part: u32, after: Option<&RowName>) -> Outcome<Rows> {
        self.look(|state| {
            let mut rows: Vec<Row> = state
                .rows
                .get(&begun.base)
                .into_iter()
                .flat_map(|rows| rows.range((part, None)..))
                .take_while(|((of, _), _)| *of == part)
                .filter_map(|((_, name), layers)| Some((name.clone()?, layers)))
                .filter(|(name, _)| after.is_none_or(|after| name > after))
                .take(3)
                .map(|(name, layers)| Row {
                    name,
                    layers: layers.clone(),
                })
                .collect();
            let more = rows.len() > 2;
            rows.truncate(2);
            Rows { rows, more }
        })
    }

    async fn amend(&self, begun: &Begun, amended: &[Amended]) -> Outcome<()> {
        self.call(|state| {
            assert!(
                state.begun.contains_key(&begun.version),
                "noted before it is written"
            );
            let published = state.published.clone().map(|(.., numbers)| numbers);
            let rows = state.rows.entry(begun.base.clone()).or_default();
            for Amended { row, .. } in amended {
                let before = Row {
                    name: row.name.clone(),
                    layers: rows.get(&place(&row.name)).cloned().unwrap_or_default(),
                };
                if let Some(published) = &published {
                    assert_eq!(
                        before.shown(published),
                        row.shown(published),
                        "what is read stays"
                    );
                }
                if row.layers.is_empty() {
                    rows.remove(&place(&row.name));
                } else {
                    rows.insert(place(&row.name), row.layers.clone());
                }
            }
            state.written += amended.len();
        })
    }

    async fn publish(&self, begun: &Begun, publication: Publication<'_>) -> Outcome<()> {
        self.call(|state| {
            let edition = Edition {
                version: begun.version.clone(),
                companies: Some(publication.companies),
                accepts: None,
                rules: Some(publication.rules.to_owned()),
            };
            let numbers = begun.published.with(begun.number);
            state.published = Some((edition, begun.base.clone(), numbers));
        })
    }

    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool> {
        self.call(|state| {
            assert!(!state.is_read(version), "what is read is never discarded");
            // The number is void from here on.
            state.begun.entry(version.clone()).and_modify(|n| *n = 0);
            let rows = state.rows.entry(version.clone()).or_default();
            for _ in 0..most {
                rows.pop_first();
            }
            let left = !rows.is_empty();
            if !left {
                state.rows.remove(version);
                state.begun.remove(version);
            }
            left
        })
    }
}
