//! An integration, opened for reading, and what its records look like then. A noun: show, relate and whose begin with it.

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

/// An integration whose copy may be shown, and what opens it.
pub struct View<'a> {
    pub(crate) store: &'a dyn ViewStore,
    keyring: &'a dyn Keys,
    suppressions_edition: u64,
    pub(crate) keys: Arc<GenerationKeys>,
    /// The integration, as it stood when the view was opened.
    pub integration: Integration,
}

impl<'a> View<'a> {
    /// Opens an integration of the caller's tenant for reading. One whose grant was lost still shows its copy.
    ///
    /// # Errors
    /// Permanent, when there is none, when it is being removed or was: then nothing is shown. Revoked, when its keys are
    /// lost.
    pub async fn open(
        store: &'a dyn ViewStore,
        keyring: &'a dyn Keys,
        which: &Which,
    ) -> Outcome<Self> {
        // Side by side: which keys it will be is not known yet, so all that there are are fetched.
        let (integration, wrapped, suppressions_edition) = try_join!(
            store.integration(which),
            keyring.wrapped(which),
            store.suppressions_edition(&which.tenant),
        )?;
        let integration = may_be_shown(integration)?;
        let keys = keyring.open_wrapped(&integration.scope, &wrapped).await?;
        Self::with((store, keyring), integration, keys, suppressions_edition)
    }

    /// Opens a generation that the caller knows already. Only the key row of that generation is read: whoever works in the
    /// background may read no others.
    ///
    /// # Errors
    /// As [`Self::open`]. Fenced, when the integration is in another generation by now.
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

    /// Whose copy is shown.
    pub fn scope(&self) -> &Scope {
        &self.integration.scope
    }

    /// A record's id in the spelling that the copy has, whichever the caller has.
    ///
    /// # Errors
    /// Permanent, when it cannot be an id of this CRM: `record.id_misspelt`.
    pub fn spelt(&self, id: &RecordId) -> Outcome<RecordId> {
        let spelt = self.integration.provider.spelling().one(id);
        spelt.map_err(|fault| fault.within("/record"))
    }

    /// How fresh each object's copy is.
    ///
    /// # Errors
    /// Those of the store.
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

    /// The suppressions of the tenant's people, as they stood when the view was opened, or later.
    ///
    /// # Errors
    /// What the ports answer.
    pub async fn suppressions(&self) -> Outcome<Suppressions> {
        let tenant = &self.scope().tenant;
        Suppressions::at(self.store, self.keyring, tenant, self.suppressions_edition).await
    }

    /// Opens records for display, as [`Self::opened`] does, and leaves out those of people who objected or were erased, and
    /// those whose deletion in the CRM waits for an answer.
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

    /// Which suppressions stand for records, in their order.
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

    /// Refuses a record whose person objected or was erased, or whose deletion in the CRM waits for an answer.
    ///
    /// # Errors
    /// Permanent: `record.withheld`, where the person objected; `record.vanished`, where the deletion waits; of one who was erased
    /// it is not said that there is a record.
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

    /// Opens records, with their relations as they stand now: one more request. Whoever is in them: what is held about a
    /// person is told whatever is suppressed.
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

    /// None: the body is on its way to the place beside the item, and will be shown then.
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
                // Its item is on its way, or has just gone.
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

/// The integration, unless its copy must not be shown.
fn may_be_shown(integration: Option<Integration>) -> Outcome<Integration> {
    let integration = integration.ok_or_else(|| Fault::of(Code::IntegrationUnknown))?;
    match integration.status {
        Status::Connected | Status::NeedsReconnect => Ok(integration),
        Status::Removing => Err(Fault::of(Code::IntegrationRemoving)),
        Status::Removed => Err(Fault::of(Code::IntegrationRemoved)),
    }
}

/// Whether a record of the copy may be displayed, as far as the CRM is concerned: not while its deletion waits for an answer.
pub(crate) fn is_displayed(copied: &Copied) -> bool {
    copied.known.vanished != Some(Vanished::Waiting)
}

/// A record, opened. Holds personal data: it has no `Debug`.
pub struct Shown {
    /// Its object.
    pub object: Object,
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of its last change.
    pub modified: Timestamp,
    /// When this state of it came into the copy.
    pub copied: Option<Timestamp>,
    /// When this state of it was last confirmed; none: no run was verified yet.
    pub confirmed: Option<Timestamp>,
    /// What it says of a company or a person.
    pub attributes: MatchingAttributes,
    /// Where the matter stands.
    pub display: DisplayFields,
    /// The people in it; none: its body is of a format that did not say it.
    pub people: Option<People>,
    /// The companies it is related to, the firmest first.
    pub relations: Vec<ShownRelation>,
    /// The fields under the CRM's own names.
    pub fields: Box<RawValue>,
    /// What became of its deletion in the CRM, where that is held back.
    pub vanished: Option<Vanished>,
    /// The names of fields that are left out here, since the answer would be too large with them.
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
    /// Why the rule came to it, the heaviest first; empty, where a user linked it by hand.
    pub evidence: Vec<Evidence>,
}

/// How fresh the copy of one object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectFreshness {
    /// The object.
    pub object: Object,
    /// Up to when the last run that came to VERIFIED had read the CRM; none: there was none yet.
    pub confirmed: Option<Timestamp>,
    /// Records in the copy.
    pub records: u64,
}

/// How fresh the copy is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness(pub Vec<ObjectFreshness>);

impl Freshness {
    /// When a record's state was last confirmed: by the last verified run of its object, or by the run that brought it.
    pub fn of(&self, object: Object, copied: Option<Timestamp>) -> Option<Timestamp> {
        self.confirmed(object).max(copied)
    }

    /// When an object was last confirmed.
    pub fn confirmed(&self, object: Object) -> Option<Timestamp> {
        let fresh = self.0.iter().find(|fresh| fresh.object == object);
        fresh.and_then(|fresh| fresh.confirmed)
    }

    /// When the least fresh of the objects that there are records of was last confirmed; none: one of them never was.
    pub fn oldest(&self) -> Option<Timestamp> {
        let fresh = self.0.iter().filter(|fresh| fresh.records > 0);
        fresh.map(|fresh| fresh.confirmed).min().flatten()
    }
}
