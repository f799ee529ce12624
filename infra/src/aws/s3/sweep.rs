//! Lists what a generation still has in the bucket, in every version, and deletes it.

use aws_sdk_s3::{
    error::ProvideErrorMetadata,
    types::{Delete, ObjectIdentifier},
};
use domain::{
    fault::{AwsCode, Fault, Kind, Outcome},
    removal::{Leftover, What},
    tenant::Scope,
};

use super::Pages;
use crate::aws::{
    fault::{fault, is_transient, malformed},
    pause::pause,
    places::{self, Home, Shape},
};

/// The most objects that DeleteObjects takes, and how many are listed at a time.
const OBJECTS: usize = 1_000;
/// How many rounds are tried while S3 does not delete some objects.
const ROUNDS: u32 = 5;
/// Separates an object's key from its version. None of our keys contains it.
const BETWEEN: char = '\n';

impl Pages {
    /// Lists versions, delete markers and unfinished uploads under the generation's prefixes, from the beginning of
    /// each prefix. With `exports` the prefixes are those of exports, otherwise those of pages and bodies. Where the
    /// bucket keeps no versions, each object has one, named `null`.
    pub(in crate::aws) async fn leftovers(
        &self,
        scope: &Scope,
        exports: bool,
        most: usize,
    ) -> Outcome<Vec<Leftover>> {
        let most = i32::try_from(most.min(OBJECTS)).unwrap_or(i32::MAX);
        let mut found = Vec::new();
        let prefixes = places::prefixes(scope);
        let (of_pages, of_exports) = prefixes.split_at(2);
        for prefix in if exports { of_exports } else { of_pages } {
            self.list_versions(prefix, most, &mut found).await?;
            self.list_uploads(prefix, most, &mut found).await?;
        }
        Ok(found)
    }

    async fn list_versions(
        &self,
        prefix: &str,
        most: i32,
        found: &mut Vec<Leftover>,
    ) -> Outcome<()> {
        let listed = self
            .clients
            .s3
            .list_object_versions()
            .bucket(&self.bucket)
            .prefix(prefix)
            .max_keys(most)
            .send()
            .await
            .map_err(|error| fault("versions_list", &error))?;
        let versions = listed.versions.unwrap_or_default().into_iter();
        let markers = listed.delete_markers.unwrap_or_default().into_iter();
        let versions = versions.map(|found| (None, found.key, found.version_id));
        let markers = markers.map(|found| (Some(What::DeleteMarker), found.key, found.version_id));
        for (what, key, version) in versions.chain(markers) {
            let key = key.ok_or_else(|| malformed("version"))?;
            let version = version.unwrap_or_else(|| "null".to_owned());
            found.push(Leftover {
                what: what.unwrap_or_else(|| what_is(&key)),
                key: format!("{key}{BETWEEN}{version}"),
            });
        }
        Ok(())
    }

    async fn list_uploads(
        &self,
        prefix: &str,
        most: i32,
        found: &mut Vec<Leftover>,
    ) -> Outcome<()> {
        let listed = self
            .clients
            .s3
            .list_multipart_uploads()
            .bucket(&self.bucket)
            .prefix(prefix)
            .max_uploads(most)
            .send()
            .await
            .map_err(|error| fault("uploads_list", &error))?;
        for upload in listed.uploads() {
            let (Some(key), Some(id)) = (upload.key(), upload.upload_id()) else {
                return Err(malformed("upload"));
            };
            // Not every S3 implementation honours the prefix here.
            if key.starts_with(prefix) {
                found.push(Leftover {
                    what: What::Upload,
                    key: format!("{key}{BETWEEN}{id}"),
                });
            }
        }
        Ok(())
    }

    pub(in crate::aws) async fn discard(&self, found: &[Leftover]) -> Outcome<()> {
        let mut objects = Vec::new();
        for leftover in found {
            let (key, id) = leftover
                .key
                .split_once(BETWEEN)
                .ok_or_else(|| malformed("leftover"))?;
            if leftover.what == What::Upload {
                self.abort(key, id).await?;
            } else {
                let object = ObjectIdentifier::builder().key(key).version_id(id).build();
                objects.push(object.map_err(|_| malformed("object"))?);
            }
        }
        for some in objects.chunks(OBJECTS) {
            self.delete_versions(some.to_vec()).await?;
        }
        Ok(())
    }

    /// Aborts an upload. It is no fault if the upload is gone already.
    pub(in crate::aws) async fn abort(&self, key: &str, upload: &str) -> Outcome<()> {
        let aborted = self
            .clients
            .s3
            .abort_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .send()
            .await;
        match aborted {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("NoSuchUpload") => Ok(()),
            Err(error) => Err(fault("upload_abort", &error)),
        }
    }

    /// Deletes versions. DeleteObjects answers 200 even if it did not delete some objects, so those are sent again.
    async fn delete_versions(&self, mut objects: Vec<ObjectIdentifier>) -> Outcome<()> {
        let mut code = String::new();
        for round in 0..ROUNDS {
            let delete = Delete::builder()
                .set_objects(Some(objects.clone()))
                .quiet(true)
                .build()
                .map_err(|_| malformed("delete"))?;
            let answer = self
                .clients
                .s3
                .delete_objects()
                .bucket(&self.bucket)
                .delete(delete)
                .send()
                .await
                .map_err(|error| fault("objects_delete", &error))?;
            let gone = ["NoSuchKey", "NoSuchVersion"];
            let failed = answer
                .errors()
                .iter()
                .filter(|error| error.code().is_none_or(|code| !gone.contains(&code)));
            let failed: Vec<_> = failed.collect();
            let Some(first) = failed.first() else {
                return Ok(());
            };
            code = first.code().unwrap_or("unknown").to_owned();
            let is_left = |object: &ObjectIdentifier| {
                failed.iter().any(|error| {
                    error.key() == Some(object.key())
                        && error
                            .version_id()
                            .is_none_or(|id| Some(id) == object.version_id())
                })
            };
            objects.retain(is_left);
            if !failed
                .iter()
                .all(|error| error.code().is_some_and(is_transient))
            {
                break;
            }
            pause(round + 2).await;
        }
        let kind = if is_transient(&code) {
            Kind::Transient
        } else {
            Kind::Permanent
        };
        let fault = Fault::aws("objects_delete", AwsCode::said(code)).with_kind(kind);
        Err(fault.with_detail(format!("{} objects", objects.len())))
    }
}

fn what_is(key: &str) -> What {
    let shape = Shape::of(Home::Pages, key, "");
    shape.and_then(Shape::counts_as).unwrap_or(What::Page)
}
