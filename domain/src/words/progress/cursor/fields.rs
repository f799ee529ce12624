//! The fields that the copy has.

use serde::{Deserialize, Serialize};

/// The fields that the copy has, and their form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldsRead {
    /// The fields that were last read. A field that disappears is reported, and a new one makes the run read all records again.
    #[serde(rename = "fields")]
    read: Vec<String>,
    /// Fields that the CRM lists but refused to return. The copy lacks them, and each run asks for them again.
    #[serde(default)]
    refused: Vec<String>,
    /// The administrator's mapping of fields. Empty if there is none.
    #[serde(default)]
    mapping: String,
    /// The format of the bodies in the copy.
    #[serde(default)]
    format: u32,
    /// The version of what the connector made of the fields.
    #[serde(
        default,
        rename = "shape_version",
        skip_serializing_if = "is_first_version"
    )]
    version: u32,
    /// Whether all records are being written again.
    #[serde(default)]
    rewriting: bool,
}

// The form is serde's.
#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_first_version(version: &u32) -> bool {
    *version == 0
}

/// The fields that can be read now, and the form in which they are written.
pub struct FieldsNow {
    /// The fields, sorted.
    pub read: Vec<String>,
    /// Fields that the CRM lists but refuses to return.
    pub refused: Vec<String>,
    /// The administrator's mapping of fields. Empty if there is none.
    pub mapping: String,
    /// The format of new bodies.
    pub format: u32,
    /// The version of what the connector makes of the fields.
    pub version: u32,
}

impl FieldsRead {
    /// Returns the fields that were last read.
    pub fn read(&self) -> &[String] {
        &self.read
    }

    /// Returns the fields that the CRM lists but refused to return.
    pub fn refused(&self) -> &[String] {
        &self.refused
    }

    /// Returns the administrator's mapping of fields. Empty if there was none.
    pub fn mapping(&self) -> &str {
        &self.mapping
    }

    /// Returns whether all records are being written again, because bodies of the copy lack what new ones have.
    pub fn is_rewriting(&self) -> bool {
        self.rewriting
    }

    /// Stores the fields that can be read now. Returns whether all records have to be read again, for a new or returned field, for
    /// another mapping, for bodies of an older format, or because the connector makes other things of the same fields.
    /// `first_reading` means that the first reading of the object has not ended.
    pub fn replace(&mut self, now: FieldsNow, first_reading: bool) -> bool {
        let known = |name: &String| self.read.contains(name);
        let is_other = !now.read.iter().all(known) || self.mapping != now.mapping;
        // A first reading that has begun may have stored pages.
        let may_have_records = !first_reading || !self.read.is_empty();
        let is_older = may_have_records && (self.format, self.version) != (now.format, now.version);
        let read_again = is_older || (!self.read.is_empty() && is_other);
        *self = Self {
            read: now.read,
            refused: now.refused,
            mapping: now.mapping,
            format: now.format,
            version: now.version,
            // The digest covers only the fields, so it does not tell that a body is older.
            rewriting: self.rewriting || is_older,
        };
        read_again
    }

    /// Records that queries are refused for more fields than before.
    pub fn narrow(&mut self, read: impl Fn(&String) -> bool, refused: &[String]) {
        self.read.retain(read);
        self.refused = refused.to_vec();
    }

    /// Records that all records were read again, and so written in the current format.
    pub fn rewritten(&mut self) {
        self.rewriting = false;
    }
}
