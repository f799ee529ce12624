//! Whether the API runs.

use serde_json::json;

use super::{Reply, http::Answered};
use crate::settings;

/// Returns that the function runs, and its version. It reads no table, so an outage of one does not show here.
pub(super) fn show(settings: &settings::Api) -> Answered {
    Reply::ok(json!({
        "status": "ok",
        "stage": settings.stage,
        "version": env!("CARGO_PKG_VERSION"),
    }))
}
