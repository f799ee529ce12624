//! The legal register of a tenant: assessments and templates, sealed into the Ledger and out of it.

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

/// Tries at a number that others want, too.
const TRIES: u32 = 50;
/// Entries that are checked at a time.
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
    /// When it was appended.
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
    /// When it was stored.
    pub at: Timestamp,
    /// The template.
    pub template: Template,
}

impl<'a, L: Legal + ?Sized> Register<'a, L> {
    /// Opens a tenant's register. That makes no keys; what is written first does.
    ///
    /// # Errors
    /// What the port answers.
    pub async fn open(legal: &'a L, keyring: &'a dyn Keys, tenant: &'a TenantId) -> Outcome<Self> {
        Ok(Self {
            legal,
            keyring,
            keys: keyring.tenant_if_made(tenant).await?,
            tenant,
        })
    }

    /// The tenant's keys, those that were made since the register was opened among them; none: nothing was ever written into
    /// the register, and nobody suppressed.
    ///
    /// # Errors
    /// What the port answers.
    pub async fn keys(&self) -> Outcome<Option<Arc<TenantKeys>>> {
        match &self.keys {
            Some(keys) => Ok(Some(Arc::clone(keys))),
            None => self.keyring.tenant_if_made(self.tenant).await,
        }
    }

    /// Appends an assessment.
    ///
    /// # Errors
    /// Permanent, when something is missing in it or its template is unknown; what the ports answer otherwise. After a
    /// transient fault it may have been appended: another try appends it again, which changes nothing for the person.
    pub async fn file(&self, assessment: &Assessment, now: Timestamp) -> Outcome<Filed> {
        assessment.check(now)?;
        if let Some(used) = &assessment.template {
            let known = self.templates().await?;
            let fits =
                |one: &Versioned| one.template.name == used.name && one.version == used.version;
            // A template is one purpose's.
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

    /// An assessment by its number.
    ///
    /// # Errors
    /// Permanent, when what is there does not open.
    pub async fn assessment(&self, number: u64) -> Outcome<Option<Filed>> {
        let found = self.legal.assessments_at(self.tenant, &[number]).await?;
        Ok(self.opened(found).await?.pop())
    }

    /// The assessments of these people, for each in the order they were made. Only those of the very person: who shares no
    /// more than a telephone number is somebody else.
    ///
    /// # Errors
    /// As [`Self::assessment`].
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

    /// Checks the whole chain; `kept` is number and hash of an entry that the caller noted earlier.
    ///
    /// # Errors
    /// What the port answers.
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

    /// Stores a template's next version.
    ///
    /// # Errors
    /// Permanent, when something is missing in it.
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

    /// All versions of all templates.
    ///
    /// # Errors
    /// Permanent, when one does not open.
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

    /// Opens what is there.
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
