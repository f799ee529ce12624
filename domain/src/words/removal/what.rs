//! Everything that a generation has.

use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    record::Object,
};

/// A part of what a generation has: it is listed and swept by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Part {
    /// Bucket Pages: files that were exported, in every version, and uploads of them that were never finished.
    Exports,
    /// Table Copies: the records of an object, in all shards, and what lies beside them.
    Copies(Object),
    /// Bucket Pages: pages and large bodies, in every version, and uploads that were never finished.
    Pages,
    /// Table Ledger: what belongs to the generation. Its removal is left out.
    Ledger,
    /// Table Keys: every version of the generation's keys.
    Keys,
}

impl Part {
    /// All of them, in the order in which they are swept: first what is in clear.
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

    /// The store that it is in, as the receipt names it.
    pub fn store(self) -> &'static str {
        match self {
            Self::Copies(_) => "copies",
            Self::Exports | Self::Pages => "pages",
            Self::Ledger => "ledger",
            Self::Keys => "keys",
        }
    }

    /// The name, as the state of a removal has it.
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

/// What kind of thing was deleted.
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
    /// A version of a file that was exported.
    Export,
    /// A marker that says that an object was deleted.
    DeleteMarker,
    /// An upload that was never finished.
    Upload,
    /// How far the sync of an object had come.
    Progress,
    /// The report of a run.
    Run,
    /// A note of a record that could not be kept.
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

    /// The store that it was in, as the receipt names it.
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

    /// The name, as the receipt and the API have it: in the plural, since it stands beside a count.
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

/// Something that is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// What it is.
    pub what: What,
    /// Where it is, in the adapter's own words: the same for as long as it is there.
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
    fn no_two_kinds_of_one_store_share_a_name() {
        for one in What::ALL {
            for other in What::ALL {
                assert_eq!(one.name() == other.name(), one == other);
            }
        }
    }
}
