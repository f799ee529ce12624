//! The integrations, in the order in which they are due, too: with a hundred thousand of them, a look through all for each page of the
//! list would take longer than everything else.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Deref,
};

use domain::{
    integration::Integration,
    tenant::{IntegrationId, TenantId},
};
use jiff::Timestamp;

/// The place of an integration.
pub(super) type IntegrationKey = (TenantId, IntegrationId);

/// The integrations by place. Whoever gets one to change it takes it out of the order, and the next look puts it back.
#[derive(Default)]
pub(super) struct Integrations {
    rows: BTreeMap<IntegrationKey, Integration>,
    order: BTreeSet<(Timestamp, IntegrationKey)>,
    touched: BTreeSet<IntegrationKey>,
}

impl Deref for Integrations {
    type Target = BTreeMap<IntegrationKey, Integration>;

    fn deref(&self) -> &Self::Target {
        &self.rows
    }
}

impl Integrations {
    pub(super) fn get_mut(&mut self, place: &IntegrationKey) -> Option<&mut Integration> {
        let there = self.rows.get_mut(place)?;
        if self.touched.insert(place.clone()) {
            self.order.remove(&(there.due, place.clone()));
        }
        Some(there)
    }

    pub(super) fn insert(&mut self, place: IntegrationKey, integration: Integration) {
        if let Some(there) = self.get_mut(&place) {
            *there = integration;
            return;
        }
        self.touched.insert(place.clone());
        self.rows.insert(place, integration);
    }

    pub(super) fn retain(&mut self, stays: impl FnMut(&IntegrationKey, &mut Integration) -> bool) {
        self.order.clear();
        self.rows.retain(stays);
        self.touched = self.rows.keys().cloned().collect();
    }

    /// Returns those that are due at `now`, from behind a place in the order on.
    pub(super) fn due(
        &mut self,
        now: Timestamp,
        after: Option<(Timestamp, IntegrationKey)>,
    ) -> impl Iterator<Item = &Integration> {
        for place in std::mem::take(&mut self.touched) {
            if let Some(there) = self.rows.get(&place) {
                self.order.insert((there.due, place));
            }
        }
        let from = match after {
            Some(after) => std::ops::Bound::Excluded(after),
            None => std::ops::Bound::Unbounded,
        };
        self.order
            .range((from, std::ops::Bound::Unbounded))
            .take_while(move |(due, _)| *due <= now)
            .filter_map(|(_, place)| self.rows.get(place))
    }
}
