//! Exports, their uploads and files.

use async_trait::async_trait;
use domain::{
    exports::{Export, StoredExport},
    fault::{Code, Fault, Outcome},
    integration::Status,
    ports::Exports,
    tenant::{ExportId, Scope},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    MemoryStore,
    rows::{Exporting, Rows},
};

#[async_trait]
impl Exports for MemoryStore {
    async fn begin_export(&self, scope: &Scope, export: &Export) -> Outcome<()> {
        let mut rows = self.lock();
        rows.shown(scope)?;
        let asked = &export.asked;
        rows.note_change(scope, asked.at, &asked.by, "export_asked");
        let place = (scope.clone(), export.id.clone());
        rows.exporting.entry(place).or_insert_with(|| Exporting {
            export: export.clone(),
            lease: None,
        });
        Ok(())
    }

    async fn exports(&self, scope: &Scope) -> Outcome<Vec<StoredExport>> {
        let rows = self.lock();
        let of_scope = rows.exporting.iter().filter(|((of, _), _)| of == scope);
        let stored = of_scope.map(|(_, found)| StoredExport {
            export: found.export.clone(),
            leased_until: found.lease.as_ref().map(|(_, until)| *until),
        });
        Ok(stored.collect())
    }

    async fn take_export(
        &self,
        scope: &Scope,
        id: &ExportId,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Export>> {
        let mut rows = self.lock();
        rows.shown(scope)?;
        let found = rows.exporting.get_mut(&(scope.clone(), id.clone()));
        let found = found.ok_or_else(|| Fault::of(Code::ExportUnknown))?;
        let is_others = |(other, until): &(String, Timestamp)| other != holder && *until > now;
        if found.lease.as_ref().is_some_and(is_others) {
            return Ok(None);
        }
        found.lease = Some((holder.to_owned(), deadline));
        Ok(Some(found.export.clone()))
    }

    async fn release_export(&self, scope: &Scope, id: &ExportId, holder: &str) -> Outcome<()> {
        let mut rows = self.lock();
        if let Some(found) = rows.exporting.get_mut(&(scope.clone(), id.clone())) {
            found.lease.take_if(|(there, _)| there == holder);
        }
        Ok(())
    }

    async fn note_export(&self, scope: &Scope, holder: &str, export: &Export) -> Outcome<()> {
        let mut rows = self.lock();
        rows.shown(scope)?;
        let place = (scope.clone(), export.id.clone());
        let found = rows.exporting.get_mut(&place);
        let is_ours = |found: &&mut Exporting| {
            let lease = found.lease.as_ref();
            lease.is_some_and(|(there, _)| there == holder)
        };
        let found = found
            .filter(is_ours)
            .ok_or_else(|| Fault::of(Code::ExportLeaseLost))?;
        found.export = export.clone();
        Ok(())
    }

    async fn begin_upload(&self, scope: &Scope, id: &ExportId) -> Outcome<String> {
        let mut rows = self.lock();
        let upload = format!("upload-{}", rows.uploads.len() + rows.exports.len());
        let place = (scope.clone(), file(id), upload.clone());
        rows.uploads
            .insert(place, std::collections::BTreeMap::new());
        Ok(upload)
    }

    async fn put_part(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        n: u32,
        bytes: Vec<u8>,
    ) -> Outcome<String> {
        let mut rows = self.lock();
        let place = (scope.clone(), file(id), upload.to_owned());
        let parts = rows.uploads.get_mut(&place).ok_or_else(upload_gone)?;
        let known_by = format!("part-{n}-{}", bytes.len());
        parts.insert(n, bytes);
        Ok(known_by)
    }

    async fn finish_upload(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        parts: &[String],
    ) -> Outcome<()> {
        let mut rows = self.lock();
        let place = (scope.clone(), file(id), upload.to_owned());
        let Some(there) = rows.uploads.remove(&place) else {
            let is_done = rows.exports.contains_key(&(scope.clone(), file(id)));
            return is_done.then_some(()).ok_or_else(upload_gone);
        };
        let known = |(n, bytes): (&u32, &Vec<u8>)| format!("part-{n}-{}", bytes.len());
        if !there.iter().map(known).eq(parts.iter().cloned()) {
            rows.uploads.insert(place, there);
            return Err(Fault::of(Code::ExportPartsDiffer));
        }
        let whole = there.into_values().flatten().collect();
        rows.exports.insert((scope.clone(), file(id)), whole);
        Ok(())
    }

    async fn abort_upload(&self, scope: &Scope, id: &ExportId, upload: &str) -> Outcome<()> {
        let place = (scope.clone(), file(id), upload.to_owned());
        self.lock().uploads.remove(&place);
        Ok(())
    }

    async fn export_url(
        &self,
        scope: &Scope,
        id: &ExportId,
        valid: SignedDuration,
    ) -> Outcome<String> {
        let seconds = valid.as_secs();
        Ok(format!(
            "https://memory.invalid/{scope}/{}?for={seconds}",
            file(id)
        ))
    }
}

impl MemoryStore {
    /// Returns the file of an export, for tests.
    pub fn exported(&self, scope: &Scope, id: &ExportId) -> Option<Vec<u8>> {
        let place = (scope.clone(), file(id));
        self.lock().exports.get(&place).cloned()
    }
}

impl Rows {
    /// Returns a fenced fault unless the integration may be shown in this generation.
    fn shown(&self, scope: &Scope) -> Outcome<()> {
        let place = (scope.tenant.clone(), scope.integration.clone());
        let is_shown = self.integrations.get(&place).is_some_and(|found| {
            let is_open = matches!(found.status, Status::Connected | Status::NeedsReconnect);
            is_open && found.scope == *scope
        });
        is_shown
            .then_some(())
            .ok_or_else(|| Fault::of(Code::IntegrationNotShown))
    }
}

fn file(id: &ExportId) -> String {
    format!("{id}.ndjson.gz")
}

fn upload_gone() -> Fault {
    Fault::of(Code::ExportUploadGone)
}
