//! Keyed hashes. Readers of the tables see which values are equal, but only holders of the key learn the values.

use std::fmt;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The kind of a hashed value. Hashes of one text as two kinds are unrelated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashKind {
    /// An e-mail address, in lower case.
    Email,
    /// A registered domain.
    Domain,
    /// A company's id.
    Company,
    /// A parent record.
    Parent,
    /// A person who objected or was erased. Nothing else is kept about them.
    Objection,
    /// A person who was assessed.
    Person,
    /// A request, by its idempotency key.
    Request,
    /// A user, as the identity provider names them.
    User,
    /// A constant, from which it can be told whether a key is the stored one.
    Check,
}

impl HashKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::Domain,
        Self::Company,
        Self::Parent,
        Self::Objection,
        Self::Person,
        Self::Request,
        Self::User,
        Self::Check,
    ];

    /// Returns the name that is hashed with the value. It never changes. The name `content` is reserved for [`IndexKey::digest`].
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Domain => "domain",
            Self::Company => "company",
            Self::Parent => "parent",
            Self::Objection => "objection",
            Self::Person => "person",
            Self::Request => "request",
            Self::User => "user",
            Self::Check => "check",
        }
    }
}

/// The key of a generation's or a tenant's hashes. The cipher overwrites its own memory when it is dropped.
pub struct IndexKey(hmac::Key);

impl IndexKey {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// Returns the hash of a normalised value.
    pub fn hash(&self, kind: HashKind, normalised: &str) -> KeyedHash {
        KeyedHash(self.mac(kind.name(), normalised.as_bytes()))
    }

    /// Returns the digest of a record's content. Digests are equal only for equal content.
    pub fn digest(&self, content: &[u8]) -> Digest {
        Digest(self.mac("content", content))
    }

    /// Computes HMAC-SHA-256(kind, 0, value), truncated to 16 bytes. That is enough: among 2^40 values under one key, a chance
    /// collision has a probability of 2^-49, and an attacker would have to hash 2^64 values with a key that nobody outside has. It
    /// is short because each lookup item carries it.
    fn mac(&self, kind: &str, value: &[u8]) -> [u8; 16] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(kind.as_bytes());
        context.update(&[0]);
        context.update(value);
        let tag = context.sign();
        let mut short = [0; 16];
        short.copy_from_slice(&tag.as_ref()[..16]);
        short
    }
}

/// The hash of a value under an index key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyedHash([u8; 16]);

impl KeyedHash {
    /// The smallest hash in their order.
    pub const LEAST: Self = Self([0; 16]);

    /// Parses the output of `Display`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// The keyed digest of a record's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 16]);

impl Digest {
    /// A digest that no content ever has.
    pub const NONE: Self = Self([0; 16]);

    /// Parses stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the bytes to store.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}
