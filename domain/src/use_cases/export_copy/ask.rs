//! The API's requests for exports.

use jiff::Timestamp;

use crate::{
    admission::Admission,
    allowance::{Allowance, Limit},
    exports::{Export, LIES, Phase, StoredExport},
    fault::{Code, Fault, Kind, Outcome},
    integration::{Integration, Which},
    order::{ExportDue, Order},
    ports::{ExportStore, Integrations},
    removal::Asked,
    tenant::{ExportId, Scope},
};

/// Requests an export. If one is being written already, returns that one, so repeating the request is harmless and does not count in
/// the tenant's allowance.
///
/// # Errors
/// Permanent if there is no such integration, if it is removed or being removed, or if the tenant's allowance is used up.
pub async fn ask(
    store: &dyn ExportStore,
    which: &Which,
    asked: Asked,
    random: u32,
    allowance: &Allowance,
) -> Outcome<(Export, Vec<Order>)> {
    let scope = open(store, which).await?;
    let now = asked.at;
    let there = store.exports(&scope).await?;
    let is_open = |found: &&StoredExport| found.export.phase == Phase::Writing;
    if let Some(found) = there.iter().rev().find(is_open) {
        return Ok((found.export.clone(), orders(&scope, found, now)));
    }
    let export = Export::begin(ExportId::begin(now, random), asked);
    let admission = Admission {
        tenant: &scope.tenant,
        allowance,
        now,
    };
    let (id, lies) = (export.id.as_str(), now.saturating_add(LIES));
    let lies = lies.unwrap_or(Timestamp::MAX);
    let limit = Limit::ExportsKept;
    admission.hold(store, limit, id, lies).await?;
    let begun = async {
        admission.spend(store, Limit::ExportsPerDay, 1, id).await?;
        match store.begin_export(&scope, &export).await {
            // A removal has begun in the meantime.
            Err(fault) if fault.kind() == Kind::Fenced => Err(Fault::of(Code::IntegrationRemoving)),
            begun => begun,
        }
    };
    if let Err(fault) = begun.await {
        // A write without an answer may have begun it. Then its place is given back too early, which costs nobody anything.
        admission.let_go(store, limit, id).await;
        return Err(fault);
    }
    let due = Order::ExportDue(ExportDue {
        scope,
        export: export.id.clone(),
    });
    Ok((export, vec![due]))
}

/// Returns the progress of an export. `None` if there is no such export, or no longer. An order that was lost is given again.
///
/// # Errors
/// As for [`ask`].
pub async fn look(
    store: &dyn ExportStore,
    which: &Which,
    id: &ExportId,
    now: Timestamp,
) -> Outcome<Option<(Scope, Export, Vec<Order>)>> {
    let scope = open(store, which).await?;
    let there = store.exports(&scope).await?;
    let found = there.into_iter().find(|found| found.export.id == *id);
    Ok(found.map(|found| {
        let orders = orders(&scope, &found, now);
        (scope, found.export, orders)
    }))
}

/// Returns the integration's current generation if its copy may be shown.
async fn open(store: &dyn Integrations, which: &Which) -> Outcome<Scope> {
    Ok(Integration::with_copy(store.integration(which).await?)?.scope)
}

fn orders(scope: &Scope, found: &StoredExport, now: Timestamp) -> Vec<Order> {
    let due = ExportDue {
        scope: scope.clone(),
        export: found.export.id.clone(),
    };
    let is_stuck = found.is_stuck(now);
    is_stuck
        .then_some(Order::ExportDue(due))
        .into_iter()
        .collect()
}
