//! One request of a connector, and the faults that it meets.

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError, atomic::Ordering},
    time::Duration,
};

use domain::{
    fault::{CrmCode, Fault, Kind, Outcome},
    record::Object,
};

use super::{fields::Reading, org::Org, session::Session};

impl Session {
    /// Answers a query for the fields in use. `lost` is the result if the query cannot go on with fewer fields.
    pub(super) fn query<T>(
        &self,
        method: &str,
        object: Object,
        lost: impl FnOnce() -> Option<T>,
        answer: impl FnOnce(&mut Org) -> Outcome<T>,
    ) -> Outcome<T> {
        self.ask(method, Some(object), |org| {
            let mut reading = self.reading();
            let reading = reading.entry(object).or_default();
            if reading.is_refused(org)
                && let Some(lost) = lost()
            {
                return Ok(lost);
            }
            org.left_out.clone_from(&reading.left_out);
            let answer = answer(org);
            org.left_out.clear();
            answer
        })
    }

    pub(super) fn ask<T>(
        &self,
        method: &str,
        object: Option<Object>,
        answer: impl FnOnce(&mut Org) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut org = self.crm.lock();
        let stumbles = std::mem::take(&mut org.stumbles);
        self.requests.fetch_add(1 + stumbles, Ordering::Relaxed);
        org.requests += 1 + stumbles;
        *org.calls.entry(method.to_owned()).or_default() += 1;
        if org.revoked {
            return Err(Fault::crm("crm", CrmCode::said("revoked")).with_kind(Kind::Revoked));
        }
        if org.exhausted {
            return Err(Fault::crm("crm", CrmCode::said("quota"))
                .with_kind(Kind::Transient)
                .after(Duration::from_secs(3_600)));
        }
        if object.is_some_and(|object| org.forbidden.contains(&object)) {
            return Err(Fault::crm("crm", CrmCode::said("object_unreadable")));
        }
        let fails = |(of, at, _): &&(&str, Option<Object>, Fault)| {
            *of == method && (at.is_none() || *at == object)
        };
        if let Some((_, _, fault)) = org.faults.iter().find(fails) {
            return Err(fault.clone());
        }
        answer(&mut org)
    }

    pub(super) fn reading(&self) -> MutexGuard<'_, BTreeMap<Object, Reading>> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
