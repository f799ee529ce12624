//! The end of a removal: the receipt is written, signed and stored.

use super::run::Work;
use crate::{
    fault::{Code, Fault, Outcome},
    integration::Integration,
    ports::Signed,
    removal::{ReceiptHead, SignedReceipt, Stage, receipt},
};

/// Attempts to become the tenant's last receipt. Two removals of one tenant may end at the same moment.
const TRIES: u32 = 5;

impl Work<'_> {
    pub(super) async fn close(&mut self) -> Outcome<SignedReceipt> {
        let (slice, scope) = (self.slice, self.slice.scope);
        let integration = Integration::known(self.integration().await?)?;
        let key_id = slice.keys.public_key(Signed::Receipt).await?.id;
        let mut done = self.removal.clone();
        done.stage = Stage::Done;
        for _ in 0..TRIES {
            let previous = slice.store.last_receipt(&scope.tenant).await?;
            let now = self.now();
            let document = receipt::write(
                &self.removal,
                &receipt::Facts {
                    scope,
                    provider: integration.provider,
                    organisation: &integration.organisation,
                    previous: previous.as_ref(),
                    key_id: &key_id,
                    software: &self.slice.settings.software,
                    now,
                },
            )?;
            let receipt = SignedReceipt {
                scope: scope.clone(),
                number: ReceiptHead::next_number(previous.as_ref()),
                signature: slice
                    .keys
                    .sign(Signed::Receipt, document.as_bytes())
                    .await?,
                document,
                key_id: key_id.clone(),
            };
            let (holder, previous) = (&self.slice.holder, previous.as_ref());
            let closed = slice
                .store
                .close_removal(holder, &done, &receipt, previous, now);
            if closed.await? {
                return Ok(receipt);
            }
        }
        Err(Fault::of(Code::RemovalReceiptsContended))
    }
}
