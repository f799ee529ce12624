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
    /// Reads an event of S3, or an order from the bus to go on with a file of `bucket`. Files outside of `incoming/` are ignored, since reports are written to the same bucket.
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
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;
    use domain::{fault::Code, order::Order};

    pub(in super::super) fn notification(key: &str, sequencer: &str) -> Value {
        json!({"Records": [{
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "eventTime": "2026-11-24T06:00:00.123Z",
            "s3": {
                "bucket": {"name": "reference"},
                "object": {"key": key, "size": 10, "eTag": "e", "sequencer": sequencer},
            },
        }]})
    }

    #[test]
    fn a_key_is_decoded_and_names_the_report() {
        let event = notification("incoming/M%C3%BCller+%26+Co.csv", "1");
        let file = File::all(&event, "reference").unwrap().remove(0);
        assert_eq!(
            (file.bucket.as_str(), file.name()),
            ("reference", "Müller & Co.csv")
        );
        let report = file.report_key();
        assert!(
            report.starts_with("reports/Müller & Co.csv.01a"),
            "{report}"
        );
    }

    #[test]
    fn a_version_is_the_same_at_each_delivery_and_another_for_each_put() {
        let version = |key, sequencer| {
            File::all(&notification(key, sequencer), "reference").unwrap()[0]
                .version
                .clone()
        };
        assert_eq!(
            version("incoming/a.csv", "1"),
            version("incoming/a.csv", "1")
        );
        assert!(version("incoming/a.csv", "0065A") < version("incoming/a.csv", "0065B1"));
        assert_ne!(
            version("incoming/a.csv", "1"),
            version("incoming/b.csv", "1")
        );
        let text = version("incoming/a.csv", "1").0;
        assert!(
            text.len() <= 40
                && text
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        );
    }

    #[test]
    fn reports_and_folders_are_passed_over() {
        for key in ["reports/a.csv.1.json", "incoming/", "other/a.csv", "a.csv"] {
            assert_eq!(
                File::all(&notification(key, "1"), "reference").unwrap(),
                [],
                "{key}"
            );
        }
    }

    #[test]
    fn a_malformed_event_is_told_by_the_name_of_its_field() {
        let mut no_key = notification("incoming/a.csv", "1");
        no_key["Records"][0]["s3"]["object"] = json!({});
        let mut no_time = notification("incoming/a.csv", "1");
        no_time["Records"][0]["eventTime"] = json!("yesterday");
        for (event, field) in [
            (json!({}), "Records"),
            (json!("x"), "Records"),
            (no_key, "s3.object.key"),
            (no_time, "eventTime"),
            (notification("incoming/%zz", "1"), "s3.object.key"),
            (notification("incoming/%ff", "1"), "s3.object.key"),
            (
                json!({"detail": {"object": {"key": "incoming/a.csv"}}}),
                "Records",
            ),
        ] {
            let fault = File::all(&event, "reference").unwrap_err();
            assert_eq!(*fault.code(), Code::EventMalformed);
            assert_eq!(fault.field(), Some(field));
        }
    }

    #[test]
    fn an_order_goes_on_with_the_file_of_the_slice_before() {
        let mut file = File::all(&notification("incoming/a.csv", "1"), "reference")
            .unwrap()
            .remove(0);
        file.object_version = Some("v".to_owned());
        let order = Order::ImportDue(file.next(Some("e".to_owned())));
        let event = json!({"detail-type": order.detail_type(), "detail": order.detail().unwrap()});
        let next = File::all(&event, "reference").unwrap().remove(0);
        assert_eq!(next.place_key(1), file.place_key(1));
        let etag = Some("e".to_owned());
        let slice = 1;
        assert_eq!(
            next,
            File {
                etag,
                slice,
                ..file
            }
        );
        for (pointer, event) in [
            (
                "detail-type",
                json!({"detail-type": "SyncDue", "detail": {}}),
            ),
            (
                "detail.key",
                json!({"detail-type": "ImportDue", "detail": {"version": "1", "slice": 1}}),
            ),
        ] {
            let fault = File::all(&event, "reference").unwrap_err();
            assert_eq!(fault.field(), Some(pointer));
        }
    }
}
