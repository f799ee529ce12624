//! The abilities of a CRM. A connector states them once, as data. The rules branch on them, and never on which CRM it is. The
//! contract suite tests exactly what a connector's abilities claim.

use jiff::{SignedDuration, Timestamp};

use crate::record::Object;

/// The abilities of a CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// How most objects are read.
    pub reading: ReadingOf,
    /// Objects that are read in another way.
    pub exceptions: Vec<(Object, ReadingOf)>,
    /// How the CRM issues grants.
    pub grants: Granting,
    /// How records are created.
    pub creating: Creating,
}

/// How an object is read. An object may have several lists, such as open and archived records. The connector goes through them in
/// one window, and its page token says which list is next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingOf {
    /// How long a change may stay invisible after its own time stamp, in the slowest of the object's lists. Each window begins this
    /// long before the end of the previous one.
    pub lag: SignedDuration,
    /// How the first page of a window continues the previous window.
    pub resuming: Resuming,
    /// Where deletions are reported.
    pub deletions: Deletions,
    /// How records are counted.
    pub counting: Counting,
    /// Whether a merged record names its survivor. No rule asks this, because the children of a record are read again however it left
    /// the copy. The contract suite does.
    pub names_survivors: bool,
    /// How the CRM reports a record's parent.
    pub parents: Parents,
    /// About how many records, or ids, one request brings while everything is read. Only forecasts go by it.
    pub per_request: u64,
}

/// How the CRM reports a record's parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parents {
    /// The record names it, and a new parent moves the record's time stamp.
    InRecord,
    /// The CRM keeps it as an association beside the record, which moves no time stamp. Parents are requested by the records' ids
    /// ([`Crm::parents`](super::Crm::parents)).
    Associated {
        /// The most ids in one request.
        at_most: usize,
    },
}

/// How a run continues the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resuming {
    /// By time stamp and id, in a window.
    ByTime,
    /// By the CRM's own token, which returns all changes since it was issued. It may expire, and then everything is read again.
    ByToken,
}

/// Where deletions are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletions {
    /// Among the changes. Final deletions are in a list of the CRM.
    ListedForGood,
    /// What was deleted by hand is in a list of the CRM. Other records vanish without a trace: they show when all ids are compared.
    ListedInPart,
    /// Among the changes, all of them. There is no list to ask for.
    AmongChanges,
    /// Nowhere, so all ids are compared in each run.
    OnlyByIds,
}

/// How records are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Exactly, as of now.
    Exact,
    /// Exactly up to this number. Beyond it, the CRM says only that there are more.
    UpTo(u64),
    /// As of some time ago, which proves nothing about now.
    Late,
    /// Not at all. Records are counted by listing their ids.
    ByIds,
}

impl Counting {
    /// Returns whether a count may be compared with the copy.
    pub fn may_be_exact(self) -> bool {
        matches!(self, Self::Exact | Self::UpTo(_))
    }
}

/// A CRM's number of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// This many, now.
    Exact(u64),
    /// More than this many.
    MoreThan(u64),
    /// This many, at an earlier time.
    AsOf(u64, Timestamp),
    /// The CRM does not count.
    Unknown,
}

impl Count {
    /// Returns the number if it is exact and current. Only such a number can be compared with the copy.
    pub fn exact(self) -> Option<u64> {
        match self {
            Self::Exact(n) => Some(n),
            Self::MoreThan(_) | Self::AsOf(..) | Self::Unknown => None,
        }
    }

    /// Returns the least possible number, from which the cost of a comparison is estimated.
    pub fn at_least(self) -> Option<u64> {
        match self {
            Self::Exact(n) | Self::MoreThan(n) | Self::AsOf(n, _) => Some(n),
            Self::Unknown => None,
        }
    }
}

/// How the CRM issues grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granting {
    /// Whether the CRM supports PKCE (RFC 7636). A consent then begins with a challenge and is redeemed with its verifier.
    pub pkce: bool,
    /// Whether access tokens expire. Then a consent without a refresh token is useless.
    pub expiring: bool,
    /// Whether all consents of one organisation are one: ending one ends the others, too. So it is where
    /// an app is installed once in an organisation, and uninstalling it ends every consent.
    pub shared: bool,
}

/// How records are created. What an organisation decides by itself (a field for ids of ours, a place for legal bases) is no ability:
/// the connector says it of each draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creating {
    /// Whether the connector creates records at all.
    pub creates: bool,
    /// How far the CRM judges records without keeping them.
    pub rehearsing: Rehearsing,
    /// How a record that may have been made is recognised.
    pub recognising: Recognising,
    /// Whether the CRM's own rules may take a record for a duplicate.
    pub judges_duplicates: bool,
    /// Whether those rules say which records look like the new one.
    pub names_duplicates: bool,
    /// Whether a record that those rules take for a duplicate may be saved all the same.
    pub saves_duplicates: bool,
    /// Objects whose records belong to an account by a link, since no field says it ([`Source::Account`](super::Source::Account)). True
    /// marks those that would not show their company without it.
    pub account_links: Vec<(Object, bool)>,
    /// Where the CRM may keep the legal basis of a person.
    pub basis: BasisPlace,
    /// Whether fields may be lists and objects. The connector says of each field whether it takes one.
    pub nested: bool,
}

/// How far a CRM judges records without keeping them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rehearsing {
    /// Not at all.
    Never,
    /// It says whether another record has one of a record's unique values. Its other rules are heard only when a record is created.
    UniqueValues,
    /// By all of its rules.
    AllRules,
}

/// How a record that may have been made is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognising {
    /// By the sent content and the time, or by an external id if the organisation has a field for it.
    ByContent,
    /// By its own id, which we choose.
    ByChosenId,
}

/// Where a CRM may keep the legal basis of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasisPlace {
    /// Nowhere.
    Nowhere,
    /// In a field of the person's record.
    InRecord,
    /// Beside the record, in it, or both, as the organisation is set up.
    Beside,
}

impl Abilities {
    /// Returns how an object is read.
    pub fn reading(&self, object: Object) -> &ReadingOf {
        let mut exceptions = self.exceptions.iter();
        let exception = exceptions.find(|(of, _)| *of == object);
        exception.map_or(&self.reading, |(_, reading)| reading)
    }
}
