//! The assessments of the register: append, find, verify.

use jiff::Timestamp;

use super::{Register, TRIES, Versioned, open};
use crate::{
    fault::{Code, Fault, Outcome},
    grounds::{
        assessment::Assessment,
        chain::{ChainHash, Check, Entry, Verified},
    },
    person::Person,
    ports::Legal,
    seal::{HashKind, Place, Room, Sealer},
};

/// The number of entries read at a time.
const PAGE: usize = 200;

/// An assessment with its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Filed {
    /// Its number.
    pub number: u64,
    /// The time at which it was appended.
    pub at: Timestamp,
    /// Its hash.
    pub hash: ChainHash,
    /// The assessment.
    pub assessment: Assessment,
}

impl<L: Legal + ?Sized> Register<'_, L> {
    /// Appends an assessment.
    ///
    /// # Errors
    /// Permanent if it is incomplete or its template is unknown. Otherwise the fault of the store or the keys. After a transient
    /// fault it may have been appended. A retry appends it again, which changes nothing for the person.
    pub async fn file(&self, assessment: &Assessment, now: Timestamp) -> Outcome<Filed> {
        assessment.check(now)?;
        if let Some(used) = &assessment.template {
            let known = self.templates().await?;
            let fits =
                |one: &Versioned| one.template.name == used.name && one.version == used.version;
            // A template belongs to one purpose.
            if used.name != assessment.purpose || !known.iter().any(fits) {
                let unknown = Fault::of(Code::TemplateUnknown);
                return Err(unknown.at("/template", "a version of the template of this purpose"));
            }
        }
        let keys = self.keyring.tenant(self.tenant).await?;
        let people = assessment.person.hashes(&keys, HashKind::Person);
        let text =
            serde_json::to_vec(assessment).map_err(|_| Fault::of(Code::AssessmentUnwritable))?;
        let mut sealer = Sealer::new(&keys.sealing, 1)?;
        for _ in 0..TRIES {
            let last = self.legal.last_assessment(self.tenant).await?;
            let last = last.map(|entry| (entry.number, entry.hash));
            let number = last.map_or(0, |(number, _)| number) + 1;
            let key = number.to_string();
            let place = Place::of_tenant(self.tenant, Room::LegalAssessment, &key);
            let sealed = sealer.seal(&place, &text)?;
            let entry = Entry::after(self.tenant, last, now, people.clone(), sealed);
            if self.legal.append_assessment(self.tenant, &entry).await? {
                return Ok(Filed {
                    number,
                    at: entry.at,
                    hash: entry.hash,
                    assessment: assessment.clone(),
                });
            }
        }
        Err(Fault::of(Code::AssessmentContended))
    }

    /// Returns an assessment by its number.
    ///
    /// # Errors
    /// Permanent if it does not open. Otherwise the fault of the store.
    pub async fn assessment(&self, number: u64) -> Outcome<Option<Filed>> {
        let found = self.legal.assessments_at(self.tenant, &[number]).await?;
        Ok(self.opened(found).await?.pop())
    }

    /// Returns the assessments of each of these people, in the order in which they were made. Only assessments of the same person
    /// count: somebody who shares only a telephone number may be another person.
    ///
    /// # Errors
    /// As for [`Self::assessment`].
    pub async fn assessments_of(&self, people: &[Person]) -> Outcome<Vec<Vec<Filed>>> {
        let Some(keys) = self.keys().await? else {
            return Ok(vec![Vec::new(); people.len()]);
        };
        let mut hashes: Vec<_> = people
            .iter()
            .flat_map(|person| person.sought(&keys, HashKind::Person))
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        if hashes.is_empty() {
            return Ok(vec![Vec::new(); people.len()]);
        }
        let numbers = self.legal.assessments_of(self.tenant, &hashes).await?;
        let found = self.legal.assessments_at(self.tenant, &numbers).await?;
        let filed = self.opened(found).await?;
        let of = |person: &Person| -> Vec<Filed> {
            let mine = filed
                .iter()
                .filter(|filed| filed.assessment.person.is(person));
            mine.cloned().collect()
        };
        Ok(people.iter().map(of).collect())
    }

    /// Checks the whole chain. `kept` is the number and hash of an entry that the caller kept earlier.
    ///
    /// # Errors
    /// The fault of the store.
    pub async fn verify(&self, kept: Option<(u64, ChainHash)>) -> Outcome<Verified> {
        let mut check = Check::new(self.tenant, kept);
        let mut after = 0;
        loop {
            let page = self.legal.assessments(self.tenant, after, PAGE).await?;
            let Some(last) = page.last().map(|entry| entry.number) else {
                return Ok(check.done());
            };
            if !page.iter().all(|entry| check.take(entry)) {
                return Ok(check.done());
            }
            after = last;
        }
    }

    async fn opened(&self, entries: Vec<Entry>) -> Outcome<Vec<Filed>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut opener = self.opener().await?;
        entries
            .into_iter()
            .map(|entry| {
                let key = entry.number.to_string();
                let place = Place::of_tenant(self.tenant, Room::LegalAssessment, &key);
                Ok(Filed {
                    number: entry.number,
                    at: entry.at,
                    hash: entry.hash,
                    assessment: open(&mut opener, &place, &entry.sealed)?,
                })
            })
            .collect()
    }
}
