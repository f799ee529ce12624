//! Removals and receipts in the Ledger, and the deletion of a generation's data.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::{Status, Which},
    removal::{Asked, Leftover, Part, ReceiptHead, Removal, SignedReceipt},
    tenant::{Scope, TenantId},
};

/// The store of removals. Every writing method is idempotent.
///
/// "Fenced" below means that the call fails unless the integration is being removed, in this generation, and the removal is leased
/// to `holder`.
#[port::port]
pub trait Removals: Send + Sync {
    /// Ends the generation of an integration that is connected or needs to be reconnected. In one step its status becomes removing,
    /// its removal is stored, and the removal is due at once. From then on no lease is granted and no checkpoint accepted. A lease
    /// that is held stays recorded. An integration that is removed or being removed does not change. Returns the generation and
    /// status afterwards. `None` if there is no such integration.
    async fn begin_removal(&self, which: &Which, asked: &Asked)
    -> Outcome<Option<(Scope, Status)>>;

    /// Returns the progress of a removal. `None` if this generation has no removal.
    async fn removal(&self, scope: &Scope) -> Outcome<Option<Removal>>;

    /// Takes the lease of a removal until `deadline`. Returns `None` if another holder's lease has not expired at `now`. Taking it
    /// again is harmless. Fenced if the integration is not being removed in this generation.
    async fn take_removal(
        &self,
        scope: &Scope,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Removal>>;

    /// Gives the lease back if `holder` has it.
    async fn release_removal(&self, scope: &Scope, holder: &str) -> Outcome<()>;

    /// Stores the progress of the removal. Fenced.
    async fn note_removal(&self, scope: &Scope, holder: &str, removal: &Removal) -> Outcome<()>;

    /// Deletes the sealed grant of an integration that is being removed in this generation.
    async fn drop_credentials(&self, scope: &Scope) -> Outcome<()>;

    /// Returns what is left of a part, from its beginning, at most about `most` entries. The read is consistent. Empty if nothing
    /// is left. Not for [`Part::Keys`], which the port Keys handles.
    async fn leftovers(
        &self,
        scope: &Scope,
        #[label] part: Part,
        most: usize,
    ) -> Outcome<Vec<Leftover>>;

    /// Deletes the result of [`Self::leftovers`]. An entry that is gone already is no error.
    async fn discard(&self, scope: &Scope, #[label] part: Part, found: &[Leftover]) -> Outcome<()>;

    /// Returns the last receipt of a tenant.
    async fn last_receipt(&self, tenant: &TenantId) -> Outcome<Option<ReceiptHead>>;

    /// Ends a removal in one step: the receipt is stored and becomes the tenant's last, the integration's status becomes removed,
    /// and the lease is cleared. Returns false and does nothing if the tenant's last receipt is no longer `previous`. Fenced.
    async fn close_removal(
        &self,
        holder: &str,
        removal: &Removal,
        receipt: &SignedReceipt,
        previous: Option<&ReceiptHead>,
        now: Timestamp,
    ) -> Outcome<bool>;

    /// Returns the receipt of a generation.
    async fn receipt(&self, scope: &Scope) -> Outcome<Option<SignedReceipt>>;

    /// Returns all receipts of a tenant, in order.
    async fn receipts(&self, tenant: &TenantId) -> Outcome<Vec<SignedReceipt>>;
}
