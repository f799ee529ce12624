//! Why something could not be sealed or opened.

use std::fmt;

use crate::fault::{Code, Fault};

/// Why something could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// The cipher or the system's randomness failed.
    Cipher,
    /// The body is larger than [`MAX_BODY`](super::MAX_BODY): it can never be sealed.
    TooLarge,
    /// The first byte is of another format.
    Version,
    /// Too short to have been sealed.
    TooShort,
    /// Wrong key, wrong place or changed bytes: which of them cannot be told.
    Refused,
    /// Genuine, but not padded as this format pads.
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

/// A body too large stays too large, and what does not open stays shut; otherwise the system has no randomness or memory left.
/// What a body that does not open means, whoever opens it knows better.
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
