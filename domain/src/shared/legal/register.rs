//! A tenant's legal register: assessments and templates, sealed in the Ledger.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    assessment::{Assessment, Purpose},
    chain::{ChainHash, Check, Entry, Verified},
    person::Person,
    template::Template,
};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Keys, Legal, StoredTemplate, tenant_keys::lost},
    seal::{HashKind, Opener, Place, Room, Sealed, Sealer, TenantKeys},
    tenant::TenantId,
};

/// Attempts to get the next number when others want it, too.
const TRIES: u32 = 50;
/// The number of entries read at a time.
const PAGE: usize = 200;

/// A tenant's legal register.
pub struct Register<'a, L: Legal + ?Sized> {
    legal: &'a L,
    keyring: &'a dyn Keys,
    keys: Option<Arc<TenantKeys>>,
    tenant: &'a TenantId,
}

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

/// A template with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    /// Its version, from 1.
    pub version: u32,
    /// The time at which it was stored.
    pub at: Timestamp,
    /// The template.
    pub template: Template,
}

impl<'a, L: Legal + ?Sized> Register<'a, L> {
    /// Opens a tenant's register. This creates no keys; the first write does.
    ///
    /// # Errors
    /// The fault of the keys.
    pub async fn open(legal: &'a L, keyring: &'a dyn Keys, tenant: &'a TenantId) -> Outcome<Self> {
        Ok(Self {
            legal,
            keyring,
            keys: keyring.tenant_if_made(tenant).await?,
            tenant,
        })
    }

    /// Returns the tenant's keys, even if they were created after the register was opened. `None` if nothing was ever written to
    /// the register and nobody was ever suppressed.
    ///
    /// # Errors
    /// The fault of the keys.
    pub async fn keys(&self) -> Outcome<Option<Arc<TenantKeys>>> {
        match &self.keys {
            Some(keys) => Ok(Some(Arc::clone(keys))),
            None => self.keyring.tenant_if_made(self.tenant).await,
        }
    }

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

    /// Stores the next version of a template.
    ///
    /// # Errors
    /// Permanent if it is incomplete.
    pub async fn put_template(&self, template: &Template, now: Timestamp) -> Outcome<Versioned> {
        template.check()?;
        let text = serde_json::to_vec(template).map_err(|_| Fault::of(Code::TemplateUnwritable))?;
        let keys = self.keyring.tenant(self.tenant).await?;
        let mut sealer = Sealer::new(&keys.sealing, 1)?;
        let name = template.name.as_str();
        for _ in 0..TRIES {
            let stored = self.legal.templates(self.tenant).await?;
            let last = stored.iter().filter(|one| one.name == name);
            let version = last.map(|one| one.version).max().unwrap_or(0) + 1;
            let key = format!("{name}#{version}");
            let place = Place::of_tenant(self.tenant, Room::LegalTemplate, &key);
            let stored = StoredTemplate {
                name: name.to_owned(),
                version,
                at: now,
                sealed: sealer.seal(&place, &text)?,
            };
            if self.legal.put_template(self.tenant, &stored).await? {
                return Ok(Versioned {
                    version,
                    at: now,
                    template: template.clone(),
                });
            }
        }
        Err(Fault::of(Code::TemplateContended))
    }

    /// Returns all versions of all templates.
    ///
    /// # Errors
    /// Permanent if one does not open.
    pub async fn templates(&self) -> Outcome<Vec<Versioned>> {
        let stored = self.legal.templates(self.tenant).await?;
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        let mut opener = self.opener().await?;
        let mut templates = Vec::with_capacity(stored.len());
        for one in stored {
            Purpose::parse(&one.name)?;
            let key = format!("{}#{}", one.name, one.version);
            let place = Place::of_tenant(self.tenant, Room::LegalTemplate, &key);
            templates.push(Versioned {
                version: one.version,
                at: one.at,
                template: open(&mut opener, &place, &one.sealed)?,
            });
        }
        Ok(templates)
    }

    /// Returns an opener with the tenant's keys.
    async fn opener(&self) -> Outcome<Opener> {
        let keys = self.keys().await?;
        let keys = keys.ok_or_else(|| lost("something is sealed, and there are no keys"))?;
        Ok(Opener::new(&keys.sealing)?)
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

fn open<T: serde::de::DeserializeOwned>(
    opener: &mut Opener,
    place: &Place<'_>,
    sealed: &Sealed,
) -> Outcome<T> {
    let text = opener
        .open(place, sealed)
        .map_err(|error| Fault::of(Code::StoreUnreadable).with_detail(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|_| Fault::of(Code::StoreBodyMalformed))
}
