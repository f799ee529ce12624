//! Sealing: how bytes are encrypted and bound to the place they are for, and how things are found without being read.
//!
//! * [`GenerationKeys`]: the sealing key and the index key of one generation; they forget themselves.
//! * [`TenantKeys`]: the same of one tenant, for what outlives integrations.
//! * [`Place`]: where sealed bytes belong. What is sealed for one place opens at no other.
//! * [`Sealer`], [`Opener`]: bytes to [`Sealed`] and back. Only a sealer makes a `Sealed` from plaintext.
//! * [`IndexKey`]: keyed hashes for lookups and comparison.
//!
//! `FORMAT.md` beside this file describes the bytes for an auditor; `tests/seal/read_sealed.py` reads them.

mod error;
mod hash;
mod keys;
mod pack;
mod place;
mod sealed;
#[cfg(test)]
mod tests;
mod xaes;

pub use self::{
    error::SealError,
    hash::{Digest, HashKind, IndexKey, KeyedHash},
    keys::{GenerationKeys, SealingKey, TenantKeys},
    place::{Place, Room},
    sealed::{MAX_BODY, Opener, Sealed, Sealer},
};
