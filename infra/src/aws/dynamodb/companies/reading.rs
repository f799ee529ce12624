//! Answers from the published version.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    ports::{Candidates, ChangedKeys, Companies, Editions, RowName, RowValue, Version},
};
use matching::{Company, CompanyId, MatchKey, SharedPostings};

use super::{super::batch, AwsCompanies, item, published::Published, row_key};

#[async_trait]
impl Companies for AwsCompanies {
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Candidates>> {
        let names: Vec<RowName> = keys.iter().cloned().map(RowName::Key).collect();
        let found = self.shown(names).await?;
        let find = |key: &MatchKey| found.get(&RowName::Key(key.clone()));
        Ok(keys
            .iter()
            .map(|key| find(key).map_or(Candidates::None, RowValue::candidates))
            .collect())
    }

    async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>> {
        let names: Vec<RowName> = ids.iter().cloned().map(RowName::Company).collect();
        let found = self.shown(names).await?;
        let find = |id: &CompanyId| match found.get(&RowName::Company(id.clone()))? {
            RowValue::Company(company) => Some(company.as_ref().clone()),
            RowValue::Postings(_) | RowValue::TooCommon => None,
        };
        Ok(ids.iter().map(find).collect())
    }

    async fn published(&self) -> Outcome<Option<Version>> {
        Ok(self.edition().await?.map(|edition| edition.version))
    }

    async fn changed(&self, from: &Version, to: &Version) -> Outcome<Option<ChangedKeys>> {
        self.changed_keys(from, to).await
    }
}

impl AwsCompanies {
    /// Returns what the published version holds under each name. It leaves out names under which it holds nothing.
    async fn shown(&self, mut names: Vec<RowName>) -> Outcome<HashMap<RowName, RowValue>> {
        names.sort_unstable();
        names.dedup();
        let remembered = match self.remembered() {
            Some(published) => Some(published),
            None => self.read_published().await?,
        };
        let Some(mut published) = remembered else {
            return Ok(HashMap::new());
        };
        loop {
            let found = self.shown_by(&published, &names).await?;
            match self.stale(&published).await? {
                None => return Ok(found),
                Some(now) => published = now,
            }
        }
    }

    /// Returns what is published if it is another version than `read`. It is called after reading: once another version is
    /// published, the next import drops the layers that only this one holds, and they must not count as missing.
    async fn stale(&self, read: &Published) -> Outcome<Option<Published>> {
        match self.read_published().await? {
            None => Err(Fault::of(Code::CompaniesUnpublished).with_kind(Kind::Transient)),
            Some(now) if now.edition.version == read.edition.version => Ok(None),
            Some(now) => Ok(Some(now)),
        }
    }

    async fn shown_by(
        &self,
        published: &Published,
        names: &[RowName],
    ) -> Outcome<HashMap<RowName, RowValue>> {
        let items = batch::read(
            &self.clients.dynamodb,
            &self.table,
            names
                .iter()
                .map(|name| row_key(&published.base, name))
                .collect(),
            item::PROJECTION,
            &[("#c", "c")],
        )
        .await?;
        let mut found = HashMap::with_capacity(items.len());
        let mut shared = SharedPostings::default();
        for item in &items {
            let name = item::name(item)?;
            if let Some(value) = item::shown(item, &name, &published.numbers, &mut shared)? {
                found.insert(name, value);
            }
        }
        Ok(found)
    }
}
