//! Errors of sealing and opening.

use std::fmt;

use crate::fault::{Code, Fault};

/// An error of sealing or opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// The cipher or the system's randomness failed.
    Cipher,
    /// The body is larger than [`MAX_BODY`](super::MAX_BODY) and can never be sealed.
    TooLarge,
    /// The first byte names another format.
    Version,
    /// The bytes are too short to be sealed bytes.
    TooShort,
    /// Wrong key, wrong place or changed bytes. These cannot be told apart.
    Refused,
    /// Authentic, but not padded as this format requires.
    Padding,
    /// zstd failed, or would unpack more than [`MAX_BODY`](super::MAX_BODY).
    Compression,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cipher => "the cipher failed",
            Self::TooLarge => "the body is too large to be sealed",
            Self::Version => "sealed in another format",
            Self::TooShort => "too short to have been sealed",
            Self::Refused => "wrong key, wrong place or changed bytes",
            Self::Padding => "not padded as the format says",
            Self::Compression => "the body cannot be compressed or decompressed",
        })
    }
}

impl std::error::Error for SealError {}

/// A body that is too large stays too large, and bytes that do not open will never open, so these are permanent. The other errors
/// mean that the system lacks randomness or memory. A caller that opens a body may know better what a failure means.
impl From<SealError> for Fault {
    fn from(error: SealError) -> Self {
        let fault = match error {
            SealError::TooLarge => Self::of(Code::SealTooLarge),
            SealError::Cipher | SealError::Compression => Self::of(Code::SealFailed),
            SealError::Version | SealError::TooShort | SealError::Refused | SealError::Padding => {
                Self::of(Code::SealUnreadable)
            }
        };
        fault.with_detail(error.to_string())
    }
}
