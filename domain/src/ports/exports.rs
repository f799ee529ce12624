//! Exports: their rows in the Ledger, and their files in the bucket Pages.

use jiff::{SignedDuration, Timestamp};

use crate::{
    exports::{Export, StoredExport},
    fault::Outcome,
    tenant::{ExportId, Scope},
};

/// What an export needs of the store. Every method may be repeated: the state after is the same.
///
/// "Fenced" below means: unless the integration is connected or has to be connected again, in this generation.
#[port::port]
pub trait Exports: Send + Sync {
    /// Notes a new export, and in the same step who asked for it. Fenced.
    async fn begin_export(&self, scope: &Scope, export: &Export) -> Outcome<()>;

    /// All exports of a generation that are remembered, in the order in which they were asked for, as they stand now.
    async fn exports(&self, scope: &Scope) -> Outcome<Vec<StoredExport>>;

    /// Takes the lease of an export until `deadline`: none, when somebody else holds one that is not over at `now`. Taking
    /// it again is harmless. Fenced, and when there is no such export.
    async fn take_export(
        &self,
        scope: &Scope,
        id: &ExportId,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Export>>;

    /// Gives the lease back, if `holder` has it, also when the generation has ended.
    async fn release_export(&self, scope: &Scope, id: &ExportId, holder: &str) -> Outcome<()>;

    /// Stores how far an export has come. Fenced, and unless it is leased to `holder`.
    async fn note_export(&self, scope: &Scope, holder: &str, export: &Export) -> Outcome<()>;

    /// Begins the upload of an export's file; answers its id.
    async fn begin_upload(&self, scope: &Scope, id: &ExportId) -> Outcome<String>;

    /// Writes the `n`-th part of it, from 1, over what was written as that part before; answers what it is known by. All
    /// parts but the last have at least 5 MiB. Permanent, when the upload is gone.
    async fn put_part(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        n: u32,
        bytes: Vec<u8>,
    ) -> Outcome<String>;

    /// Makes the file of its parts. Permanent, when the upload is gone, and the file is not there.
    async fn finish_upload(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        parts: &[String],
    ) -> Outcome<()>;

    /// Gives the upload up, with what was written by it.
    async fn abort_upload(&self, scope: &Scope, id: &ExportId, upload: &str) -> Outcome<()>;

    /// A URL by which anybody gets the file for so long, if it is there.
    async fn export_url(
        &self,
        scope: &Scope,
        id: &ExportId,
        valid: SignedDuration,
    ) -> Outcome<String>;
}
