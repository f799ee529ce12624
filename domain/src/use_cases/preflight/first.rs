//! Foretells a first run by the CRM's own numbers of records.

use futures::future::try_join_all;
use serde::Serialize;

use crate::{
    fault::Outcome,
    ports::{Crm, Deletions, Parents},
    progress::{FirstReading, Forecast},
    record::Object,
    settings::Settings,
};

/// Why there is no forecast. No run was a success yet, and what the first one has to read is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoForecast {
    /// The CRM does not count the records of one of the chosen objects.
    NotCounted,
    /// The CRM refuses to count them.
    CountRefused,
    /// The CRM did not answer in time, or not as it should. Only the answer that begins a run says this.
    NotAnswered,
    /// The run had begun before, and what it has read already is not counted. Only the answer that begins a run says this.
    BegunBefore,
}

/// Foretells a first run of which nothing else is known yet. The CRM is asked which of the chosen objects the grant may read, and
/// how many records they have: two requests or so for each object, and the objects side by side.
///
/// # Errors
/// The fault of the CRM.
pub async fn foretell(crm: &dyn Crm, settings: &Settings) -> Outcome<Result<Forecast, NoForecast>> {
    let readings = settings.objects.iter().map(|object| async {
        let rights = crm.rights(*object).await?;
        match rights.is_some_and(|rights| rights.read) {
            true => reading(crm, *object).await.map(Some),
            false => Ok(None),
        }
    });
    let readings = try_join_all(readings).await?;
    Ok(sum(crm, readings.into_iter().flatten()))
}

/// Returns what a first run will presumably use, by the CRM's numbers of records. Each number is one request.
pub(super) async fn first(
    crm: &dyn Crm,
    objects: impl Iterator<Item = Object>,
) -> Outcome<Result<Forecast, NoForecast>> {
    let mut readings = Vec::new();
    for object in objects {
        readings.push(reading(crm, object).await?);
    }
    Ok(sum(crm, readings))
}

fn sum(
    crm: &dyn Crm,
    readings: impl IntoIterator<Item = Result<FirstReading, NoForecast>>,
) -> Result<Forecast, NoForecast> {
    let readings: Vec<_> = readings.into_iter().collect::<Result<_, _>>()?;
    Ok(Forecast::first(&readings, &crm.usage().budgets))
}

async fn reading(crm: &dyn Crm, object: Object) -> Outcome<Result<FirstReading, NoForecast>> {
    let counted = match crm.count(object).await {
        Ok(counted) => counted.at_least(),
        Err(fault) if fault.is_transient() => return Err(fault),
        // What else is known is worth more than the forecast.
        Err(_) => return Ok(Err(NoForecast::CountRefused)),
    };
    let reading = crm.abilities().reading(object);
    let of = |records| FirstReading {
        records,
        per_request: reading.per_request,
        parents_per_request: match reading.parents {
            Parents::InRecord => None,
            Parents::Associated { at_most } => Some(at_most as u64),
        },
        lists_ids: reading.deletions == Deletions::OnlyByIds || !reading.counting.may_be_exact(),
    };
    Ok(counted.map(of).ok_or(NoForecast::NotCounted))
}
