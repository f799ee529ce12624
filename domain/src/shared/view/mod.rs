//! An integration that is opened for reading, and its records in opened form. Several use cases begin with it.

mod budget;
pub(crate) mod cursor;

use std::{collections::HashMap, sync::Arc};

use futures::try_join;
use jiff::Timestamp;
use matching::{CompanyId, Evidence, RelationStatus};
use serde_json::value::RawValue;

use crate::{
    body::Body,
    decision,
    fault::{Code, Fault, Outcome},
    integration::{Integration, Status, Which},
    legal::Suppressions,
    people::People,
    ports::{Copied, Keys, Related, Suppressed, ViewStore},
    record::{DisplayFields, MatchingAttributes, Object, RecordId},
    seal::{GenerationKeys, KeyedHash, Opener},
    suppressed::{self, Subject},
    tenant::Scope,
    vanished::Vanished,
};

pub use self::budget::{Budget, MAX_ANSWER, weight};

/// An integration whose copy may be shown, with its keys.
pub struct View<'a> {
    pub(crate) store: &'a dyn ViewStore,
    keyring: &'a dyn Keys,
    suppressions_edition: u64,
    pub(crate) keys: Arc<GenerationKeys>,
    /// The integration as it was when the view was opened.
    pub integration: Integration,
}

impl<'a> View<'a> {
    /// Opens an integration of the caller's tenant for reading. An integration that lost its grant still shows its copy.
    ///
    /// # Errors
    /// Permanent if there is no such integration, or if it is removed or being removed. Revoked if its keys are lost.
    pub async fn open(
        store: &'a dyn ViewStore,
        keyring: &'a dyn Keys,
        which: &Which,
    ) -> Outcome<Self> {
        // These run in parallel. The generation is not known yet, so the wrapped keys of all generations are fetched.
        let (integration, wrapped, suppressions_edition) = try_join!(
            store.integration(which),
            keyring.wrapped(which),
            store.suppressions_edition(&which.tenant),
        )?;
        let integration = may_be_shown(integration)?;
        let keys = keyring.open_wrapped(&integration.scope, &wrapped).await?;
        Self::with((store, keyring), integration, keys, suppressions_edition)
    }

    /// Opens a generation that the caller knows already. Only that generation's row of keys is read, because background functions
    /// may not read others.
    ///
    /// # Errors
    /// As for [`Self::open`]. Fenced if the integration is in another generation now.
    pub async fn of_generation(
        store: &'a dyn ViewStore,
        keyring: &'a dyn Keys,
        scope: &Scope,
    ) -> Outcome<Self> {
        let which = Which {
            tenant: scope.tenant.clone(),
            integration: scope.integration.clone(),
        };
        let (integration, suppressions_edition) = try_join!(
            store.integration(&which),
            store.suppressions_edition(&scope.tenant)
        )?;
        let integration = may_be_shown(integration)?;
        if integration.scope != *scope {
            return Err(Fault::of(Code::IntegrationOtherGeneration));
        }
        let keys = keyring.open(scope).await?;
        Self::with((store, keyring), integration, keys, suppressions_edition)
    }

    fn with(
        (store, keyring): (&'a dyn ViewStore, &'a dyn Keys),
        integration: Integration,
        keys: Option<Arc<GenerationKeys>>,
        suppressions_edition: u64,
    ) -> Outcome<Self> {
        Ok(Self {
            store,
            keyring,
            suppressions_edition,
            keys: keys.ok_or_else(|| Fault::of(Code::KeysLost))?,
            integration,
        })
    }

    /// Returns the scope of the copy.
    pub fn scope(&self) -> &Scope {
        &self.integration.scope
    }

    /// Returns a record's id in the copy's spelling.
    ///
    /// # Errors
    /// Permanent if it cannot be an id of this CRM: `record.id_misspelt`.
    pub fn spelt(&self, id: &RecordId) -> Outcome<RecordId> {
        let spelt = self.integration.provider.spelling().one(id);
        spelt.map_err(|fault| fault.within("/record"))
    }

    /// Returns the freshness of the copy per object.
    ///
    /// # Errors
    /// The fault of the store.
    pub async fn freshness(&self) -> Outcome<Freshness> {
        let progress = self.store.progress(self.scope()).await?;
        let fresh = progress.into_iter().map(|progress| ObjectFreshness {
            object: progress.object,
            confirmed: progress.summary.verified_at,
            records: progress.held,
        });
        Ok(Freshness(fresh.collect()))
    }

    pub(crate) fn opener(&self) -> Outcome<Opener> {
        Opener::new(&self.keys.sealing).map_err(Fault::from)
    }

