//! Removes the copy slice by slice, as the function would, and prints the cost to stdout as JSON.

use std::{env, fs, sync::Arc, time::Duration};

use domain::{
    integration::Which,
    removal::{Asked, Asker, Removal, What},
    remove_integration::{Ended, RemovalLimits, Slice, begin, remove as remove_slice},
};
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    Outcome,
    world::{World, say},
};

/// How long a slice lasts. The function has 900 s. Shorter slices hand over more often.
const SLICE: SignedDuration = SignedDuration::from_secs(120);

pub(crate) async fn remove() -> Outcome<()> {
    let world = World::new().await?;
    let per_second: u32 = env::var("REMOVAL_DELETES_PER_SECOND")?.parse()?;
    let settings = RemovalLimits {
        settle: SignedDuration::ZERO,
        skew: SignedDuration::ZERO,
        deletes_per_second: per_second,
        ..RemovalLimits::default()
    };
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let asked = Asked {
        by: Asker::stored("bench").ok_or("an opaque name")?,
        at: Timestamp::now(),
    };
    begin(&*world.ports.store, &which, &asked).await?;
    let (at_first, begun) = (peak_mib()?, Timestamp::now());
    let mut peaks = Vec::new();
    let mut estimate = None;
    for n in 1_u32.. {
        let ended = slice(&world, &settings, n).await?;
        peaks.push(peak_mib()?);
        if estimate.is_none() {
            let removal = state(&world).await?;
            let end = removal.estimated_end(Timestamp::now(), per_second, settings.settle);
            estimate = end.map(|end| end.duration_since(begun).as_secs());
        }
        if matches!(ended, Ended::Finished { .. }) {
            break;
        }
    }
    let seconds = Timestamp::now().duration_since(begun).as_secs_f64();
    let removal = state(&world).await?;
    let (Some(destroyed), Some(swept)) = (removal.keys_destroyed, removal.swept) else {
        return Err("it is not over".into());
    };
    let n_items: u64 = What::ALL.iter().map(|what| removal.n_deleted(*what)).sum();
    let sweep = swept.duration_since(destroyed).as_secs_f64();
    say(&json!({
        "records": removal.n_deleted(What::Record),
        "items": n_items,
        "left": removal.left.values().sum::<u64>(),
        "seconds": seconds,
        "estimated_seconds_after_first_slice": estimate,
        "items_per_second": n_items as f64 / sweep,
        "budget_per_second": per_second,
        "slices": peaks.len(),
        "peak_mib_before": at_first,
        "peak_mib_after_first_slice": peaks.first(),
        "peak_mib": peaks.last(),
        "requests": world.meter.counts(),
    })
    .to_string())
}

async fn slice(world: &World, settings: &RemovalLimits, n: u32) -> Outcome<Ended> {
    let slice = Slice {
        store: &*world.ports.store,
        keys: &*world.ports.keys,
        crm: &*world.ports.crm,
        scope: &world.scope,
        holder: format!("slice-{n}"),
        deadline: Timestamp::now().checked_add(SLICE)?,
        clock: &Timestamp::now,
        sleep: &|time: SignedDuration| {
            let time: Duration = time.try_into().unwrap_or_default();
            tokio::time::sleep(time).boxed()
        },
        settings,
    };
    Ok(Box::pin(remove_slice(slice)).await?)
}

async fn state(world: &World) -> Outcome<Removal> {
    let store = Arc::clone(&world.ports.store);
    let removal = store.removal(&world.scope).await?;
    Ok(removal.ok_or("there is a removal")?)
}

/// Returns the peak memory of this process. Linux only: /proc.
fn peak_mib() -> Outcome<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib: f64 = line
        .and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .ok_or("/proc says the peak")?;
    Ok(kib / 1024.0)
}
