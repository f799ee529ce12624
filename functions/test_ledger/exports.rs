use async_trait::async_trait;
use domain::{
    exports::{Export, StoredExport},
    fault::Outcome,
    ports::Exports,
    tenant::{ExportId, Scope},
};
use jiff::{SignedDuration, Timestamp};

use super::Ledger;

#[async_trait]
impl Exports for Ledger {
    async fn begin_export(&self, _: &Scope, _: &Export) -> Outcome<()> {
        self.unexpected()
    }

    async fn exports(&self, _: &Scope) -> Outcome<Vec<StoredExport>> {
        self.unexpected()
    }

    async fn take_export(
        &self,
        _: &Scope,
        _: &ExportId,
        _: &str,
        _: Timestamp,
        _: Timestamp,
    ) -> Outcome<Option<Export>> {
        self.fault.clone().map_or(Ok(None), Err)
    }

    async fn release_export(&self, _: &Scope, _: &ExportId, _: &str) -> Outcome<()> {
        self.unexpected()
    }

    async fn note_export(&self, _: &Scope, _: &str, _: &Export) -> Outcome<()> {
        self.unexpected()
    }

    async fn begin_upload(&self, _: &Scope, _: &ExportId) -> Outcome<String> {
        self.unexpected()
    }

    async fn put_part(
        &self,
        _: &Scope,
        _: &ExportId,
        _: &str,
        _: u32,
        _: Vec<u8>,
    ) -> Outcome<String> {
        self.unexpected()
    }

    async fn finish_upload(&self, _: &Scope, _: &ExportId, _: &str, _: &[String]) -> Outcome<()> {
        self.unexpected()
    }

    async fn abort_upload(&self, _: &Scope, _: &ExportId, _: &str) -> Outcome<()> {
        self.unexpected()
    }

    async fn export_url(&self, _: &Scope, _: &ExportId, _: SignedDuration) -> Outcome<String> {
        self.unexpected()
    }
}
