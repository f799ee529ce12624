//! The account: its details, its use of the daily limit, and the app's uninstallation.

use serde_json::{Value, json};

use super::call::{Answer, Call, json as answer_json, nothing};
use crate::hubspot::error::Refusal;
use crate::hubspot::state::{State, lock};
use crate::hubspot::time;

/// Returns the account's details. They are the same with and without Sales Hub.
pub(super) fn details(state: &State, call: &Call) -> Result<Answer, Refusal> {
    call.needs_one(&["oauth".to_owned()])?;
    Ok(answer_json(
        200,
        &json!({
            "portalId": state.config.hub_id, "accountType": "STANDARD", "timeZone": "Europe/Berlin", "companyCurrency": "EUR",
            "additionalCurrencies": ["USD", "CHF"], "utcOffset": "+01:00", "utcOffsetMilliseconds": 3_600_000, "uiDomain": "app-eu1.hubspot.com",
            "dataHostingLocation": "eu1",
        }),
    ))
}

pub(super) fn usage(state: &State) -> Value {
    let used = lock(&state.usage).today;
    let limit = lock(&state.limits).daily;
    let now = lock(&state.portal).clock.now();
    json!({ "results": [{
        "name": "private-apps-api-calls-daily", "usageLimit": limit, "currentUsage": used, "collectedAt": time::text(now), "fetchStatus": "SUCCESS",
        "resetsAt": time::text(now - now.rem_euclid(86_400_000) + 86_400_000),
    }] })
}

/// Uninstalls the app from the account. No refresh token works any more.
pub(super) fn uninstall(state: &State) -> Answer {
    let mut auth = lock(&state.auth);
    auth.revoke_grants();
    if state.config.uninstall_ends_tokens {
        auth.forget_access();
    }
    nothing()
}
