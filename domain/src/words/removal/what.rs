//! Everything that a generation has, and what a removal counts.
//!
//! A part is swept by itself, in the order of the first table. What was found in it is counted by the kinds of the second
//! one; `infra/src/places` says which kind a shape of keys counts as.

use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    record::Object,
};

macro_rules! parts {
    (
        before { $($(#[doc = $first_doc:literal])* $first:ident = $first_name:literal in $first_store:literal;)* }
        each object { $(#[doc = $each_doc:literal])* $each:ident = $each_name:literal in $each_store:literal; }
        after { $($(#[doc = $last_doc:literal])* $last:ident = $last_name:literal in $last_store:literal;)* }
    ) => {
        /// A part of a generation's data that is listed and swept by itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Part {
            $($(#[doc = $first_doc])* $first,)*
            $(#[doc = $each_doc])* $each(Object),
            $($(#[doc = $last_doc])* $last,)*
        }

        impl Part {
            /// Returns all parts in the order of sweeping. Data in clear comes first.
            pub fn all() -> impl Iterator<Item = Self> + Clone {
                [$(Self::$first),*]
                    .into_iter()
                    .chain(Object::ALL.into_iter().map(Self::$each))
                    .chain([$(Self::$last),*])
            }

            /// Returns the name of its store in the receipt.
            pub fn store(self) -> &'static str {
                match self {
                    $(Self::$first => $first_store,)*
                    Self::$each(_) => $each_store,
                    $(Self::$last => $last_store,)*
                }
            }

            /// Returns the name in the stored state of a removal.
            pub fn name(self) -> String {
                match self {
                    $(Self::$first => $first_name.to_owned(),)*
                    Self::$each(object) => format!(concat!($each_name, "/{}"), object),
                    $(Self::$last => $last_name.to_owned(),)*
                }
            }
        }
    };
}

parts! {
    before {
        /// Bucket Pages: exported files, in every version, and their unfinished uploads.
        Exports = "exports" in "pages";
    }
    each object {
        /// Table Copies: the records of an object in all shards, and everything beside them.
        Copies = "copies" in "copies";
    }
    after {
        /// Bucket Pages: pages and large bodies, in every version, and unfinished uploads.
        Pages = "pages" in "pages";
        /// Table Ledger: the generation's rows, except the row of its removal.
        Ledger = "ledger" in "ledger";
        /// Table Keys: every version of the generation's keys.
        Keys = "keys" in "keys";
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
        Self::all()
            .find(|part| part.name() == name)
            .ok_or_else(|| Fault::of(Code::RemovalPartUnknown))
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $name:literal in $store:literal;)*) => {
        /// A kind of deleted thing. It is stored by the variant's own name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum What {
            $($(#[doc = $doc])* $kind,)*
        }

        impl What {
            /// All of them.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$kind),*];

            /// Returns the name of its store in the receipt.
            pub fn store(self) -> &'static str {
                match self {
                    $(Self::$kind => $store,)*
                }
            }

            /// Returns the name in the receipt and the API. It is a plural, because it stands beside a count.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// A record of the copy.
    Record = "records" in "copies";
    /// A relation beside its record.
    Relation = "relations" in "copies";
    /// A version of a page as the CRM sent it.
    Page = "pages" in "pages";
    /// A version of a body too large for an item.
    Body = "bodies" in "pages";
    /// A version of an exported file.
    Export = "exports" in "pages";
    /// S3's marker for a deleted object.
    DeleteMarker = "delete_markers" in "pages";
    /// An unfinished upload.
    Upload = "unfinished_uploads" in "pages";
    /// The sync progress of an object.
    Progress = "progress" in "ledger";
    /// The report of a run.
    Run = "runs" in "ledger";
    /// An entry for a record that could not be kept.
    Quarantine = "quarantined" in "ledger";
    /// An intent to create a record.
    Intent = "intents" in "ledger";
    /// A user's decision about a relation.
    Decision = "decisions" in "ledger";
    /// Another row of the generation in the Ledger.
    Row = "other_rows" in "ledger";
    /// The sealed grant.
    Credentials = "credentials" in "ledger";
    /// A version of the generation's keys.
    Key = "key_versions" in "keys";
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
            assert!(Part::all().any(|part| part == Part::Copies(object)));
        }
        for part in Part::all() {
            assert_eq!(Part::try_from(part.name()).unwrap(), part);
        }
        assert!(Part::try_from("copies/NoSuchObject".to_owned()).is_err());
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
