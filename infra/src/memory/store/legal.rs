//! The legal register.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    legal::{
        chain::{ChainHash, Entry},
        changes::{Change, Done, Standing},
    },
    ports::{Legal, StoredSuppression, StoredTemplate, Suppressed, SuppressionKind},
    seal::KeyedHash,
    tenant::TenantId,
};
use jiff::Timestamp;

use super::MemoryStore;

#[async_trait]
impl Legal for MemoryStore {
    async fn last_assessment(&self, tenant: &TenantId) -> Outcome<Option<Entry>> {
        Ok(self.lock().legal.of(tenant).next_back().cloned())
    }

    async fn append_assessment(&self, tenant: &TenantId, entry: &Entry) -> Outcome<bool> {
        let mut rows = self.lock();
        let place = (tenant.clone(), entry.number);
        let there = rows.legal.assessments.entry(place);
        Ok(there.or_insert_with(|| entry.clone()) == entry)
    }

    async fn assessments(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Entry>> {
        let rows = self.lock();
        let later = rows.legal.of(tenant).filter(|entry| entry.number > after);
        let most = most.clamp(1, self.page_size);
        Ok(later.take(most).cloned().collect())
    }

    async fn assessments_at(&self, tenant: &TenantId, numbers: &[u64]) -> Outcome<Vec<Entry>> {
        let rows = self.lock();
        let wanted = rows
            .legal
            .of(tenant)
            .filter(|entry| numbers.contains(&entry.number));
        Ok(wanted.cloned().collect())
    }

    async fn assessments_of(&self, tenant: &TenantId, people: &[KeyedHash]) -> Outcome<Vec<u64>> {
        let rows = self.lock();
        let found = rows
            .legal
            .of(tenant)
            .filter(|entry| entry.people.iter().any(|person| people.contains(person)));
        Ok(found.map(|entry| entry.number).collect())
    }

    async fn put_template(&self, tenant: &TenantId, template: &StoredTemplate) -> Outcome<bool> {
        let mut rows = self.lock();
        let place = (tenant.clone(), template.name.clone(), template.version);
        let there = rows.legal.templates.entry(place);
        Ok(there.or_insert_with(|| template.clone()) == template)
    }

    async fn templates(&self, tenant: &TenantId) -> Outcome<Vec<StoredTemplate>> {
        let rows = self.lock();
        let all = rows.legal.templates.iter();
        let mine = all.filter(|((of, _, _), _)| of == tenant);
        Ok(mine.map(|(_, template)| template.clone()).collect())
    }

    async fn suppress(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        suppressions: &[StoredSuppression],
    ) -> Outcome<()> {
        let mut rows = self.lock();
        for mark in suppressions {
            let place = (tenant.clone(), kind, mark.person);
            rows.legal.suppressions.insert(place, (mark.clone(), None));
        }
        let people: BTreeSet<KeyedHash> = suppressions.iter().map(|mark| mark.person).collect();
        let done = Done {
            at: suppressions
                .iter()
                .map(|mark| mark.at)
                .max()
                .unwrap_or_default(),
            kind,
            lifts: false,
            people: &people.into_iter().collect::<Vec<_>>(),
        };
        rows.legal.note_change(tenant, done);
        Ok(())
    }

    async fn lift(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        people: &[KeyedHash],
        at: Timestamp,
    ) -> Outcome<u64> {
        let mut rows = self.lock();
        let mut n_lifted = 0;
        for person in people.iter().collect::<BTreeSet<_>>() {
            let there = rows
                .legal
                .suppressions
                .get_mut(&(tenant.clone(), kind, *person));
            if let Some((_, lifted @ None)) = there {
                *lifted = Some(at);
                n_lifted += 1;
                let done = Done {
                    at,
                    kind,
                    lifts: true,
                    people: std::slice::from_ref(person),
                };
                rows.legal.note_change(tenant, done);
            }
        }
        Ok(n_lifted)
    }

    async fn suppressed(
        &self,
        tenant: &TenantId,
        people: &[KeyedHash],
    ) -> Outcome<Vec<Suppressed>> {
        let rows = self.lock();
        let suppressed = |person| rows.legal.suppressed(tenant, person);
        Ok(people.iter().map(suppressed).collect())
    }

    async fn suppressions_edition(&self, tenant: &TenantId) -> Outcome<u64> {
        let rows = self.lock();
        Ok(rows
            .legal
            .marks
            .get(tenant)
            .map_or(0, |marks| marks.edition))
    }

    async fn all_suppressed(
        &self,
        tenant: &TenantId,
        _edition: u64,
    ) -> Outcome<Arc<HashMap<KeyedHash, Suppressed>>> {
        let rows = self.lock();
        let mine = rows
            .legal
            .suppressions
            .keys()
            .filter(|(of, ..)| of == tenant);
        let people: BTreeSet<KeyedHash> = mine.map(|(.., person)| *person).collect();
        Ok(Arc::new(
            people
                .into_iter()
                .map(|person| (person, rows.legal.suppressed(tenant, &person)))
                .filter(|(_, suppressed)| *suppressed != Suppressed::default())
                .collect(),
        ))
    }

    async fn head_of_changes(&self, tenant: &TenantId) -> Outcome<Option<(u64, ChainHash)>> {
        Ok(self.lock().legal.head_of(tenant))
    }

    async fn changes(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Change>> {
        let rows = self.lock();
        let later = rows.legal.changes_of(tenant);
        let later = later.filter(|change| change.number > after);
        let most = most.clamp(1, self.page_size);
        Ok(later.take(most).cloned().collect())
    }

    async fn standing(&self, tenant: &TenantId) -> Outcome<Standing> {
        let rows = self.lock();
        let all = rows.legal.suppressions.iter();
        let mine = all.filter(|((of, ..), (_, lifted))| of == tenant && lifted.is_none());
        Ok(mine
            .map(|((_, kind, person), _)| (*kind, *person))
            .collect())
    }
}
