//! Offboardings, and the rows that they delete.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    offboarding::{Offboarding, Owned, OwnedRow},
    ports::{Offboardings, SuppressionKind},
    tenant::TenantId,
};

use super::{MemoryStore, rows::Rows};
use crate::places::Shape;

#[async_trait]
impl Offboardings for MemoryStore {
    async fn offboarding(&self, tenant: &TenantId) -> Outcome<Option<Offboarding>> {
        Ok(self.lock().offboardings.get(tenant).cloned())
    }

    async fn put_offboarding(
        &self,
        tenant: &TenantId,
        before: Option<&Offboarding>,
        after: &Offboarding,
    ) -> Outcome<bool> {
        let mut rows = self.lock();
        let there = rows.offboardings.get(tenant);
        if there == Some(after) {
            return Ok(true);
        }
        let is_as_seen = there == before;
        if is_as_seen {
            rows.offboardings.insert(tenant.clone(), after.clone());
        }
        Ok(is_as_seen)
    }

    async fn owned_rows(
        &self,
        tenant: &TenantId,
        after: Option<&OwnedRow>,
        most: usize,
    ) -> Outcome<Vec<OwnedRow>> {
        let mut found = Vec::new();
        self.lock().retain_owned(tenant, |shape, key| {
            let kind = shape.owned_as().unwrap_or(Owned::Other);
            found.push(OwnedRow { kind, key });
            true
        });
        found.sort_by(|left, right| left.key.cmp(&right.key));
        found.retain(|row| after.is_none_or(|after| row.key > after.key));
        found.truncate(most.min(self.page_size));
        Ok(found)
    }

    async fn discard_owned(&self, tenant: &TenantId, found: &[OwnedRow]) -> Outcome<()> {
        let keys: BTreeSet<&str> = found.iter().map(|row| row.key.as_str()).collect();
        let stays = |_, key: String| !keys.contains(key.as_str());
        self.lock().retain_owned(tenant, stays);
        Ok(())
    }
}

impl Rows {
    /// Visits the rows that the end of a tenant deletes, and keeps those for which `stays` is true.
    fn retain_owned(&mut self, tenant: &TenantId, mut stays: impl FnMut(Shape, String) -> bool) {
        let mut row = |of: &TenantId, shape: Shape, key: String| {
            of != tenant || stays(shape, format!("{}{key}", shape.word()))
        };
        self.integrations
            .retain(|(of, id), _| row(of, Shape::Integration, format!("/{id}")));
        for times in [&mut self.verified, &mut self.worked] {
            times.retain(|(of, id), _| {
                of != tenant || self.integrations.contains_key(&(of.clone(), id.clone()))
            });
        }
        self.removals
            .retain(|of, _| row(&of.tenant, Shape::Removal, of.to_string()));
        self.states
            .retain(|(of, hash), _| row(of, Shape::State, hash.clone()));
        self.controllers
            .retain(|of, _| row(of, Shape::Controller, String::new()));
        self.allowances
            .retain(|of, _| row(of, Shape::Allowance, String::new()));
        self.audit
            .retain(|(of, place), _| row(of, Shape::Audit, place.as_str().to_owned()));
        let legal = &mut self.legal;
        legal
            .assessments
            .retain(|(of, number), _| row(of, Shape::Assessment, format!("{number:020}")));
        legal.templates.retain(|(of, name, version), _| {
            row(of, Shape::Template, format!("{name}#{version:010}"))
        });
        legal.suppressions.retain(|(of, kind, person), _| {
            let shape = match kind {
                SuppressionKind::Objection => Shape::Objection,
                SuppressionKind::Erasure => Shape::Erasure,
            };
            row(of, shape, person.to_string())
        });
        legal
            .changes
            .retain(|(of, number), _| row(of, Shape::Change, format!("{number:020}")));
        legal
            .marks
            .retain(|of, _| row(of, Shape::Suppressions, String::new()));
    }
}
