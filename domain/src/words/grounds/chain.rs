//! The chain: each assessment has the hash of the one before, so that none can be changed, left out or put in between
//! afterwards without the rest not fitting any more.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;

use crate::{
    seal::{KeyedHash, Sealed},
    tenant::TenantId,
};

/// SHA-256 of an entry; of sealed bytes, so it tells nobody anything, and it can be checked without any key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// What stands before the first entry.
    pub const START: Self = Self([0; 32]);

    /// Reads stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An assessment, as the Ledger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts the tenant's assessments, from 1, without gaps.
    pub number: u64,
    /// The hash of the entry before.
    pub previous: ChainHash,
    /// The hash of this one.
    pub hash: ChainHash,
    /// When it was appended.
    pub at: Timestamp,
    /// What the person can be found by.
    pub people: Vec<KeyedHash>,
    /// The assessment.
    pub sealed: Sealed,
}

impl Entry {
    /// The entry that follows `previous`.
    pub fn after(
        tenant: &TenantId,
        previous: Option<(u64, ChainHash)>,
        at: Timestamp,
        people: Vec<KeyedHash>,
        sealed: Sealed,
    ) -> Self {
        let (number, previous) = previous.unwrap_or((0, ChainHash::START));
        let mut entry = Self {
            number: number + 1,
            previous,
            hash: ChainHash::START,
            // As precise as it is stored.
            at: Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at),
            people,
            sealed,
        };
        entry.hash = entry.computed(tenant);
        entry
    }

    /// What the hash has to be.
    pub fn computed(&self, tenant: &TenantId) -> ChainHash {
        let mut context = Context::new(&SHA256);
        let mut part = |bytes: &[u8]| {
            // Each part behind its length: no two entries are hashed alike.
            context.update(&(bytes.len() as u64).to_be_bytes());
            context.update(bytes);
        };
        part(b"assessment.1");
        part(tenant.as_str().as_bytes());
        part(&self.number.to_be_bytes());
        part(self.previous.as_bytes());
        part(&self.at.as_millisecond().to_be_bytes());
        for person in &self.people {
            part(person.to_string().as_bytes());
        }
        part(self.sealed.as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        ChainHash(hash)
    }
}

/// What checking the chain came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Entries that fit, from the first on.
    pub entries: u64,
    /// The last entry that fits: whoever keeps number and hash can tell later whether the chain was cut short.
    pub head: ChainHash,
    /// The first entry that does not fit, and why.
    pub broken: Option<(u64, &'static str)>,
    /// Whether the entry that the caller kept is still in the chain; none: nothing was kept.
    pub kept: Option<bool>,
}

/// Checks a chain, entry by entry.
pub struct Check<'a> {
    tenant: &'a TenantId,
    kept: Option<(u64, ChainHash)>,
    verified: Verified,
}

impl<'a> Check<'a> {
    /// Begins before the first entry; `kept` is what the caller knows of an earlier check.
    pub fn new(tenant: &'a TenantId, kept: Option<(u64, ChainHash)>) -> Self {
        Self {
            tenant,
            kept,
            verified: Verified {
                entries: 0,
                head: ChainHash::START,
                broken: None,
                kept: kept.map(|_| false),
            },
        }
    }

    /// Takes the next entry; false: the chain is broken, more need not be asked.
    pub fn take(&mut self, entry: &Entry) -> bool {
        let next = self.verified.entries + 1;
        let why = if entry.number != next {
            Some("an entry is missing")
        } else if entry.previous != self.verified.head {
            Some("the entry does not follow the one before")
        } else if entry.hash != entry.computed(self.tenant) {
            Some("the entry was changed")
        } else {
            None
        };
        if let Some(why) = why {
            self.verified.broken = Some((next, why));
            return false;
        }
        if self.kept == Some((entry.number, entry.hash)) {
            self.verified.kept = Some(true);
        }
        self.verified.entries = next;
        self.verified.head = entry.hash;
        true
    }

    /// What it came to.
    pub fn done(self) -> Verified {
        self.verified
    }
}
