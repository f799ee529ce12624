//! Measures what nobody else notices: integrations that are not in order, and removals and ends of tenants that stand still.

use domain::{
    dispatch, fault::Outcome, offboarding::EndStage, order::Rule, removal::Stage, tenant::Scope,
};
use jiff::SignedDuration;

use super::{DispatchContext, hours};
use crate::{
    clock,
    metrics::{self, Metric},
};

/// From this age on it names a removal, or the end of a tenant, that stays in its stage.
const STANDS_STILL: SignedDuration = SignedDuration::from_hours(6);

/// Measures for how long integrations have not been in order and how many are overdue, and names those in the log.
///
/// # Errors
/// Returns the fault of the Ledger.
pub(super) async fn watch(given: &DispatchContext<'_>, rule: Rule) -> Outcome<()> {
    let watched = dispatch::watch(given.store, rule, (given.clock)(), given.overdue).await?;
    metrics::measure(Metric::OldestUnverifiedHours, hours(watched.longest));
    metrics::measure(Metric::UnverifiedIntegrations, watched.overdue);
    metrics::add(Metric::NewlyUnverified, watched.new);
    for found in watched.named {
        tracing::warn!(
            tenant = %found.scope.tenant,
            integration = %found.scope.integration,
            generation = found.scope.generation.0,
            hours = hours(found.age),
            new = found.is_new,
            "the integration has not been in order for too long"
        );
    }
    Ok(())
}

/// The time that an invocation keeps to hand its list over.
const RESERVE: SignedDuration = SignedDuration::from_secs(5);

/// How many removals are looked at between two looks at the time.
const AT_ONCE: usize = 16;

/// Measures for how long removals have been in their stages, and names those that stand still. It ends early if the time is nearly up.
///
/// # Errors
/// Returns the fault of the Ledger. The removals are ordered by then.
pub(super) async fn watch_removals(
    given: &DispatchContext<'_>,
    removals: Vec<Scope>,
) -> Outcome<()> {
    for some in removals.chunks(AT_ONCE) {
        if clock::is_nearly(given.deadline, given.clock, RESERVE) {
            return Ok(());
        }
        for found in dispatch::stages(given.removals, some.to_vec(), (given.clock)()).await? {
            tell(&found);
        }
    }
    Ok(())
}

fn tell(found: &dispatch::Staged) {
    metrics::measure(metric(found.stage), hours(found.age));
    if found.age >= STANDS_STILL {
        tracing::warn!(
            tenant = %found.scope.tenant,
            integration = %found.scope.integration,
            generation = found.scope.generation.0,
            stage = found.stage.name(),
            hours = hours(found.age),
            "the removal has been in its stage for long"
        );
    }
}

/// Orders the ends of tenants again that are not over, measures for how long they have been at what they are at, and names those that
/// stand still.
///
/// # Errors
/// Returns the fault of the Ledger or of the bus. What is measured is measured by then.
pub(super) async fn order_ends(given: &DispatchContext<'_>) -> Outcome<()> {
    let found = dispatch::endings(given.store, (given.clock)()).await?;
    metrics::measure(Metric::OldestOffboardingHours, hours(found.oldest));
    for ended in found.ends {
        let metric = match ended.row.stage {
            EndStage::Removing => Metric::OffboardingHoursRemoving,
            EndStage::Deleting => Metric::OffboardingHoursDeleting,
        };
        metrics::measure(metric, hours(ended.in_stage));
        if ended.in_stage >= STANDS_STILL {
            tracing::warn!(
                tenant = %ended.row.tenant,
                stage = ended.row.stage.name(),
                hours = hours(ended.in_stage),
                "the end of the tenant has been in its stage for long"
            );
        }
    }
    if found.orders.is_empty() {
        return Ok(());
    }
    tracing::info!(
        ends = found.orders.len(),
        "ends of tenants were ordered again"
    );
    (given.send)(found.orders).await
}

fn metric(stage: Stage) -> Metric {
    match stage {
        Stage::Revoking => Metric::RemovalHoursRevoking,
        Stage::Destroying => Metric::RemovalHoursDestroying,
        Stage::Sweeping => Metric::RemovalHoursSweeping,
        Stage::Waiting => Metric::RemovalHoursWaiting,
        Stage::SweepingAgain => Metric::RemovalHoursSweepingAgain,
        Stage::Verifying => Metric::RemovalHoursVerifying,
        Stage::Signing | Stage::Done => Metric::RemovalHoursSigning,
    }
}
