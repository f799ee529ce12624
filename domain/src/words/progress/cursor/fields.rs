//! Which fields the copy has.

use serde::{Deserialize, Serialize};

/// Which fields the copy has, and in which form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldsRead {
    /// The fields that were read last time; one that is gone is reported, a new one is fetched for all records.
    #[serde(rename = "fields")]
    read: Vec<String>,
    /// Fields that the CRM names but refused a query for: the copy is without them, and each run asks for them again.
    #[serde(default)]
    refused: Vec<String>,
    /// How the administrator's mapping of fields stood; empty: there was none.
    #[serde(default)]
    mapping: String,
    /// The format that the bodies in the copy have.
    #[serde(default)]
    format: u32,
    /// Whether all records are being written again.
    #[serde(default)]
    rewriting: bool,
}

/// Which fields can be read now, and in which form they are written.
pub struct FieldsNow {
    /// The fields, sorted.
    pub read: Vec<String>,
    /// Those that the CRM names and refuses.
    pub refused: Vec<String>,
    /// The administrator's mapping of fields; empty: there is none.
    pub mapping: String,
    /// The format that bodies are written in.
    pub format: u32,
}

impl FieldsRead {
    /// The fields that were read last time.
    pub fn read(&self) -> &[String] {
        &self.read
    }

    /// Fields that the CRM names but refused a query for.
    pub fn refused(&self) -> &[String] {
        &self.refused
    }

    /// How the administrator's mapping of fields stood; empty: there was none.
    pub fn mapping(&self) -> &str {
        &self.mapping
    }

    /// Whether all records are being written again, since the copy has them in an older format.
    pub fn is_rewriting(&self) -> bool {
        self.rewriting
    }

    /// Takes over what can be read now. Answers whether all records have to be read again: for a field that is new or back, for
    /// another mapping, and for bodies of an older format. `first_reading`: nothing of what is read is in the copy.
    pub fn replace(&mut self, now: FieldsNow, first_reading: bool) -> bool {
        let known = |name: &String| self.read.contains(name);
        let is_other = !now.read.iter().all(known) || self.mapping != now.mapping;
        let is_older = self.format != now.format && !first_reading;
        let read_again = is_older || (!self.read.is_empty() && is_other);
        *self = Self {
            read: now.read,
            refused: now.refused,
            mapping: now.mapping,
            format: now.format,
            // The digest is of the fields: it does not tell that a body is of an older format.
            rewriting: self.rewriting || is_older,
        };
        read_again
    }

    /// Queries are refused for more fields than before.
    pub fn narrow(&mut self, read: impl Fn(&String) -> bool, refused: &[String]) {
        self.read.retain(read);
        self.refused = refused.to_vec();
    }

    /// All records were read again, and so written in today's format.
    pub fn rewritten(&mut self) {
        self.rewriting = false;
    }
}
