//! Sealed bytes in the bucket Pages.

mod exports;
mod sweep;

use aws_sdk_s3::primitives::ByteStream;
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
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_no_such_key()) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(fault("page_get", &error)),
        };
        let bytes = object
            .body
            .collect()
            .await
            .map_err(|_| Fault::aws("page_get", AwsCode::CutOff))?;
        Ok(Some(Sealed::from_stored(bytes.to_vec())))
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
