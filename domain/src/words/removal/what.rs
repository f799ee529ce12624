//! Everything that a generation has.

use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    record::Object,
};

/// A part of a generation's data that is listed and swept by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Part {
    /// Bucket Pages: exported files, in every version, and their unfinished uploads.
    Exports,
    /// Table Copies: the records of an object in all shards, and everything beside them.
    Copies(Object),
    /// Bucket Pages: pages and large bodies, in every version, and unfinished uploads.
    Pages,
    /// Table Ledger: the generation's rows, except the row of its removal.
    Ledger,
    /// Table Keys: every version of the generation's keys.
    Keys,
}

impl Part {
    /// All parts in the order of sweeping. Data in clear comes first.
    pub const ALL: [Self; 9] = [
        Self::Exports,
        Self::Copies(Object::Account),
        Self::Copies(Object::Contact),
        Self::Copies(Object::Lead),
        Self::Copies(Object::Task),
        Self::Copies(Object::Opportunity),
        Self::Pages,
        Self::Ledger,
        Self::Keys,
    ];

    /// Returns the name of its store in the receipt.
    pub fn store(self) -> &'static str {
        match self {
            Self::Copies(_) => "copies",
            Self::Exports | Self::Pages => "pages",
            Self::Ledger => "ledger",
            Self::Keys => "keys",
        }
    }

    /// Returns the name in the stored state of a removal.
    pub fn name(self) -> String {
        match self {
            Self::Exports => "exports".to_owned(),
            Self::Copies(object) => format!("copies/{object}"),
            Self::Pages => "pages".to_owned(),
            Self::Ledger => "ledger".to_owned(),
            Self::Keys => "keys".to_owned(),
        }
    }
}

impl From<Part> for String {
    fn from(part: Part) -> Self {
        part.name()
    }
}

impl TryFrom<String> for Part {
    type Error = Fault;

    fn try_from(name: String) -> Outcome<Self> {
        Self::ALL
            .into_iter()
            .find(|part| part.name() == name)
            .ok_or_else(|| Fault::of(Code::RemovalPartUnknown))
    }
}

/// A kind of deleted thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A record of the copy.
    Record,
    /// A relation beside its record.
    Relation,
    /// A version of a page as the CRM sent it.
    Page,
    /// A version of a body too large for an item.
    Body,
    /// A version of an exported file.
    Export,
    /// S3's marker for a deleted object.
    DeleteMarker,
    /// An unfinished upload.
    Upload,
    /// The sync progress of an object.
    Progress,
    /// The report of a run.
    Run,
    /// An entry for a record that could not be kept.
    Quarantine,
    /// An intent to create a record.
    Intent,
    /// A user's decision about a relation.
    Decision,
    /// Another row of the generation in the Ledger.
    Row,
    /// The sealed grant.
    Credentials,
    /// A version of the generation's keys.
    Key,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Record,
        Self::Relation,
        Self::Page,
        Self::Body,
        Self::Export,
        Self::DeleteMarker,
        Self::Upload,
        Self::Progress,
        Self::Run,
        Self::Quarantine,
        Self::Intent,
        Self::Decision,
        Self::Row,
        Self::Credentials,
        Self::Key,
    ];

    /// Returns the name of its store in the receipt.
    pub fn store(self) -> &'static str {
        match self {
            Self::Record | Self::Relation => "copies",
            Self::Page | Self::Body | Self::Export | Self::DeleteMarker | Self::Upload => "pages",
            Self::Progress
            | Self::Run
            | Self::Quarantine
            | Self::Intent
            | Self::Decision
            | Self::Row
            | Self::Credentials => "ledger",
            Self::Key => "keys",
        }
    }

    /// Returns the name in the receipt and the API. It is a plural, because it stands beside a count.
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "records",
            Self::Relation => "relations",
            Self::Page => "pages",
            Self::Body => "bodies",
            Self::Export => "exports",
            Self::DeleteMarker => "delete_markers",
            Self::Upload => "unfinished_uploads",
            Self::Progress => "progress",
            Self::Run => "runs",
            Self::Quarantine => "quarantined",
            Self::Intent => "intents",
            Self::Decision => "decisions",
            Self::Row => "other_rows",
            Self::Credentials => "credentials",
            Self::Key => "key_versions",
        }
    }
}

/// An entry that still exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// The kind.
    pub what: What,
    /// Its address in the adapter's own notation, which never changes while the entry exists.
    pub key: String,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_object_and_every_part_has_a_name_that_is_read_back() {
        for object in Object::ALL {
            assert!(Part::ALL.contains(&Part::Copies(object)));
        }
        for part in Part::ALL {
            assert_eq!(Part::try_from(part.name()).unwrap(), part);
        }
        assert!(Part::try_from("copies/Invoice".to_owned()).is_err());
    }

    #[test]
    fn kinds_of_one_store_have_different_names() {
        for one in What::ALL {
            for other in What::ALL {
                assert_eq!(one.name() == other.name(), one == other);
            }
        }
    }
}
