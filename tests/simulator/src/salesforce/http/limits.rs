//! `/limits`.

use serde_json::{Value, json};

use crate::salesforce::state::{State, lock};

/// Returns what is left of the limits that the simulator keeps.
pub(super) fn answer(state: &State) -> Value {
    let (used, limit) = {
        let usage = lock(&state.usage);
        (usage.used, usage.limit)
    };
    let jobs = lock(&state.jobs).made();
    let left =
        |most: u64, used: u64| json!({ "Max": most, "Remaining": most.saturating_sub(used) });
    json!({
        "DailyApiRequests": left(limit, used),
        "DailyBulkApiBatches": left(15_000, 0),
        "DailyBulkV2QueryJobs": left(state.config.daily_bulk_jobs, jobs),
        "DailyBulkV2QueryFileStorageMB": left(976_562, 0),
        "DataStorageMB": left(1_024, 0),
        "FileStorageMB": left(1_024, 0),
    })
}
