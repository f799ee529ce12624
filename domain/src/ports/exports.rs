//! Exports: their rows in the Ledger, and their files in the bucket Pages.

use jiff::{SignedDuration, Timestamp};

use crate::{
    exports::{Export, StoredExport},
    fault::Outcome,
    tenant::{ExportId, Scope},
};

/// The store of exports. Every method is idempotent.
///
/// "Fenced" below means that the call fails unless the integration is in this generation, and is connected or needs to be
/// reconnected.
#[port::port]
pub trait Exports: Send + Sync {
    /// Stores a new export together with the audit entry of who requested it. Fenced.
    async fn begin_export(&self, scope: &Scope, export: &Export) -> Outcome<()>;

    /// Returns all stored exports of a generation in the order of their requests. The read is consistent.
    async fn exports(&self, scope: &Scope) -> Outcome<Vec<StoredExport>>;

    /// Takes the lease of an export until `deadline`. Returns `None` if another holder's lease has not expired at `now`. Taking it
    /// again is harmless. Fenced, and fenced if there is no such export.
    async fn take_export(
        &self,
        scope: &Scope,
        id: &ExportId,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Export>>;

    /// Gives the lease back if `holder` has it, even when the generation has ended.
    async fn release_export(&self, scope: &Scope, id: &ExportId, holder: &str) -> Outcome<()>;

    /// Stores the progress of an export. Fenced, and fenced unless the export is leased to `holder`.
    async fn note_export(&self, scope: &Scope, holder: &str, export: &Export) -> Outcome<()>;

    /// Begins the upload of an export's file, and returns the upload's id.
    async fn begin_upload(&self, scope: &Scope, id: &ExportId) -> Outcome<String>;

    /// Writes part `n` (from 1) of the file, and overwrites an earlier part `n`. Returns the part's tag. All parts but the last
    /// have at least 5 MiB. Permanent if the upload no longer exists.
    async fn put_part(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        n: u32,
        bytes: Vec<u8>,
    ) -> Outcome<String>;

    /// Completes the file from its parts. Permanent if the upload no longer exists and the file does not exist either.
    async fn finish_upload(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        parts: &[String],
    ) -> Outcome<()>;

    /// Aborts the upload, and deletes its parts.
    async fn abort_upload(&self, scope: &Scope, id: &ExportId, upload: &str) -> Outcome<()>;

    /// Returns a URL with which anybody can download the file, if it exists, for the given time.
    async fn export_url(
        &self,
        scope: &Scope,
        id: &ExportId,
        valid: SignedDuration,
    ) -> Outcome<String>;
}
