//! Finds the files that an event of S3 is about, or the one that an order goes on with.

use domain::{fault::Outcome, order::ImportDue, ports::Version};
use jiff::Timestamp;
use serde_json::Value;

use crate::events::{field, number};

/// The folder of the reference bucket into which files are put.
pub(super) const INCOMING: &str = "incoming/";

/// The folder of the reports.
const REPORTS: &str = "reports/";

/// The folder of the places at which imports go on.
const PLACES: &str = "places/";

/// A file that was put into the reference bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The bucket.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// The object's version. `None` if the bucket keeps no versions.
    pub object_version: Option<String>,
    /// What tells its content from another one under its key. `None` in the first slice, which takes what it finds.
    pub etag: Option<String>,
    /// The import's version. Each delivery of one event gives the same version.
    pub version: Version,
    /// The number of the slice.
    pub slice: u32,
}

impl File {
    /// Reads an event of S3, or an order from the bus to go on with a file of `bucket`. Files outside of `incoming/` are ignored, since
    /// reports are written to the same bucket.
    ///
    /// # Errors
    /// Returns a permanent fault that names the missing or malformed field.
    pub fn all(event: &Value, bucket: &str) -> Outcome<Vec<Self>> {
        if event.get("detail-type").is_some() {
            return Ok(vec![Self::ordered(event, bucket)?]);
        }
        let mut files = field(event, "/Records", Value::as_array)?
            .iter()
            .map(Self::of)
            .collect::<Outcome<Vec<_>>>()?;
        files.retain(|file| file.key.starts_with(INCOMING) && !file.key.ends_with('/'));
        Ok(files)
    }

    /// Returns the key without its folder.
    pub fn name(&self) -> &str {
        self.key.strip_prefix(INCOMING).unwrap_or(&self.key)
    }

    /// Returns the key of the report.
    pub fn report_key(&self) -> String {
        format!("{REPORTS}{}.{}.json", self.name(), self.version.0)
    }

    /// Returns the key of the place at which a slice begins. Each slice has its own, so that a slice that is repeated begins where it
    /// began before.
    pub fn place_key(&self, slice: u32) -> String {
        format!("{PLACES}{}.{}.{slice}.json", self.name(), self.version.0)
    }

    /// Returns the order for the next slice, which goes on with the same content.
    pub fn next(&self, etag: Option<String>) -> ImportDue {
        ImportDue {
            key: self.key.clone(),
            object_version: self.object_version.clone(),
            etag,
            version: self.version.0.clone(),
            slice: self.slice.saturating_add(1),
        }
    }

    fn ordered(event: &Value, bucket: &str) -> Outcome<Self> {
        field(event, "/detail-type", |found| {
            (found == "ImportDue").then_some(())
        })?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let optional = |pointer| event.pointer(pointer).and_then(text);
        Ok(Self {
            bucket: bucket.to_owned(),
            key: field(event, "/detail/key", text)?,
            object_version: optional("/detail/object_version"),
            etag: optional("/detail/etag"),
            version: Version(field(event, "/detail/version", text)?),
            slice: field(event, "/detail/slice", number)?,
        })
    }

    fn of(record: &Value) -> Outcome<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let optional = |pointer| record.pointer(pointer).and_then(text);
        let time = field(record, "/eventTime", |time| time.as_str()?.parse().ok())?;
        // "my file.csv" arrives as "my+file.csv".
        let key = field(record, "/s3/object/key", |key| decode(key.as_str()?))?;
        let sequencer = optional("/s3/object/sequencer").unwrap_or_default();
        Ok(Self {
            bucket: field(record, "/s3/bucket/name", text)?,
            version: version(time, &key, &sequencer),
            key,
            object_version: optional("/s3/object/versionId"),
            etag: None,
            slice: 0,
        })
    }
}

/// Returns a version that sorts by the event's time, then by S3's sequencer (hexadecimal digits that order the puts of
/// one key). A hash (FNV-1a) tells two keys apart.
fn version(time: Timestamp, key: &str, sequencer: &str) -> Version {
    let hash = key.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let sequencer: String = sequencer
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(18)
        .map(|digit| digit.to_ascii_lowercase())
        .collect();
    let millis = time.as_millisecond().max(0);
    Version(format!("{millis:012x}-{sequencer:0<18}-{hash:08x}"))
}

/// Decodes a form-encoded key.
fn decode(key: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
pub(super) mod tests;
