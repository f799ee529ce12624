//! Exported files. Each has a multipart upload, and a URL for those who may download it.

use std::time::Duration;

use aws_sdk_s3::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use domain::fault::{AwsCode, Code, Fault, Outcome};

use super::Pages;
use crate::aws::{
    fault::{fault, malformed},
    patience::{Patience, timeouts},
};

impl Pages {
    pub(in crate::aws) async fn begin_upload(&self, key: &str) -> Outcome<String> {
        self.clients
            .s3
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .content_type("application/gzip")
            .send()
            .await
            .map_err(|error| fault("upload_create", &error))?
            .upload_id
            .ok_or_else(|| malformed("upload"))
    }

    /// Writes a part. Returns its ETag.
    pub(in crate::aws) async fn put_part(
        &self,
        key: &str,
        upload: &str,
        n: u32,
        bytes: Vec<u8>,
    ) -> Outcome<String> {
        let sent = self
            .clients
            .s3
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .part_number(number(n)?)
            .body(ByteStream::from(bytes))
            .customize()
            .config_override(for_parts())
            .send()
            .await;
        match sent {
            Ok(sent) => sent.e_tag.ok_or_else(|| malformed("part")),
            Err(error) if is_gone(&error) => Err(upload_gone()),
            Err(error) => Err(fault("part_put", &error)),
        }
    }

    pub(in crate::aws) async fn finish_upload(
        &self,
        key: &str,
        upload: &str,
        parts: &[String],
    ) -> Outcome<()> {
        let mut completed = CompletedMultipartUpload::builder();
        for (n, tag) in (1..).zip(parts) {
            let part = CompletedPart::builder().part_number(number(n)?).e_tag(tag);
            completed = completed.parts(part.build());
        }
        let sent = self
            .clients
            .s3
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .multipart_upload(completed.build())
            .customize()
            .config_override(for_parts())
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            // The upload may be gone because we finished it and the answer was lost. No other upload writes this key.
            Err(error) if is_gone(&error) => {
                if self.is_there(key).await? {
                    Ok(())
                } else {
                    Err(upload_gone())
                }
            }
            Err(error) => Err(fault("upload_complete", &error)),
        }
    }

    /// Signs a URL here, without a request to S3. Whether the object exists shows when the URL is used. The URL works
    /// for no longer than the credentials that sign it, whatever `valid` says.
    pub(in crate::aws) async fn url(
        &self,
        key: &str,
        name: &str,
        valid: Duration,
    ) -> Outcome<String> {
        let unsigned = || Fault::aws("url", AwsCode::Unsigned);
        let config = PresigningConfig::expires_in(valid).map_err(|_| unsigned())?;
        self.clients
            .s3
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{name}\""))
            .presigned(config)
            .await
            .map(|signed| signed.uri().to_owned())
            .map_err(|_| unsigned())
    }
}

/// Returns settings with longer timeouts. A part is several megabytes, and S3 needs time to put parts together.
fn for_parts() -> aws_sdk_s3::config::Builder {
    let timeouts = timeouts(Duration::from_secs(2), Patience::PART, 2 * Patience::PART);
    aws_sdk_s3::Config::builder().timeout_config(timeouts)
}

/// Returns whether the upload does not exist: it was finished, aborted or swept. At S3 itself the error code would be
/// enough.
fn is_gone<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: ProvideErrorMetadata,
{
    let status = error.raw_response().map(|raw| raw.status().as_u16());
    error.code() == Some("NoSuchUpload") || status == Some(404)
}

fn number(n: u32) -> Outcome<i32> {
    i32::try_from(n).map_err(|_| malformed("part"))
}

fn upload_gone() -> Fault {
    Fault::of(Code::ExportUploadGone)
}
