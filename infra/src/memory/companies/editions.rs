use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{
        Amended, Begun, Edition, Editions, Layer, Numbers, Publication, Row, RowName, Rows,
        Succession, Version,
    },
};

use super::{MemoryCompanies, Published};

/// Rows in one answer. There are few, so that tests meet a second page.
const PAGE: usize = 50;

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
        // 0 is the number of a version that is being discarded.
        let known = known.filter(|number| *number > 0 && Some(*number) > highest);
        let number = match known {
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
        let of_part = state.rows.get(&(begun.base.clone(), part));
        let mut following = of_part
            .into_iter()
            .flatten()
            .filter(|(name, _)| after.is_none_or(|after| *name > after));
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
        for Amended { row, seen } in rows {
            let part = (begun.base.clone(), row.name.part());
            let of_part = state.rows.entry(part).or_default();
            let newest = |layers: &Vec<Layer>| layers.first().map(|layer| layer.number);
            let found = of_part.get(&row.name).and_then(newest);
            if begun.is_shared() && found != *seen && found != newest(&row.layers) {
                return Err(Fault::of(Code::CompaniesFenced));
            }
            if row.layers.is_empty() {
                of_part.remove(&row.name);
            } else {
                of_part.insert(row.name.clone(), row.layers.clone());
            }
        }
        Ok(())
    }

    async fn publish(&self, begun: &Begun, publication: Publication<'_>) -> Outcome<()> {
        let mut state = self.lock();
        let now = state.version();
        if now != begun.before.as_ref() && now != Some(&begun.version) {
            return Err(Fault::of(Code::CompaniesFenced));
        }
        if now == Some(&begun.version) {
            return Ok(());
        }
        let changed = publication.changed.cloned().map(Arc::new);
        let link = Succession::of(begun, changed);
        let before = state.published.take().map(|published| published.links);
        state.published = Some(Published {
            links: link.before_all(before.unwrap_or_default()).0,
            edition: Edition {
                version: begun.version.clone(),
                companies: Some(publication.companies),
                accepts: None,
                rules: Some(publication.rules.to_owned()),
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
        if let Some((number, _)) = state.begun.get_mut(version) {
            *number = 0;
        }
        let mut left = most;
        let parts = state.rows.iter_mut();
        for (_, rows) in parts.filter(|((base, _), _)| base == version) {
            while left > 0 && rows.pop_first().is_some() {
                left -= 1;
            }
        }
        state
            .rows
            .retain(|(base, _), rows| base != version || !rows.is_empty());
        let left = state.rows.keys().any(|(base, _)| base == version);
        if !left {
            state.begun.remove(version);
        }
        Ok(left)
    }
}
