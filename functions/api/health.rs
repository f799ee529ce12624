//! Whether the API runs.

use serde_json::json;

use super::{Reply, routes::Answered};
use crate::settings;

/// Says that the function runs, and which version of it. Needs no table: an outage of one is not an outage of all.
pub(super) fn show(settings: &settings::Api) -> Answered {
    Reply::ok(json!({
        "status": "ok",
        "stage": settings.stage,
        "version": env!("CARGO_PKG_VERSION"),
    }))
}
