//! Sealed bytes in the bucket Pages.

mod exports;
mod sweep;

use aws_sdk_s3::{error::ProvideErrorMetadata, primitives::ByteStream};
use domain::{
    fault::{AwsCode, Fault, Outcome},
    seal::Sealed,
};

use super::{clients::Clients, fault::fault};

/// The bucket Pages.
pub(super) struct Pages {
    clients: Clients,
    bucket: String,
}

/// S3's answer about an object.
enum Fetched {
    Object(Sealed),
    Missing,
    /// The caller may not read it, or it is missing: S3 says the latter only to callers who may list the whole bucket,
    /// and a tenant's session may not.
    Denied(Fault),
}

impl Pages {
    pub(super) fn new(clients: Clients, bucket: String) -> Self {
        Self { clients, bucket }
    }

    pub(super) async fn put(&self, key: &str, sealed: Sealed) -> Outcome<()> {
        self.clients
            .s3
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .body(ByteStream::from(sealed.into_bytes()))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| fault("page_put", &error))
    }

    pub(super) async fn get(&self, key: &str) -> Outcome<Option<Sealed>> {
        let is_gone = match self.fetch(key).await? {
            Fetched::Object(sealed) => return Ok(Some(sealed)),
            Fetched::Missing => true,
            Fetched::Denied(_) => !self.is_there(key).await?,
        };
        if is_gone {
            return Ok(None);
        }
        // It may have arrived between the two questions.
        match self.fetch(key).await? {
            Fetched::Object(sealed) => Ok(Some(sealed)),
            Fetched::Missing => Ok(None),
            Fetched::Denied(fault) => Err(fault),
        }
    }

    async fn fetch(&self, key: &str) -> Outcome<Fetched> {
        let answer = self
            .clients
            .s3
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await;
        let object = match answer {
            Ok(object) => object,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(Fetched::Missing),
            Err(error) if error.code() == Some("AccessDenied") => {
                return Ok(Fetched::Denied(fault("page_get", &error)));
            }
            Err(error) => return Err(fault("page_get", &error)),
        };
        let bytes = object
            .body
            .collect()
            .await
            .map_err(|_| Fault::aws("page_get", AwsCode::CutOff))?;
        Ok(Fetched::Object(Sealed::from_stored(bytes.to_vec())))
    }

    /// Returns whether there is an object with this key, which would be the first of those that begin with it.
    async fn is_there(&self, key: &str) -> Outcome<bool> {
        let listed = self
            .clients
            .s3
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(key)
            .max_keys(1)
            .send()
            .await
            .map_err(|error| fault("objects_list", &error))?;
        let first = listed.contents().first();
        Ok(first.is_some_and(|found| found.key() == Some(key)))
    }

    pub(super) async fn delete(&self, key: &str) -> Outcome<()> {
        self.clients
            .s3
            .delete_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| fault("page_delete", &error))
    }
}
