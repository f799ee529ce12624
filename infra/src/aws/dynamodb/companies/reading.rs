//! Answers from the published version.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    ports::{Candidates, Companies, Editions, Version},
};
use matching::{Company, CompanyId, MatchKey, Posting, SharedPostings};

use super::{
    super::{
        batch,
        item::{Attributes, Item},
    },
    AwsCompanies, company_key, entry_key,
};
use crate::aws::fault::malformed;

#[async_trait]
impl Companies for AwsCompanies {
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Candidates>> {
        let Some(mut version) = self.version().await? else {
            return Ok(vec![Candidates::None; keys.len()]);
        };
        loop {
            let found = self.entries_of(&version, keys).await?;
            match self.stale(&version).await? {
                None => return Ok(found),
                Some(now) => version = now,
            }
        }
    }

    async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>> {
        let Some(mut version) = self.version().await? else {
            return Ok(vec![None; ids.len()]);
        };
        loop {
            let found = self.companies_of(&version, ids).await?;
            match self.stale(&version).await? {
                None => return Ok(found),
                Some(now) => version = now,
            }
        }
    }

    async fn published(&self) -> Outcome<Option<Version>> {
        Ok(self.edition().await?.map(|edition| edition.version))
    }
}

impl AwsCompanies {
    /// Returns the version to read.
    async fn version(&self) -> Outcome<Option<Version>> {
        match self.remembered() {
            Some(version) => Ok(Some(version)),
            None => self.published().await,
        }
    }

    /// Returns the published version if it is another one than `read`. It is called after reading: a version is
    /// discarded once another one is published, and discarded items must not count as missing.
    async fn stale(&self, read: &Version) -> Outcome<Option<Version>> {
        match self.published().await? {
            None => Err(Fault::of(Code::CompaniesUnpublished).with_kind(Kind::Transient)),
            Some(now) if now == *read => Ok(None),
            Some(now) => Ok(Some(now)),
        }
    }

    /// Returns what `version` has for each company.
    async fn companies_of(
        &self,
        version: &Version,
        ids: &[CompanyId],
    ) -> Outcome<Vec<Option<Company>>> {
        let mut wanted: Vec<&CompanyId> = ids.iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let keys = wanted.into_iter().map(|id| company_key(version, id));
        let rows = batch::read(
            &self.clients.dynamodb,
            &self.table,
            keys.collect(),
            "#c",
            &[("#c", "c")],
        )
        .await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in &rows {
            let company: Company =
                serde_json::from_slice(row.blob("c")?).map_err(|_| malformed("c"))?;
            found.insert(company.id.clone(), company);
        }
        Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
    }

    /// Returns what `version` has under each key.
    async fn entries_of(&self, version: &Version, keys: &[MatchKey]) -> Outcome<Vec<Candidates>> {
        let mut wanted: Vec<&MatchKey> = keys.iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let rows = batch::read(
            &self.clients.dynamodb,
            &self.table,
            wanted
                .into_iter()
                .map(|match_key| entry_key(version, match_key))
                .collect(),
            "sk, #c, m",
            &[("#c", "c")],
        )
        .await?;
        let mut found = HashMap::with_capacity(rows.len());
        let mut shared = SharedPostings::default();
        for row in &rows {
            found.insert(row.text("sk")?, read(row, &mut shared)?);
        }
        let find = |key: &MatchKey| found.get(key.as_str()).cloned();
        Ok(keys
            .iter()
            .map(|key| find(key).unwrap_or(Candidates::None))
            .collect())
    }
}

fn read(row: &Attributes, shared: &mut SharedPostings) -> Outcome<Candidates> {
    if row.contains_key("m") {
        return Ok(Candidates::TooCommon);
    }
    let postings: Vec<Posting> =
        serde_json::from_slice(row.blob("c")?).map_err(|_| malformed("c"))?;
    let share = |posting| shared.share(posting);
    Ok(Candidates::Some(postings.into_iter().map(share).collect()))
}
