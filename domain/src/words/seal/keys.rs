//! The keys of one generation, and of one tenant.

use std::{fmt, sync::Arc};

use zeroize::Zeroize;

use super::{
    SealError,
    hash::{HashKind, IndexKey, KeyedHash},
    xaes::Xaes,
};

/// The sealing key and the index key of one generation, opened. They come and go together: KMS wraps both as one secret,
/// so that it is asked once.
pub struct GenerationKeys {
    /// Seals and opens.
    pub sealing: SealingKey,
    /// Makes keyed hashes.
    pub index: IndexKey,
}

impl GenerationKeys {
    /// Takes the keys out of the 64 bytes that KMS unwraps: sealing key first, index key second. The bytes are
    /// overwritten.
    ///
    /// # Errors
    /// When the cipher cannot be set up.
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

/// The sealing key and the index key of one tenant, opened: for what outlives integrations. A removal leaves them; they end
/// with the tenant. A type of its own, so that neither is taken for the keys of a generation.
pub struct TenantKeys {
    /// Seals and opens what belongs to [`super::Place::of_tenant`].
    pub sealing: SealingKey,
    /// Makes keyed hashes that hold over all of the tenant's integrations.
    pub index: IndexKey,
}

impl TenantKeys {
    /// Takes the keys out of the 64 bytes that KMS unwraps, as [`GenerationKeys::from_bytes`] does.
    ///
    /// # Errors
    /// When the cipher cannot be set up.
    pub fn from_bytes(bytes: &mut [u8; 64]) -> Result<Self, SealError> {
        GenerationKeys::from_bytes(bytes)
            .map(|GenerationKeys { sealing, index }| Self { sealing, index })
    }

    /// The check value: equal for the same keys only. It is noted beside what the keys hash and seal, and tells nothing of them.
    pub fn check(&self) -> KeyedHash {
        self.index.hash(HashKind::Check, "tenant")
    }
}

impl fmt::Debug for TenantKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TenantKeys")
    }
}

/// A 256-bit key that seals and opens. The cipher's own memory is overwritten when the last holder lets go of it.
#[derive(Clone)]
pub struct SealingKey(pub(super) Arc<Xaes>);

impl SealingKey {
    fn new(bytes: &[u8]) -> Result<Self, SealError> {
        Xaes::new(bytes).map(|xaes| Self(Arc::new(xaes)))
    }
}
