//! Sealing: encryption of bytes bound to their place, and lookups without reading.
//!
//! * [`GenerationKeys`]: the sealing key and the index key of one generation. They overwrite their memory when dropped.
//! * [`TenantKeys`]: the same for one tenant, for data that outlives integrations.
//! * [`Place`]: where sealed bytes belong. Bytes sealed for one place open at no other.
//! * [`Sealer`], [`Opener`]: bytes to [`Sealed`] and back. Only a sealer makes a `Sealed` from plaintext.
//! * [`IndexKey`]: keyed hashes for lookups and comparison.
//! * [`CallerKey`]: the operator's own key, under which the log names callers.
//!
//! `FORMAT.md` beside this file describes the bytes for an auditor, and `tests/seal/read_sealed.py` reads them.

mod caller;
mod error;
mod hash;
mod keys;
mod noise;
mod pack;
mod place;
mod sealed;
#[cfg(test)]
mod tests;
mod xaes;

pub use self::{
    caller::CallerKey,
    error::SealError,
    hash::{Digest, HashKind, IndexKey, KeyedHash},
    keys::{GenerationKeys, SealingKey, TenantKeys},
    place::{Place, Room},
    sealed::{MAX_BODY, Opener, Sealed, Sealer},
};
