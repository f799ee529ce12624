use async_trait::async_trait;
use domain::{
    exports::{Export, StoredExport},
    fault::Outcome,
    ports::Exports,
    tenant::{ExportId, Scope},
};
use jiff::{SignedDuration, Timestamp};

use super::store::FaultyStore;

#[async_trait]
impl Exports for FaultyStore {
    async fn begin_export(&self, scope: &Scope, export: &Export) -> Outcome<()> {
        let work = self.inner.begin_export(scope, export);
        self.faults.call("begin_export", work).await
    }

    async fn exports(&self, scope: &Scope) -> Outcome<Vec<StoredExport>> {
        let work = self.inner.exports(scope);
        self.faults.call("exports", work).await
    }

    async fn take_export(
        &self,
        scope: &Scope,
        id: &ExportId,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Export>> {
        let work = self.inner.take_export(scope, id, holder, deadline, now);
        self.faults.call("take_export", work).await
    }

    async fn release_export(&self, scope: &Scope, id: &ExportId, holder: &str) -> Outcome<()> {
        let work = self.inner.release_export(scope, id, holder);
        self.faults.call("release_export", work).await
    }

    async fn note_export(&self, scope: &Scope, holder: &str, export: &Export) -> Outcome<()> {
        let work = self.inner.note_export(scope, holder, export);
        self.faults.call("note_export", work).await
    }

    async fn begin_upload(&self, scope: &Scope, id: &ExportId) -> Outcome<String> {
        let work = self.inner.begin_upload(scope, id);
        self.faults.call("begin_upload", work).await
    }

    async fn put_part(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        n: u32,
        bytes: Vec<u8>,
    ) -> Outcome<String> {
        let work = self.inner.put_part(scope, id, upload, n, bytes);
        self.faults.call("put_part", work).await
    }

    async fn finish_upload(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        parts: &[String],
    ) -> Outcome<()> {
        let work = self.inner.finish_upload(scope, id, upload, parts);
        self.faults.call("finish_upload", work).await
    }

    async fn abort_upload(&self, scope: &Scope, id: &ExportId, upload: &str) -> Outcome<()> {
        let work = self.inner.abort_upload(scope, id, upload);
        self.faults.call("abort_upload", work).await
    }

    async fn export_url(
        &self,
        scope: &Scope,
        id: &ExportId,
        valid: SignedDuration,
    ) -> Outcome<String> {
        let work = self.inner.export_url(scope, id, valid);
        self.faults.call("export_url", work).await
    }
}
