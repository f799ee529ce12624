//! The hash chain of changes of a tenant's suppressions: each objection or erasure that was made or lifted. Replaying it gives the
//! suppressions that must be in force, so one that was taken out behind our back is missed.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;

use super::chain::{ChainHash, Verified};
use crate::{seal::KeyedHash, tenant::TenantId};

/// The kind of a suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuppressionKind {
    /// The person objected (Art. 21).
    Objection,
    /// The person was erased (Art. 17).
    Erasure,
}

impl SuppressionKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Objection, Self::Erasure];

    /// Returns the name, as it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Erasure => "erasure",
        }
    }

    /// Finds the one of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The suppressions that are in force.
pub type Standing = BTreeSet<(SuppressionKind, KeyedHash)>;

/// What was done to suppressions.
#[derive(Clone, Copy, Debug)]
pub struct Done<'a> {
    /// The time.
    pub at: Timestamp,
    /// Their kind.
    pub kind: SuppressionKind,
    /// Whether they were lifted. Otherwise they were made.
    pub lifts: bool,
    /// The hashes of the people.
    pub people: &'a [KeyedHash],
}

/// A change, as the Ledger stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The number among the tenant's changes, from 1, without gaps.
    pub number: u64,
    /// The hash of the previous change.
    pub previous: ChainHash,
    /// The hash of this change.
    pub hash: ChainHash,
    /// The time.
    pub at: Timestamp,
    /// The kind of the suppressions.
    pub kind: SuppressionKind,
    /// Whether they were lifted. Otherwise they were made.
    pub lifts: bool,
    /// The hashes of the people.
    pub people: Vec<KeyedHash>,
}

impl Change {
    /// Builds the next change behind `head`. `last` is the highest number of a change that is known to be stored. If it is higher than the
    /// head's, somebody took the head away or moved it back. The change is made all the same, behind the last one. It follows nothing,
    /// so that the chain is broken there for good.
    pub fn next(
        tenant: &TenantId,
        head: Option<(u64, ChainHash)>,
        last: u64,
        done: Done<'_>,
    ) -> Self {
        let is_lost = head.map_or(0, |(number, _)| number) < last;
        let previous = match is_lost {
            true => Some((last, ChainHash::START)),
            false => head,
        };
        Self::after(tenant, previous, done)
    }

    /// Builds the change that follows `previous`.
    pub fn after(tenant: &TenantId, previous: Option<(u64, ChainHash)>, done: Done<'_>) -> Self {
        let (number, previous) = previous.unwrap_or((0, ChainHash::START));
        let mut change = Self {
            number: number.saturating_add(1),
            previous,
            hash: ChainHash::START,
            // The stored precision is one millisecond.
            at: Timestamp::from_millisecond(done.at.as_millisecond()).unwrap_or(done.at),
            kind: done.kind,
            lifts: done.lifts,
            people: done.people.to_vec(),
        };
        change.hash = change.computed(tenant);
        change
    }

    /// Computes the hash that the change must have.
    pub fn computed(&self, tenant: &TenantId) -> ChainHash {
        let mut context = Context::new(&SHA256);
        let mut part = |bytes: &[u8]| {
            // Each part is preceded by its length, so that no two changes have the same input.
            context.update(&(bytes.len() as u64).to_be_bytes());
            context.update(bytes);
        };
        part(b"suppressions.1");
        part(tenant.as_str().as_bytes());
        part(&self.number.to_be_bytes());
        part(self.previous.as_bytes());
        part(&self.at.as_millisecond().to_be_bytes());
        part(self.kind.name().as_bytes());
        part(&[u8::from(self.lifts)]);
        for person in &self.people {
            part(person.to_string().as_bytes());
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        ChainHash::from_bytes(&hash).unwrap_or(ChainHash::START)
    }
}

/// The result of replaying a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The chain itself.
    pub chain: Verified,
    /// The number of suppressions that the chain says are in force, and that are not.
    pub missing: u64,
    /// The number of suppressions that are in force, and that the chain does not know: those from before there was a chain, or
    /// somebody else's.
    pub unknown: u64,
}

/// Replays a chain, change by change.
pub struct Replay<'a> {
    tenant: &'a TenantId,
    kept: Option<(u64, ChainHash)>,
    chain: Verified,
    standing: Standing,
}

impl<'a> Replay<'a> {
    /// Begins before the first change. `kept` is a head that the caller kept from an earlier check.
    pub fn new(tenant: &'a TenantId, kept: Option<(u64, ChainHash)>) -> Self {
        Self {
            tenant,
            kept,
            chain: Verified {
                entries: 0,
                head: ChainHash::START,
                broken: None,
                kept: kept.map(|kept| kept == (0, ChainHash::START)),
            },
            standing: Standing::new(),
        }
    }

    /// Replays the next change. Returns false if the chain is broken, and the caller can stop.
    pub fn take(&mut self, change: &Change) -> bool {
        let next = self.chain.entries + 1;
        let why = if change.number != next {
            Some("a change is missing")
        } else if next > 1 && change.previous == ChainHash::START {
            Some("the head was lost before the change")
        } else if change.previous != self.chain.head {
            Some("the change does not follow the one before")
        } else if change.hash != change.computed(self.tenant) {
            Some("the change was altered")
        } else {
            None
        };
        if let Some(why) = why {
            self.chain.broken = Some((next, why));
            return false;
        }
        for person in &change.people {
            let suppression = (change.kind, *person);
            if change.lifts {
                self.standing.remove(&suppression);
            } else {
                self.standing.insert(suppression);
            }
        }
        if self.kept == Some((change.number, change.hash)) {
            self.chain.kept = Some(true);
        }
        self.chain.entries = next;
        self.chain.head = change.hash;
        true
    }

    /// Compares with the stored head and with what is in force, and returns the result.
    pub fn done(mut self, head: Option<(u64, ChainHash)>, standing: &Standing) -> Replayed {
        let (number, hash) = head.unwrap_or((0, ChainHash::START));
        let is_whole = (self.chain.entries, self.chain.head) == (number, hash);
        if self.chain.broken.is_none() && !is_whole {
            self.chain.broken = Some((self.chain.entries + 1, "a change is missing"));
        }
        let count = |left: &Standing, right: &Standing| left.difference(right).count() as u64;
        Replayed {
            missing: count(&self.standing, standing),
            unknown: count(standing, &self.standing),
            chain: self.chain,
        }
    }
}
