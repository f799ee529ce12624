//! The keys of one generation, and those of one tenant.

use std::{fmt, sync::Arc};

use zeroize::Zeroize;

use super::{
    SealError,
    hash::{HashKind, IndexKey, KeyedHash},
    xaes::Xaes,
};

/// The opened sealing key and index key of one generation. KMS wraps both as one secret, so one request unwraps them.
pub struct GenerationKeys {
    /// Seals and opens.
    pub sealing: SealingKey,
    /// Computes keyed hashes.
    pub index: IndexKey,
}

impl GenerationKeys {
    /// Splits the 64 bytes that KMS unwraps: sealing key first, index key second. Overwrites the bytes.
    ///
    /// # Errors
    /// If the cipher cannot be set up.
    pub fn from_bytes(bytes: &mut [u8; 64]) -> Result<Self, SealError> {
        let (sealing, index) = bytes.split_at(32);
        let keys = SealingKey::new(sealing).map(|sealing| Self {
            sealing,
            index: IndexKey::new(index),
        });
        bytes.zeroize();
        keys
    }
}

impl fmt::Debug for GenerationKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GenerationKeys")
    }
}

/// The opened sealing key and index key of one tenant, for data that outlives integrations. A removal leaves them; they end with
/// the tenant. They have a type of their own, so that they cannot be confused with the keys of a generation.
pub struct TenantKeys {
    /// Seals and opens data whose place is [`super::Place::of_tenant`].
    pub sealing: SealingKey,
    /// Computes keyed hashes that are the same for all of the tenant's integrations.
    pub index: IndexKey,
}

impl TenantKeys {
    /// Splits the 64 bytes that KMS unwraps, as [`GenerationKeys::from_bytes`] does.
    ///
    /// # Errors
    /// If the cipher cannot be set up.
    pub fn from_bytes(bytes: &mut [u8; 64]) -> Result<Self, SealError> {
        GenerationKeys::from_bytes(bytes)
            .map(|GenerationKeys { sealing, index }| Self { sealing, index })
    }

    /// Returns the check value, which only equal keys share. It is stored beside the data that the keys hash and seal, and reveals
    /// nothing about them.
    pub fn check(&self) -> KeyedHash {
        self.index.hash(HashKind::Check, "tenant")
    }
}

impl fmt::Debug for TenantKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TenantKeys")
    }
}

/// A 256-bit key that seals and opens. The cipher overwrites its own memory when the last holder drops it.
#[derive(Clone)]
pub struct SealingKey(pub(super) Arc<Xaes>);

impl SealingKey {
    fn new(bytes: &[u8]) -> Result<Self, SealError> {
        Xaes::new(bytes).map(|xaes| Self(Arc::new(xaes)))
    }
}