    /// Returns the tenant's suppressions as they were when the view was opened, or later.
    ///
    /// # Errors
    /// The fault of the store or the keys.
    pub async fn suppressions(&self) -> Outcome<Suppressions> {
        let tenant = &self.scope().tenant;
        Suppressions::at(self.store, self.keyring, tenant, self.suppressions_edition).await
    }

    /// Opens records for display like [`Self::opened`], but leaves out records of people who objected or were erased, and records
    /// whose deletion in the CRM waits for a decision.
    pub(crate) async fn shown(
        &self,
        copied: Vec<Copied>,
        freshness: &Freshness,
        suppressions: &Suppressions,
    ) -> Outcome<Vec<Shown>> {
        let there = copied.into_iter().filter(is_displayed).collect();
        let mut shown = self.opened(there, freshness).await?;
        let suppressed = self.suppressed(&shown, suppressions).await?;
        let mut suppressed = suppressed.into_iter();
        shown.retain(|_| suppressed.next() == Some(Suppressed::default()));
        Ok(shown)
    }

    /// Returns the suppressions in force for records, in the order of the records.
    pub(crate) async fn suppressed(
        &self,
        shown: &[Shown],
        suppressions: &Suppressions,
    ) -> Outcome<Vec<Suppressed>> {
        if suppressions.is_empty() {
            return Ok(vec![Suppressed::default(); shown.len()]);
        }
        let (scope, wanted) = (
            self.scope(),
            suppressed::asked(suppressions, shown.iter().map(Shown::subject)),
        );
        let accounts =
            suppressed::accounts(self.store, &self.keys, scope, suppressions, wanted).await?;
        let of = |shown: &Shown| shown.subject().suppressed(suppressions, scope, &accounts);
        Ok(shown.iter().map(of).collect())
    }

    /// Refuses a record whose person objected or was erased, or whose deletion in the CRM waits for a decision.
    ///
    /// # Errors
    /// Permanent: `record.withheld` if the person objected, `record.vanished` if the deletion waits. If the person was erased, the
    /// fault does not reveal that the record exists.
    pub(crate) async fn admit(&self, record: &Shown, suppressions: &Suppressions) -> Outcome<()> {
        let suppressed = self
            .suppressed(std::slice::from_ref(record), suppressions)
            .await?;
        match suppressed.first() {
            Some(suppressed) if suppressed.erased => Err(Fault::of(Code::RecordUnknown)),
            Some(suppressed) if suppressed.objected => {
                Err(Fault::of(Code::RecordWithheld).with_detail("objection"))
            }
            _ if record.vanished == Some(Vanished::Waiting) => Err(Fault::of(Code::RecordVanished)),
            _ => Ok(()),
        }
    }

    /// Opens records with their current relations, which takes one more request. Suppressed people are included, because a request
    /// for access must report them.
    pub(crate) async fn opened(
        &self,
        copied: Vec<Copied>,
        freshness: &Freshness,
    ) -> Outcome<Vec<Shown>> {
        let places: Vec<(Object, RecordId, KeyedHash)> = copied
            .iter()
            .flat_map(|copied| {
                let companies = copied.known.relations.iter();
                companies.map(|company| (copied.object, copied.id.clone(), *company))
            })
            .collect();
        let rows = if places.is_empty() {
            Vec::new()
        } else {
            self.store.relations(self.scope(), &places).await?
        };
        let rows: HashMap<_, _> = places.into_iter().zip(rows).collect();
        let mut opener = self.opener()?;
        let mut shown = Vec::with_capacity(copied.len());
        for copied in copied {
            shown.extend(self.open_one(&mut opener, copied, &rows, freshness)?);
        }
        Ok(shown)
    }

