//! What a CRM can do. A connector states it once, as data. Rules branch on this, and never on which CRM it is; the contract suite asks
//! a connector for what its abilities say, and for nothing else.

use jiff::{SignedDuration, Timestamp};

use crate::record::Object;

/// What a CRM can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// How most objects are read.
    pub reading: ReadingOf,
    /// Objects that are read in another way.
    pub exceptions: Vec<(Object, ReadingOf)>,
    /// How grants are had.
    pub grants: Granting,
    /// How records are created.
    pub creating: Creating,
}

/// How an object is read. An object may have several lists (open and archived records, say): the connector goes through them in one
/// window, and its page token says which list comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingOf {
    /// How long a change may stay invisible after its own time stamp, in the slowest of the object's lists. Each window begins so
    /// long before the last one's end.
    pub lag: SignedDuration,
    /// What a window's first page may be taken up by.
    pub resuming: Resuming,
    /// Where deletions show.
    pub deletions: Deletions,
    /// How records are counted.
    pub counting: Counting,
    /// Whether a merged record says what it was merged into.
    pub names_survivors: bool,
}

/// How a run takes up what the last one left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resuming {
    /// By time stamp and id: a window.
    ByTime,
    /// By the CRM's own token, which brings all changes since it was given and may expire. Then everything is read again.
    ByToken,
}

/// Where deletions show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletions {
    /// Among the changes, and for good ones in a list of the CRM.
    ListedForGood,
    /// Among the changes, all of them.
    AmongChanges,
    /// Nowhere: all ids are compared.
    OnlyByIds,
}

/// How records are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Exactly, as of now.
    Exact,
    /// Exactly up to so many; beyond, the CRM says only that there are more.
    UpTo(u64),
    /// As of some time ago. That proves nothing of now.
    Late,
    /// Not at all: records are counted by listing their ids.
    ByIds,
}

/// A CRM's answer to the question how many records there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many, now.
    Exact(u64),
    /// More than so many.
    MoreThan(u64),
    /// So many, at some time before now.
    AsOf(u64, Timestamp),
    /// The CRM does not count.
    Unknown,
}

impl Count {
    /// The number, where it is one of now: only that can be held against the copy.
    pub fn exact(self) -> Option<u64> {
        match self {
            Self::Exact(n) => Some(n),
            Self::MoreThan(_) | Self::AsOf(..) | Self::Unknown => None,
        }
    }

    /// How many there are at least, for whoever has to judge what comparing them costs.
    pub fn at_least(self) -> Option<u64> {
        match self {
            Self::Exact(n) | Self::MoreThan(n) | Self::AsOf(n, _) => Some(n),
            Self::Unknown => None,
        }
    }
}

/// How grants are had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granting {
    /// Whether the CRM knows PKCE (RFC 7636). A consent is then begun with a challenge and redeemed with its verifier.
    pub pkce: bool,
    /// Whether access tokens end by themselves. A consent that brings no refresh token is then worth nothing.
    pub expiring: bool,
}

/// How records are created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creating {
    /// Records that one request creates at most. A connector divides larger batches by itself.
    pub batch: usize,
    /// Whether the CRM judges records without keeping them.
    pub rehearses: bool,
    /// How a record is recognised that may have been made.
    pub recognising: Recognising,
    /// Whether the CRM's own rules may take a record for a duplicate.
    pub judges_duplicates: bool,
    /// How long after it was made a record may be missing from a look.
    pub index_lag: SignedDuration,
}

/// How a record is recognised that may have been made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognising {
    /// By what was sent, and when; by an id of ours, where an organisation has a field for it.
    ByContent,
    /// By its own id, which we choose.
    ByChosenId,
}

impl Abilities {
    /// How an object is read.
    pub fn reading(&self, object: Object) -> &ReadingOf {
        let mut exceptions = self.exceptions.iter();
        let exception = exceptions.find(|(of, _)| *of == object);
        exception.map_or(&self.reading, |(_, reading)| reading)
    }
}
