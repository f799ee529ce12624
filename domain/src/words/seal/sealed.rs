//! Bytes to sealed bytes and back.

use std::fmt;

use aws_lc_rs::rand;
use zeroize::Zeroize;

use super::{
    error::SealError,
    keys::SealingKey,
    noise,
    pack::{Packer, Unpacker},
    place::Place,
    xaes::{NONCE, TAG},
};

/// The first byte of the current format.
const VERSION: u8 = 2;
/// The first byte of the format before bodies were compressed with a dictionary (November 2026). It can still be opened.
const WITHOUT_DICTIONARY: u8 = 1;
/// Compressed bodies are padded to a multiple of this, so that lengths reveal less.
const BLOCK: usize = 64;
/// The byte after the body, before the zeros that fill the block (ISO/IEC 7816-4).
const END: u8 = 0x80;
/// The largest body that is opened. It fits a page of any CRM, and limits the cost of a forged length.
pub const MAX_BODY: usize = 64 * 1024 * 1024;
/// Nonces drawn at a time. One draw of a single nonce costs 0.36 us, one draw of 32 costs 0.41 us (November 2026).
const NONCES: usize = 32;
/// The length of the part before the encrypted body.
const HEAD: usize = 1 + NONCE;

impl SealingKey {
    /// Seals one body. For several, one [`Sealer`] is cheaper, because it keeps its buffers.
    ///
    /// # Errors
    /// As for [`Sealer::seal`].
    pub fn seal(&self, place: &Place<'_>, body: &[u8]) -> Result<Sealed, SealError> {
        Sealer::new(self, 1)?.seal(place, body)
    }

    /// Opens one body. For several, one [`Opener`] is cheaper.
    ///
    /// # Errors
    /// As for [`Opener::open`].
    pub fn open(&self, place: &Place<'_>, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
        Opener::new(self)?.open(place, sealed)
    }
}

/// Encrypted, authenticated bytes. Only [`Sealer::seal`] makes them from plaintext.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Wraps bytes from the store. Opening them shows whether they are authentic.
    pub fn from_stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Returns the bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the bytes to store.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Seals under one key. It keeps its buffers, so a slice should use one.
///
/// It holds random bytes for later nonces. So it must not be copied, and must not be part of a process image that is started more
/// than once (Lambda's SnapStart), because two bodies would then be sealed under one nonce. A sealer made within an invocation is
/// part of no image.
pub struct Sealer {
    key: SealingKey,
    packer: Packer,
    packed: Vec<u8>,
    associated: Vec<u8>,
    nonces: [u8; NONCE * NONCES],
    nonces_used: usize,
}

impl Sealer {
    /// Creates a sealer that compresses large bodies with zstd's `level`, and small bodies with the dictionary's own.
    ///
    /// # Errors
    /// If zstd cannot be set up.
    pub fn new(key: &SealingKey, level: i32) -> Result<Self, SealError> {
        Ok(Self {
            key: key.clone(),
            packer: Packer::new(level)?,
            packed: Vec::new(),
            associated: Vec::new(),
            nonces: [0; NONCE * NONCES],
            nonces_used: NONCES,
        })
    }

    /// Compresses, pads and encrypts `body` for `place`.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] if the body is larger than [`MAX_BODY`]. Other errors if the system lacks randomness or memory.
    pub fn seal(&mut self, place: &Place<'_>, body: &[u8]) -> Result<Sealed, SealError> {
        if body.len() > MAX_BODY {
            return Err(SealError::TooLarge);
        }
        self.packer.pack(body, &mut self.packed)?;
        noise::append(place.room(), &mut self.packed)?;
        let padded = (self.packed.len() + 1).next_multiple_of(BLOCK);
        let nonce = self.nonce()?;
        associate(VERSION, place, &mut self.associated);

        let mut sealed = Vec::with_capacity(HEAD + padded + TAG);
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&self.packed);
        sealed.push(END);
        sealed.resize(HEAD + padded, 0);
        let tag = self
            .key
            .0
            .seal(&nonce, &self.associated, &mut sealed[HEAD..])?;
        sealed.extend_from_slice(&tag);
        Ok(Sealed(sealed))
    }

    fn nonce(&mut self) -> Result<[u8; NONCE], SealError> {
        if self.nonces_used == NONCES {
            rand::fill(&mut self.nonces).map_err(|_| SealError::Cipher)?;
            self.nonces_used = 0;
        }
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&self.nonces[self.nonces_used * NONCE..][..NONCE]);
        self.nonces_used += 1;
        Ok(nonce)
    }
}

impl Drop for Sealer {
    fn drop(&mut self) {
        self.packed.zeroize();
    }
}

/// Opens under one key, and keeps its buffers.
pub struct Opener {
    key: SealingKey,
    unpacker: Unpacker,
    associated: Vec<u8>,
    text: Vec<u8>,
}

impl Opener {
    /// Creates an opener.
    ///
    /// # Errors
    /// If zstd cannot be set up.
    pub fn new(key: &SealingKey) -> Result<Self, SealError> {
        Ok(Self {
            key: key.clone(),
            unpacker: Unpacker::new()?,
            associated: Vec::new(),
            text: Vec::new(),
        })
    }

    /// Returns the body that was sealed for `place`.
    ///
    /// # Errors
    /// [`SealError::Refused`] for a wrong key, a wrong place or changed bytes. [`SealError::Version`] or [`SealError::TooShort`] if
    /// the bytes are not sealed bytes of a known format. Any other error means that the sealer made a mistake.
    pub fn open(&mut self, place: &Place<'_>, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
        let (&version, rest) = sealed.0.split_first().ok_or(SealError::TooShort)?;
        if version != VERSION && version != WITHOUT_DICTIONARY {
            return Err(SealError::Version);
        }
        let (nonce, text) = rest.split_first_chunk().ok_or(SealError::TooShort)?;
        if text.len() < BLOCK + TAG {
            return Err(SealError::TooShort);
        }
        associate(version, place, &mut self.associated);
        self.text.clear();
        self.text.extend_from_slice(text);
        let padded = self.key.0.open(nonce, &self.associated, &mut self.text)?;
        self.unpacker.unpack(unpad(padded)?, MAX_BODY)
    }
}

impl Drop for Opener {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

/// Writes the associated data: the format's version, so that a later format cannot be passed off as this one, and the place.
fn associate(version: u8, place: &Place<'_>, into: &mut Vec<u8>) {
    into.clear();
    into.push(version);
    place.append(into);
}

/// Returns the body without its padding. The padding of a body is unique: it fills whole blocks, and the last block holds the end
/// byte.
fn unpad(padded: &[u8]) -> Result<&[u8], SealError> {
    let last_block = padded.len().saturating_sub(BLOCK);
    match padded.iter().rposition(|&byte| byte != 0) {
        Some(end)
            if padded[end] == END && end >= last_block && padded.len().is_multiple_of(BLOCK) =>
        {
            Ok(&padded[..end])
        }
        _ => Err(SealError::Padding),
    }
}