    /// Opens one record. `None` if its body is being moved to the place beside the item, and will be shown later.
    fn open_one(
        &self,
        opener: &mut Opener,
        copied: Copied,
        rows: &HashMap<(Object, RecordId, KeyedHash), Option<Related>>,
        freshness: &Freshness,
    ) -> Outcome<Option<Shown>> {
        let Some(sealed) = &copied.sealed else {
            return Ok(None);
        };
        let (scope, object) = (self.scope(), copied.object);
        let body = Body::open(opener, scope, object, &copied.id, sealed)?;
        let mut named: HashMap<KeyedHash, _> = body
            .relations
            .into_iter()
            .map(|relation| {
                (
                    decision::hash(&self.keys.index, &relation.company),
                    relation,
                )
            })
            .collect();
        let mut relations = Vec::with_capacity(copied.known.relations.len());
        for hash in &copied.known.relations {
            let place = (object, copied.id.clone(), *hash);
            let Some(Some(row)) = rows.get(&place) else {
                // The relation's row is just being written, or has just been deleted.
                continue;
            };
            let (company, evidence) = match (named.remove(hash), &row.link) {
                (Some(relation), _) => (relation.company, relation.evidence),
                (None, Some(link)) => {
                    let record = (object, &copied.id);
                    let company = decision::open_link(opener, scope, record, *hash, link)?;
                    (company, Vec::new())
                }
                (None, None) => continue,
            };
            relations.push(ShownRelation {
                company,
                status: row.status,
                score: row.score,
                evidence,
            });
        }
        Ok(Some(Shown {
            object,
            confirmed: freshness.of(object, body.copied),
            id: copied.id,
            modified: copied.known.modified,
            copied: body.copied,
            attributes: body.attributes.unwrap_or_default(),
            display: body.display.unwrap_or_default(),
            people: body.people,
            relations,
            fields: body.fields,
            vanished: copied.known.vanished,
            omitted: Vec::new(),
        }))
    }
}

/// Returns the integration if its copy may be shown.
fn may_be_shown(integration: Option<Integration>) -> Outcome<Integration> {
    let integration = integration.ok_or_else(|| Fault::of(Code::IntegrationUnknown))?;
    match integration.status {
        Status::Connected | Status::NeedsReconnect => Ok(integration),
        Status::Removing => Err(Fault::of(Code::IntegrationRemoving)),
        Status::Removed => Err(Fault::of(Code::IntegrationRemoved)),
    }
}

/// Returns whether a record of the copy may be displayed. It may not while its deletion in the CRM waits for a decision.
pub(crate) fn is_displayed(copied: &Copied) -> bool {
    copied.known.vanished != Some(Vanished::Waiting)
}

/// An opened record. It holds personal data, so it has no `Debug`.
pub struct Shown {
    /// Its object.
    pub object: Object,
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of the record's last change.
    pub modified: Timestamp,
    /// The time at which this state of the record came into the copy.
    pub copied: Option<Timestamp>,
    /// The time at which this state was last confirmed. `None` if no run was verified yet.
    pub confirmed: Option<Timestamp>,
    /// The matching attributes.
    pub attributes: MatchingAttributes,
    /// The display fields.
    pub display: DisplayFields,
    /// The people in it. `None` if its body is of a format that did not list them.
    pub people: Option<People>,
    /// The relations, the strongest first.
    pub relations: Vec<ShownRelation>,
    /// The fields under the CRM's own names.
    pub fields: Box<RawValue>,
    /// The state of the record's deletion in the CRM, if it is held back.
    pub vanished: Option<Vanished>,
    /// The names of fields that were left out because the response would be too large.
    pub omitted: Vec<String>,
}

impl Shown {
    fn subject(&self) -> Subject<'_> {
        Subject {
            object: self.object,
            id: &self.id,
            attributes: &self.attributes,
            display: &self.display,
            people: self.people.as_ref(),
            fields: self.fields.get(),
        }
    }
}

/// A relation, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRelation {
    /// The company.
    pub company: CompanyId,
    /// Its status.
    pub status: RelationStatus,
    /// Its score in thousandths.
    pub score: u16,
    /// The evidence, the heaviest first. Empty if a user linked the company by hand.
    pub evidence: Vec<Evidence>,
}

/// The freshness of one object's copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectFreshness {
    /// The object.
    pub object: Object,
    /// The time up to which the last run with the verdict VERIFIED had read the CRM. `None` if there was no such run yet.
    pub confirmed: Option<Timestamp>,
    /// Records in the copy.
    pub records: u64,
}

/// The freshness of the copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness(pub Vec<ObjectFreshness>);

impl Freshness {
    /// Returns the time at which a record's state was last confirmed: by the object's last verified run, or by the run that brought
    /// it.
    pub fn of(&self, object: Object, copied: Option<Timestamp>) -> Option<Timestamp> {
        self.confirmed(object).max(copied)
    }

    /// Returns the time at which an object was last confirmed.
    pub fn confirmed(&self, object: Object) -> Option<Timestamp> {
        let fresh = self.0.iter().find(|fresh| fresh.object == object);
        fresh.and_then(|fresh| fresh.confirmed)
    }

    /// Returns the time at which the least fresh object with records was last confirmed. `None` if one of them never was.
    pub fn oldest(&self) -> Option<Timestamp> {
        let fresh = self.0.iter().filter(|fresh| fresh.records > 0);
        fresh.map(|fresh| fresh.confirmed).min().flatten()
    }
}
