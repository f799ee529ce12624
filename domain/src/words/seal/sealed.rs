//! Bytes to sealed bytes and back.

use std::fmt;

use aws_lc_rs::rand;
use zeroize::Zeroize;

use super::{
    error::SealError,
    keys::SealingKey,
    pack::{Packer, Unpacker},
    place::Place,
    xaes::{NONCE, TAG},
};

/// The first byte of what is sealed now.
const VERSION: u8 = 2;
/// The first byte of what was sealed before bodies were compressed with a dictionary (November 2026). It opens still.
const WITHOUT_DICTIONARY: u8 = 1;
/// Compressed bodies are padded to a multiple of this, so that lengths tell less.
const BLOCK: usize = 64;
/// Ends the body, before the zeros that fill the block (ISO/IEC 7816-4).
const END: u8 = 0x80;
/// The largest body that is opened: what a page of a CRM can be, and a bound for what a forged length can cost.
pub const MAX_BODY: usize = 64 * 1024 * 1024;
/// Nonces drawn at a time: a call of its own costs 0.36 us, a call for 32 costs 0.41 us (November 2026).
const NONCES: usize = 32;
/// What stands before the encrypted body.
const HEAD: usize = 1 + NONCE;

/// Encrypted, authenticated bytes. Only [`Sealer::seal`] makes them from plaintext.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Bytes that the store had. Whether they are genuine shows when they are opened.
    pub fn from_stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to store.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Seals under one key; keeps its buffers, so one per slice.
///
/// It holds random bytes for later nonces: it must neither be copied nor live in an image of the process that is started
/// more than once (Lambda's SnapStart), or two bodies would be sealed under one nonce. Made within an invocation, it is
/// in none.
pub struct Sealer {
    key: SealingKey,
    packer: Packer,
    packed: Vec<u8>,
    associated: Vec<u8>,
    nonces: [u8; NONCE * NONCES],
    nonces_used: usize,
}

impl Sealer {
    /// A sealer that compresses with zstd's `level`; what is small, with the dictionary's own.
    ///
    /// # Errors
    /// When zstd cannot be set up.
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
    /// [`SealError::TooLarge`] for a body larger than [`MAX_BODY`]; others when the system has no randomness or memory
    /// left.
    pub fn seal(&mut self, place: &Place<'_>, body: &[u8]) -> Result<Sealed, SealError> {
        if body.len() > MAX_BODY {
            return Err(SealError::TooLarge);
        }
        self.packer.pack(body, &mut self.packed)?;
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

/// Opens under one key; keeps its buffers.
pub struct Opener {
    key: SealingKey,
    unpacker: Unpacker,
    associated: Vec<u8>,
    text: Vec<u8>,
}

impl Opener {
    /// An opener.
    ///
    /// # Errors
    /// When zstd cannot be set up.
    pub fn new(key: &SealingKey) -> Result<Self, SealError> {
        Ok(Self {
            key: key.clone(),
            unpacker: Unpacker::new()?,
            associated: Vec::new(),
            text: Vec::new(),
        })
    }

    /// The body that was sealed for `place`.
    ///
    /// # Errors
    /// [`SealError::Refused`] for a wrong key, a wrong place or changed bytes; [`SealError::Version`] and
    /// [`SealError::TooShort`] for bytes that are something else. What comes later can only be an error of whoever sealed.
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

/// The associated data: the format's version, so that a later format cannot be passed off as this one, and the place.
fn associate(version: u8, place: &Place<'_>, into: &mut Vec<u8>) {
    into.clear();
    into.push(version);
    place.append(into);
}

/// The body before its padding. One body has one padding: whole blocks, of which the last holds the end.
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
