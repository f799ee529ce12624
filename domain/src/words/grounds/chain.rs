//! The hash chain of assessments. Each assessment holds the hash of the previous one, so a later change, deletion or insertion
//! breaks the chain.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;

use crate::{
    seal::{KeyedHash, Sealed},
    tenant::TenantId,
};

/// The SHA-256 of an entry. It is a hash of sealed bytes, so it reveals nothing and can be checked without any key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// The hash before the first entry.
    pub const START: Self = Self([0; 32]);

    /// Parses stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Parses the output of `Display`.
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

/// An assessment as the Ledger stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number among the tenant's assessments, from 1, without gaps.
    pub number: u64,
    /// The hash of the previous entry.
    pub previous: ChainHash,
    /// The hash of this entry.
    pub hash: ChainHash,
    /// The time at which it was appended.
    pub at: Timestamp,
    /// The hashes by which the person is found.
    pub people: Vec<KeyedHash>,
    /// The assessment.
    pub sealed: Sealed,
}

impl Entry {
    /// Builds the entry that follows `previous`.
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
            // The stored precision is one millisecond.
            at: Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at),
            people,
            sealed,
        };
        entry.hash = entry.computed(tenant);
        entry
    }

    /// Computes the hash that the entry must have.
    pub fn computed(&self, tenant: &TenantId) -> ChainHash {
        let mut context = Context::new(&SHA256);
        let mut part = |bytes: &[u8]| {
            // Each part is preceded by its length, so that no two entries have the same input.
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

/// The result of checking a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The number of valid entries from the beginning.
    pub entries: u64,
    /// The last valid entry. A caller that keeps its number and hash can tell later whether the chain was cut short.
    pub head: ChainHash,
    /// The number of the first invalid entry, and the reason.
    pub broken: Option<(u64, &'static str)>,
    /// Whether the entry that the caller kept is still in the chain. `None` if the caller kept none.
    pub kept: Option<bool>,
}

/// Checks a chain, entry by entry.
pub struct Check<'a> {
    tenant: &'a TenantId,
    kept: Option<(u64, ChainHash)>,
    verified: Verified,
}

impl<'a> Check<'a> {
    /// Begins before the first entry. `kept` is the head that the caller kept from an earlier check.
    pub fn new(tenant: &'a TenantId, kept: Option<(u64, ChainHash)>) -> Self {
        Self {
            tenant,
            kept,
            verified: Verified {
                entries: 0,
                head: ChainHash::START,
                broken: None,
                // Whoever kept the head of an empty chain has kept nothing that could be gone.
                kept: kept.map(|kept| kept == (0, ChainHash::START)),
            },
        }
    }

    /// Checks the next entry. Returns false if the chain is broken, and the caller can stop.
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

    /// Returns the result.
    pub fn done(self) -> Verified {
        self.verified
    }
}
