//! What the answer that begins a run says of the requests that the run will need.

use std::time::Duration;

use domain::{
    change_settings,
    dispatch::AtOnce,
    fault::Outcome,
    preflight::{self, NoForecast},
    progress::{Forecast, Progress},
    tenant::Scope,
};
use futures::try_join;
use serde::Serialize;

use super::{Call, in_time, preflight::open};
use crate::problem::Problem;

/// The longest time for which the CRM is asked. The run is ordered already, and whoever began it waits for the answer.
const ASKED: Duration = Duration::from_secs(8);
/// The part of the request's time that is left to what follows.
const LEFT: Duration = Duration::from_secs(3);

/// A forecast, or why there is none.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Foretold {
    forecast: Option<Forecast>,
    no_forecast: Option<NoForecast>,
}

impl From<Result<Forecast, NoForecast>> for Foretold {
    fn from(found: Result<Forecast, NoForecast>) -> Self {
        Self {
            forecast: found.ok(),
            no_forecast: found.err(),
        }
    }
}

/// Foretells a run that is ordered: by the last runs and the budgets that the CRM reported then, else by the CRM's own numbers of
/// records. It never fails, since the run is ordered whatever it will need.
pub(super) async fn foretell(call: &Call<'_>, run: &AtOnce) -> Foretold {
    let found = match by_last_runs(call, &run.scope).await {
        Ok(Some(forecast)) => Ok(Ok(forecast)),
        Ok(None) if !run.begun => Ok(Err(NoForecast::BegunBefore)),
        Ok(None) => {
            let left = in_time::left(call.deadline, (call.world.clock)()).saturating_sub(LEFT);
            in_time::in_time(left.min(ASKED), by_records(call)).await
        }
        Err(fault) => Err(fault.into()),
    };
    let found = found.unwrap_or_else(|problem: Problem| {
        let code = problem.detail.as_deref().unwrap_or(problem.name());
        tracing::warn!(
            code,
            "the run is ordered, and what it will use cannot be said"
        );
        Err(NoForecast::NotAnswered)
    });
    found.into()
}

async fn by_last_runs(call: &Call<'_>, scope: &Scope) -> Outcome<Option<Forecast>> {
    let store = &call.ports.store;
    let (reports, progress) = try_join!(
        store.runs(scope, None, Forecast::REPORTS),
        store.progress(scope)
    )?;
    Ok(Forecast::of(&reports, Progress::reported(&progress)))
}

async fn by_records(call: &Call<'_>) -> Result<Result<Forecast, NoForecast>, Problem> {
    let which = call.request.which(&call.caller.tenant)?;
    let set = change_settings::read(&*call.ports.store, &*call.ports.keys, &which).await?;
    // The run that began counts in the allowance.
    let crm = open(call, &set.integration).await?;
    Ok(preflight::foretell(&*crm, &set.settings).await?)
}
