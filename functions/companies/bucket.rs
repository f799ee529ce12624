//! The bucket for reference data. It downloads files to the disk, and stores reports and places.

use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
};

use aws_sdk_s3::{Client, error::ProvideErrorMetadata, primitives::ByteStream};
use domain::fault::{Code, Fault, Kind, Outcome};

use super::event;
use crate::ids;

/// The bucket for reference data.
pub struct Bucket {
    /// The client of S3.
    pub client: Client,
    /// Its name.
    pub name: String,
}

/// A file on the disk. It is deleted when it is dropped.
pub struct Local {
    path: PathBuf,
    /// What tells the object's content from another one under its key.
    pub etag: Option<String>,
}

impl Bucket {
    /// Downloads an object to the disk, piece by piece, since it may be larger than the memory.
    ///
    /// # Errors
    /// Returns a permanent fault if the object does not exist, has another content than the file's `etag` says, or the disk is full.
    /// Otherwise the fault is transient.
    pub async fn fetch(&self, file: &event::File) -> Outcome<Local> {
        let mut object = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(&file.key)
            .set_version_id(file.object_version.clone())
            .send()
            .await
            .map_err(|error| fault(Code::ReferenceGet, &error))?;
        let etag = object.e_tag.take();
        if file.etag.is_some() && file.etag != etag {
            return Err(Fault::of(Code::FileChanged));
        }
        let (mut local, mut to) = Local::create().map_err(|error| disk(&error))?;
        while let Some(piece) = object.body.next().await {
            let piece = piece.map_err(|_| Fault::of(Code::ReferenceGetCutOff))?;
            to.write_all(&piece).map_err(|error| disk(&error))?;
        }
        local.etag = etag;
        Ok(local)
    }

    /// Returns the content of an object that this function wrote.
    ///
    /// # Errors
    /// Returns a permanent fault if the object does not exist, otherwise a transient one.
    pub async fn get(&self, key: &str) -> Outcome<Vec<u8>> {
        let object = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(key)
            .send()
            .await
            .map_err(|error| fault(Code::ReferenceGet, &error))?;
        let content = object.body.collect().await;
        let content = content.map_err(|_| Fault::of(Code::ReferenceGetCutOff))?;
        Ok(content.to_vec())
    }

    /// Stores a report, or the place at which an import goes on.
    ///
    /// # Errors
    /// Returns a transient fault if S3 does not take it.
    pub async fn put(&self, key: &str, json: Vec<u8>) -> Outcome<()> {
        self.client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .content_type("application/json")
            .body(ByteStream::from(json))
            .send()
            .await
            .map(drop)
            .map_err(|error| fault(Code::ReferencePut, &error))
    }
}

impl Local {
    fn create() -> io::Result<(Self, File)> {
        let path = std::env::temp_dir().join(format!("companies-{}", ids::holder()));
        let file = File::create_new(&path)?;
        Ok((Self { path, etag: None }, file))
    }

    /// Makes a file with this content.
    #[cfg(test)]
    pub(super) fn of(content: &[u8]) -> io::Result<Self> {
        let (local, mut file) = Self::create()?;
        file.write_all(content)?;
        Ok(local)
    }

    /// Opens the file at its beginning.
    ///
    /// # Errors
    /// Returns the disk's error.
    pub fn open(&self) -> io::Result<File> {
        File::open(&self.path)
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // The disk outlives the invocation. A file that cannot be deleted now goes with the machine.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Returns the fault of a failed download. It is permanent only if the object itself is the reason.
fn fault<E: ProvideErrorMetadata>(code: Code, error: &E) -> Fault {
    match error.code() {
        Some(reason @ ("NoSuchKey" | "NoSuchVersion" | "NoSuchBucket" | "AccessDenied")) => {
            Fault::of(code)
                .with_kind(Kind::Permanent)
                .with_detail(reason)
        }
        reason => Fault::of(code).with_detail(reason.unwrap_or("no answer")),
    }
}

fn disk(error: &io::Error) -> Fault {
    match error.kind() {
        kind @ (io::ErrorKind::StorageFull
        | io::ErrorKind::QuotaExceeded
        | io::ErrorKind::FileTooLarge) => {
            Fault::of(Code::ReferenceNoRoom).with_detail(kind.to_string())
        }
        kind => Fault::of(Code::ReferenceDisk).with_detail(kind.to_string()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_local_file_can_be_read_twice_and_goes_with_its_holder() {
        let local = Local::of(b"id,name\n").unwrap();
        for _ in 0..2 {
            let mut text = String::new();
            local.open().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "id,name\n");
        }
        let path = local.path.clone();
        assert!(path.exists());
        drop(local);
        assert!(!path.exists());
    }
}
