//! The request log: counts per method, path template and status, without ids or query values.

use std::collections::BTreeMap;

use serde::Serialize;

/// One kind of request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// A method such as `GET`.
    pub method: String,
    /// A template such as `/services/data/{version}/query/{locator}`.
    pub template: String,
    /// The object in the path, or in the query's FROM.
    pub object: Option<String>,
    /// HTTP status of the answer, or 0 if the connection was closed without one.
    pub status: u16,
    /// The number of such requests.
    pub count: u64,
    /// Bytes of the bodies that were sent, after compression.
    pub bytes_out: u64,
}

type LogKey = (String, String, Option<String>, u16);

/// All requests since the last reset.
#[derive(Debug, Default)]
pub struct Log {
    counts: BTreeMap<LogKey, (u64, u64)>,
}

impl Log {
    pub(crate) fn count(&mut self, key: &LogKey) {
        self.counts.entry(key.clone()).or_default().0 += 1;
    }

    pub(crate) fn bytes(&mut self, key: &LogKey, bytes: usize) {
        self.counts.entry(key.clone()).or_default().1 += bytes as u64;
    }

    pub(crate) fn reset(&mut self) {
        self.counts.clear();
    }

    pub(crate) fn entries(&self) -> Vec<LogEntry> {
        let entry =
            |((method, template, object, status), (count, bytes_out)): (&LogKey, &(u64, u64))| {
                LogEntry {
                    method: method.clone(),
                    template: template.clone(),
                    object: object.clone(),
                    status: *status,
                    count: *count,
                    bytes_out: *bytes_out,
                }
            };
        self.counts.iter().map(entry).collect()
    }
}
