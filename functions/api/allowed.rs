//! What a request takes from the tenant's allowance.

use domain::{admission::Admission, allowance::Limit, fault::Outcome};

use super::Call;

/// Takes `n` from a rate for this request.
///
/// # Errors
/// `allowance.used_up`, with the time until there is room again, and faults of the store.
pub(super) async fn spend(call: &Call<'_>, limit: Limit, n: u32) -> Outcome<()> {
    let admission = Admission {
        tenant: &call.caller.tenant,
        allowance: &call.settings.allowance,
        now: call.now(),
    };
    let (store, id) = (&*call.ports.store, (call.world.holder)());
    admission.spend(store, limit, n, &id).await
}
