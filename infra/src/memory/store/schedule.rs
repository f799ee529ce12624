//! Finds due integrations and claims them.

use std::{collections::BTreeMap, ops::RangeInclusive};

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::{Due, Integration, OpenRun, Status, Unverified},
    offboarding::Ending,
    ports::{DueToken, Schedule},
    tenant::{IntegrationId, Scope, TenantId},
};
use jiff::Timestamp;

use super::{MemoryStore, ordered::IntegrationKey, rows::Rows};

#[async_trait]
impl Schedule for MemoryStore {
    /// There are two parts, so that a test notices who reads one only.
    async fn parts(&self) -> Outcome<Vec<DueToken>> {
        Ok(PARTS.map(|part| DueToken(format!("{part} "))).into())
    }

    async fn due(&self, now: Timestamp, place: &DueToken) -> Outcome<(Vec<Due>, Option<DueToken>)> {
        let (part, after) = place.0.split_once(' ').unwrap_or_default();
        let rows = &mut *self.lock();
        let worked = &rows.worked;
        let mut listed = rows
            .integrations
            .due(now, position(after))
            .filter(|found| matches!(found.status, Status::Connected | Status::Removing))
            .filter(|found| part_of(&found.scope) == part);
        let page: Vec<&Integration> = listed.by_ref().take(self.page_size).collect();
        let next = match (listed.next(), page.last()) {
            (Some(_), Some(last)) => Some(DueToken(format!("{part} {}", written(last)))),
            _ => None,
        };
        Ok((
            page.into_iter().map(|one| as_due(one, worked)).collect(),
            next,
        ))
    }

    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool> {
        let mut rows = self.lock();
        let Ok(integration) = rows.admitted(&seen.scope) else {
            return Ok(false);
        };
        if integration.due == seen.due {
            integration.due = look_again;
            integration.open_run = Some(run.clone());
            let which = (seen.scope.tenant.clone(), seen.scope.integration.clone());
            rows.verified.entry(which).or_insert(run.begun);
            return Ok(true);
        }
        Ok(is_own_claim(integration, seen, run, look_again))
    }

    async fn longest_unverified(&self, most: u32) -> Outcome<Vec<Unverified>> {
        let mut longest = self.lock().unverified();
        longest.truncate(most as usize);
        Ok(longest)
    }

    async fn unverified_within(
        &self,
        within: RangeInclusive<Timestamp>,
        most: u32,
    ) -> Outcome<(u64, Vec<Unverified>)> {
        let mut found = self.lock().unverified();
        found.retain(|found| within.contains(&found.since));
        let n = found.len() as u64;
        found.truncate(most as usize);
        Ok((n, found))
    }

    async fn endings(&self, most: u32) -> Outcome<Vec<Ending>> {
        let rows = self.lock();
        let all = rows.offboardings.iter();
        let mut found: Vec<Ending> = all.filter_map(|(of, state)| state.ending(of)).collect();
        found.sort_by_key(|ending| ending.asked);
        found.truncate(most as usize);
        Ok(found)
    }
}

impl Rows {
    /// Returns the integrations that a time is known of and that are not being removed, those that have waited longest first.
    fn unverified(&self) -> Vec<Unverified> {
        let measured = self.integrations.iter().filter_map(|(place, integration)| {
            let since = *self.verified.get(place)?;
            let scope = integration.scope.clone();
            let is_measured = matches!(
                integration.status,
                Status::Connected | Status::NeedsReconnect
            );
            is_measured.then_some(Unverified { scope, since })
        });
        let mut found: Vec<Unverified> = measured.collect();
        found.sort_by_key(|found| found.since);
        found
    }
}

const PARTS: [&str; 2] = ["even", "odd"];

/// Returns the part of the list in which an integration is: by the length of its names.
fn part_of(scope: &Scope) -> &'static str {
    PARTS[(scope.tenant.as_str().len() + scope.integration.as_str().len()) % 2]
}

/// Writes the place of an integration in its part of the list.
fn written(integration: &Integration) -> String {
    let (scope, due) = (&integration.scope, integration.due.as_nanosecond());
    format!("{due}#{}#{}", scope.tenant, scope.integration)
}

/// Reads such a place. `None` for the beginning of the part.
fn position(written: &str) -> Option<(Timestamp, IntegrationKey)> {
    let mut parts = written.splitn(3, '#');
    let due = Timestamp::from_nanosecond(parts.next()?.parse().ok()?).ok()?;
    let tenant = TenantId::parse(parts.next()?).ok()?;
    Some((due, (tenant, IntegrationId::parse(parts.next()?).ok()?)))
}

fn as_due(integration: &Integration, worked: &BTreeMap<IntegrationKey, Timestamp>) -> Due {
    let scope = &integration.scope;
    let place = (scope.tenant.clone(), scope.integration.clone());
    Due {
        scope: integration.scope.clone(),
        due: integration.due,
        removing: integration.status == Status::Removing,
        open_run: integration.open_run.clone(),
        leased_until: worked.get(&place).copied(),
        hour: integration.settings.as_ref().and_then(|kept| kept.hour),
    }
}

/// Returns whether a claim that finds a later due time made that change itself. A new run's id proves it, if the run was not
/// there when the caller saw the due time. A resumed run was there before, so its due time must be the claim's own, too.
fn is_own_claim(
    integration: &Integration,
    seen: &Due,
    run: &OpenRun,
    look_again: Timestamp,
) -> bool {
    let is_new = seen.open_run.as_ref().is_none_or(|open| open.id != run.id);
    integration.open_run.as_ref() == Some(run) && (is_new || integration.due == look_again)
}
