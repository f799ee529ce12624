//! Integrations, leases, runs.

use domain::{
    fault::Outcome,
    integration::{Due, Integration, Lease, OpenRun, Status},
    order::Order,
    ports::{Checkpoint, DueToken},
    progress::{Progress, Quarantined, RunReport},
    record::Object,
    standstill::Standstill,
    tenant::{Generation, RunId, Scope},
};
use jiff::Timestamp;

use super::rows::Rows;

impl Rows {
    pub(super) fn connect(
        &mut self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> bool {
        let scope = &integration.scope;
        let place = (scope.tenant.clone(), scope.integration.clone());
        let there = self.integrations.get(&place);
        // Sealed bytes are never twice the same: whoever finds their own has been here before.
        let ours = there.is_some_and(|there| {
            there.admits(scope) && there.credentials == integration.credentials
        });
        let is_leased = there.is_some_and(|there| there.is_leased(integration.due));
        let as_seen = there.map(|there| (there.scope.generation, there.status)) == earlier
            && !(is_leased && earlier.is_some_and(|(_, status)| status == Status::Connected));
        if as_seen && !ours {
            self.integrations.insert(place, integration.clone());
        }
        as_seen || ours
    }

    pub(super) fn due(
        &self,
        now: Timestamp,
        after: Option<&DueToken>,
        most: usize,
    ) -> (Vec<Due>, Option<DueToken>) {
        let mut due: Vec<(String, Due)> = self
            .integrations
            .values()
            .filter(|integration| {
                let is_listed = matches!(integration.status, Status::Connected | Status::Removing);
                is_listed && integration.due <= now
            })
            .map(|integration| {
                let scope = &integration.scope;
                let order = format!(
                    "{:.9}#{}#{}",
                    integration.due, scope.tenant, scope.integration
                );
                (order, as_due(integration))
            })
            .filter(|(order, _)| after.is_none_or(|after| *order > after.0))
            .collect();
        due.sort_by(|(left, _), (right, _)| left.cmp(right));
        let next = (due.len() > most).then(|| DueToken(due[most - 1].0.clone()));
        (
            due.into_iter().take(most).map(|(_, due)| due).collect(),
            next,
        )
    }

    pub(super) fn claim(&mut self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> bool {
        let Ok(integration) = self.admitted(&seen.scope) else {
            return false;
        };
        if integration.due == seen.due {
            integration.due = look_again;
            integration.open_run = Some(run.clone());
            return true;
        }
        is_own_claim(integration, seen, run, look_again)
    }

    pub(super) fn take_lease(
        &mut self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>> {
        let integration = self.admitted(scope)?;
        let other = integration
            .lease
            .as_ref()
            .is_some_and(|there| there.holder != lease.holder && there.deadline > now);
        if other {
            return Ok(None);
        }
        integration.lease = Some(lease.clone());
        Ok(Some(integration.clone()))
    }

    pub(super) fn release_lease(&mut self, scope: &Scope, holder: &str) {
        let place = (scope.tenant.clone(), scope.integration.clone());
        let integration = self.integrations.get_mut(&place);
        if let Some(integration) = integration.filter(|found| found.scope == *scope) {
            integration.lease.take_if(|lease| lease.holder == holder);
        }
    }

    pub(super) fn note_standstill(
        &mut self,
        scope: &Scope,
        holder: &str,
        found: &Standstill,
    ) -> Outcome<()> {
        self.fenced(scope, holder)?.standstill = Some(found.clone());
        Ok(())
    }

    pub(super) fn progress(&self, scope: &Scope) -> Vec<Progress> {
        Object::ALL
            .into_iter()
            .filter_map(|object| self.progress.get(&(scope.clone(), object)).cloned())
            .collect()
    }

    pub(super) fn checkpoint(
        &mut self,
        scope: &Scope,
        holder: &str,
        step: &Checkpoint<'_>,
    ) -> Outcome<()> {
        self.fenced(scope, holder)?;
        let place = (scope.clone(), step.progress.object);
        let there = self.progress.get(&place);
        if there.is_some_and(|there| there.cursor == step.progress.cursor) {
            return Ok(());
        }
        let held = there
            .map_or(0, |there| there.held)
            .saturating_add_signed(step.added)
            .saturating_sub(step.gone.len() as u64);
        let progress = Progress {
            held,
            ..step.progress.clone()
        };
        for (id, known) in step.gone {
            self.take_out(scope, step.progress.object, id, known);
        }
        self.progress.insert(place, progress);
        Ok(())
    }

    pub(super) fn quarantine(&mut self, scope: &Scope, run: &RunId, records: &[Quarantined]) {
        let mut n_without_id = 0;
        for record in records {
            let name = if let Some(id) = &record.id {
                id.to_string()
            } else {
                n_without_id += 1;
                format!("#{}#{n_without_id}", record.page)
            };
            let place = (scope.clone(), record.object, name);
            self.quarantine.insert(place, (run.clone(), record.clone()));
        }
    }

    pub(super) fn finish(
        &mut self,
        scope: &Scope,
        holder: &str,
        report: &RunReport,
        next: Timestamp,
        status: Status,
        orders: &[Order],
    ) -> Outcome<()> {
        let place = (scope.clone(), report.run.clone());
        if let Err(fault) = self.fenced(scope, holder) {
            // Done before, and only the answer was lost.
            return if self.runs.get(&place) == Some(report) {
                Ok(())
            } else {
                Err(fault)
            };
        }
        let integration = self.fenced(scope, holder)?;
        integration.due = next;
        integration.open_run = None;
        integration.standstill = None;
        integration.lease = None;
        integration.status = status;
        integration.untold.extend_from_slice(orders);
        self.runs.insert(place, report.clone());
        Ok(())
    }
}

fn as_due(integration: &Integration) -> Due {
    Due {
        scope: integration.scope.clone(),
        due: integration.due,
        removing: integration.status == Status::Removing,
        open_run: integration.open_run.clone(),
        leased_until: integration.lease.as_ref().map(|lease| lease.deadline),
        hour: integration.settings.as_ref().and_then(|kept| kept.hour),
    }
}

/// Whether a claim that finds the due time moved on did that itself. The id of a run that was not there when its due
/// time was seen is proof; a run that is resumed has been there before, so its due time must be the claim's own too.
fn is_own_claim(
    integration: &Integration,
    seen: &Due,
    run: &OpenRun,
    look_again: Timestamp,
) -> bool {
    let is_new = seen.open_run.as_ref().is_none_or(|open| open.id != run.id);
    integration.open_run.as_ref() == Some(run) && (is_new || integration.due == look_again)
}
