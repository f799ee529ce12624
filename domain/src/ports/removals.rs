//! Removals and receipts in the Ledger, and what a removal deletes.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::{Status, Which},
    removal::{Asked, Leftover, Part, ReceiptHead, Removal, SignedReceipt},
    tenant::{Scope, TenantId},
};

/// What a removal needs of the store. Every method but the reading ones may be repeated: the state after is the same.
///
/// "Fenced" below means: unless the integration is being removed, in this generation, and the removal is leased to
/// `holder`.
#[port::port]
pub trait Removals: Send + Sync {
    /// Ends the generation of an integration that is connected or has to be connected again: in one step its status is
    /// removing, its removal is there, and it is due at once. From here on no lease is given and no checkpoint taken; a
    /// lease that is held stays noted. An integration that is being removed, or was, stays as it is. Answers generation
    /// and status after; none: there is no such integration.
    async fn begin_removal(&self, which: &Which, asked: &Asked)
    -> Outcome<Option<(Scope, Status)>>;

    /// How far a removal has come; none: there was none of this generation.
    async fn removal(&self, scope: &Scope) -> Outcome<Option<Removal>>;

    /// Takes the lease of a removal until `deadline`: none, when somebody else holds one that is not over at `now`.
    /// Taking it again is harmless. Fenced, when the integration is not being removed in this generation.
    async fn take_removal(
        &self,
        scope: &Scope,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Removal>>;

    /// Gives the lease back, if `holder` has it.
    async fn release_removal(&self, scope: &Scope, holder: &str) -> Outcome<()>;

    /// Stores how far the removal has come. Fenced.
    async fn note_removal(&self, scope: &Scope, holder: &str, removal: &Removal) -> Outcome<()>;

    /// Deletes the sealed grant of an integration that is being removed in this generation.
    async fn drop_credentials(&self, scope: &Scope) -> Outcome<()>;

    /// What is left of a part, from its beginning, at most about `most` of it: as it stands now, not as it stood a moment
    /// ago. Empty: there is nothing left. [`Part::Keys`] is not the store's matter.
    async fn leftovers(
        &self,
        scope: &Scope,
        #[label] part: Part,
        most: usize,
    ) -> Outcome<Vec<Leftover>>;

    /// Deletes what [`Self::leftovers`] found. What is gone already is no fault.
    async fn discard(&self, scope: &Scope, #[label] part: Part, found: &[Leftover]) -> Outcome<()>;

    /// The last receipt of a tenant.
    async fn last_receipt(&self, tenant: &TenantId) -> Outcome<Option<ReceiptHead>>;

    /// Ends a removal in one step: the receipt is kept and becomes the tenant's last, the integration's status is
    /// removed, its lease gone. Answers false, and does nothing, when the tenant's last receipt is not `previous` any
    /// more. Fenced.
    async fn close_removal(
        &self,
        holder: &str,
        removal: &Removal,
        receipt: &SignedReceipt,
        previous: Option<&ReceiptHead>,
        now: Timestamp,
    ) -> Outcome<bool>;

    /// The receipt of a generation.
    async fn receipt(&self, scope: &Scope) -> Outcome<Option<SignedReceipt>>;

    /// All receipts of a tenant, in their order.
    async fn receipts(&self, tenant: &TenantId) -> Outcome<Vec<SignedReceipt>>;
}
